#include "exec/runtime_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "exec/descriptor.h"
#include "exec/kernel_file.h"

namespace ebb::exec {
namespace {

/// Ours, a folder, and closed to everybody else; `flags`: O_NOFOLLOW where a link is no answer.
base::Status check_private(const std::string& path, int flags) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags));
  if (!folder) {
    const std::string reason =
        errno == ELOOP || errno == ENOTDIR ? path + ": is no folder, or a link to one" : system_reason(path, errno);
    return base::service_error(reason);
  }
  struct stat info {};
  if (::fstat(folder.get(), &info) != 0) return base::service_error(system_reason(path, errno));
  if (info.st_uid != ::geteuid()) {
    return base::service_error(fmt::format("{}: belongs to user {}, not to us ({})", path, info.st_uid, ::geteuid()));
  }
  if ((info.st_mode & 077U) != 0) {
    return base::service_error(fmt::format("{}: is open to other users: chmod 700 {}", path, path));
  }
  return base::Done{};
}

/// Nobody else can put another folder in our folder's place.
base::Status check_parent(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return base::service_error(system_reason(path, errno));
  const bool is_open = (info.st_mode & 022U) != 0 && (info.st_mode & S_ISVTX) == 0;
  if (is_open) return base::service_error(fmt::format("{}: anybody can replace what lies in it: chmod +t", path));
  return base::Done{};
}

base::Expected<std::string> make_private(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return base::service_error(system_reason(path, errno));
  EBB_TRY_DO(check_private(path, O_NOFOLLOW));
  return path;
}

}  // namespace

base::Expected<std::string> open_runtime_folder(const RuntimeFolderOptions& options) {
  // A job's XDG_RUNTIME_DIR may be that of the machine it was submitted from: only one that is right is used.
  if (options.xdg_runtime_dir && options.xdg_runtime_dir->starts_with('/') &&
      check_private(*options.xdg_runtime_dir, 0).ok()) {
    return make_private(*options.xdg_runtime_dir + "/ebb");
  }
  EBB_TRY_DO(check_parent(options.temporary));
  return make_private(fmt::format("{}/ebb-{}", options.temporary, ::geteuid()));
}

}  // namespace ebb::exec
