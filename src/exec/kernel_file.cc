#include "exec/kernel_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "exec/descriptor.h"

namespace ebb::exec {

std::string system_reason(const std::string& what, int error_number) {
  return fmt::format("{}: {}", what, std::generic_category().message(error_number));
}

base::Expected<std::string> load_kernel_file(const std::string& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return base::service_error(system_reason(path, errno));
  return load_kernel_file(fd.get(), path);
}

base::Expected<std::string> load_kernel_file(int fd, const std::string& path) {
  std::string text(4096, '\0');
  std::size_t size = 0;
  while (size < kLongestKernelFile) {
    if (size == text.size()) text.resize(2 * size);
    const auto got = ::pread(fd, text.data() + size, text.size() - size, static_cast<off_t>(size));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::service_error(system_reason(path, errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

std::string_view read_kernel_file(const std::string& path, std::span<char> buffer) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return fd ? read_kernel_file(fd.get(), buffer) : std::string_view();
}

std::string_view read_kernel_file(int fd, std::span<char> buffer) {
  for (;;) {
    const auto got = ::pread(fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    return {buffer.data(), static_cast<std::size_t>(got < 0 ? 0 : got)};
  }
}

}  // namespace ebb::exec
