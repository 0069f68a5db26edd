#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/expected.h"

namespace ebb::exec {

/// Longer answers of the kernel are cut here: hundreds of thousands of process ids fit.
inline constexpr std::size_t kLongestKernelFile = std::size_t{4} << 20;

/// The bytes of a file whose size the kernel does not tell (/proc, cgroups).
///
/// Errors: kService, with the path and the system's reason.
base::Expected<std::string> load_kernel_file(const std::string& path);

/// The same of a file kept open, from its beginning, as it is now. `path` is for the message only.
base::Expected<std::string> load_kernel_file(int fd, const std::string& path);

/// The beginning of a file, by one read into `buffer`: for small ones that are read often, which the kernel writes in
/// one piece. Empty where it cannot be read.
std::string_view read_kernel_file(const std::string& path, std::span<char> buffer);
std::string_view read_kernel_file(int fd, std::span<char> buffer);

/// "cgroup.procs: Permission denied", of the errno given.
std::string system_reason(const std::string& what, int error_number);

}  // namespace ebb::exec
