#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

namespace ebb::base {
namespace {

/// A file descriptor that is closed when it goes out of scope.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

std::string reason() { return std::strerror(errno); }

/// Tells when the text seen so far holds a line longer than allowed, chunk by chunk.
class LineLengthGuard {
 public:
  bool accepts(std::string_view chunk) {
    const auto last = chunk.rfind('\n');
    if (last == std::string_view::npos) {
      open_ += chunk.size();
    } else {
      const auto first = chunk.find('\n');
      if (open_ + first > kLongestLine) return false;
      open_ = chunk.size() - last - 1;
    }
    return open_ <= kLongestLine;
  }

 private:
  std::size_t open_ = 0;
};

Error long_line(const std::string& path) {
  return bad_data(fmt::format("{}: a line is longer than {} bytes: this is no text table", path, kLongestLine));
}

Expected<FileBytes> read_gzip(const std::string& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(::gzopen(path.c_str(), "rb"), ::gzclose);
  if (!file) return bad_data(fmt::format("{}: cannot open: {}", path, reason()));
  ::gzbuffer(file.get(), 1U << 17);
  std::string text;
  std::string chunk(std::size_t{1} << 18, '\0');
  LineLengthGuard guard;
  for (;;) {
    const int got = ::gzread(file.get(), chunk.data(), static_cast<unsigned>(chunk.size()));
    if (got < 0) {
      int code = 0;
      return bad_data(fmt::format("{}: broken gzip data: {}", path, ::gzerror(file.get(), &code)));
    }
    if (got == 0) break;
    const std::string_view piece(chunk.data(), static_cast<std::size_t>(got));
    if (!guard.accepts(piece)) return long_line(path);
    text.append(piece);
  }
  int code = 0;
  const char* message = ::gzerror(file.get(), &code);
  if (code != Z_OK && code != Z_STREAM_END) return bad_data(fmt::format("{}: broken gzip data: {}", path, message));
  return FileBytes(std::move(text));
}

Expected<FileBytes> read_stream(const std::string& path, int fd) {
  std::string text;
  std::string chunk(std::size_t{1} << 16, '\0');
  LineLengthGuard guard;
  for (;;) {
    const auto got = ::read(fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return bad_data(fmt::format("{}: cannot read: {}", path, reason()));
    if (got == 0) return FileBytes(std::move(text));
    const std::string_view piece(chunk.data(), static_cast<std::size_t>(got));
    if (!guard.accepts(piece)) return long_line(path);
    text.append(piece);
  }
}

}  // namespace

FileBytes::FileBytes(FileBytes&& other) noexcept
    : owned_(std::move(other.owned_)),
      mapped_(std::exchange(other.mapped_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

FileBytes& FileBytes::operator=(FileBytes&& other) noexcept {
  std::swap(owned_, other.owned_);
  std::swap(mapped_, other.mapped_);
  std::swap(size_, other.size_);
  return *this;
}

FileBytes::~FileBytes() {
  if (mapped_ != nullptr) ::munmap(const_cast<char*>(mapped_), size_);
}

Expected<FileBytes> load_text_file(const std::string& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return bad_data(fmt::format("{}: cannot open: {}", path, reason()));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return bad_data(fmt::format("{}: cannot stat: {}", path, reason()));
  if (S_ISDIR(info.st_mode)) return bad_data(fmt::format("{}: is a folder, not a file", path));
  if (!S_ISREG(info.st_mode)) return read_stream(path, fd.get());
  if (info.st_size == 0) return FileBytes(std::string());
  unsigned char magic[2] = {0, 0};
  if (::pread(fd.get(), magic, 2, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b) return read_gzip(path);
  const auto size = static_cast<std::size_t>(info.st_size);
  void* memory =
      ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE * (size < (std::size_t{256} << 20)), fd.get(), 0);
  if (memory == MAP_FAILED) return bad_data(fmt::format("{}: cannot map: {}", path, reason()));
  return FileBytes(static_cast<const char*>(memory), size);
}

Status write_file(const std::string& path, std::string_view bytes) {
  const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  {
    const Descriptor fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (fd.get() < 0) return service_error(fmt::format("{}: cannot create: {}", path, reason()));
    while (!bytes.empty()) {
      const auto put = ::write(fd.get(), bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) {
        const Error error = service_error(fmt::format("{}: cannot write: {}", path, reason()));
        ::unlink(temporary.c_str());
        return error;
      }
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = service_error(fmt::format("{}: cannot replace: {}", path, reason()));
    ::unlink(temporary.c_str());
    return error;
  }
  return Done{};
}

Status append_to_file(const std::string& path, std::string_view bytes) {
  const Descriptor fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (fd.get() < 0) return service_error(fmt::format("{}: cannot open to add to it: {}", path, reason()));
  while (!bytes.empty()) {
    const auto put = ::write(fd.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return service_error(fmt::format("{}: cannot write: {}", path, reason()));
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return Done{};
}

Status make_folder(const std::string& path) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code) return service_error(fmt::format("{}: cannot make the folder: {}", path, code.message()));
  return Done{};
}

}  // namespace ebb::base
