#include "keeper/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "exec/kernel_file.h"

namespace ebb::keeper {
namespace {

using exec::Descriptor;
using exec::system_reason;

base::Status write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return base::service_error(system_reason("cannot write", errno));
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return base::Done{};
}

base::Status make_parent(const std::string& parent) {
  std::error_code code;
  const bool made = std::filesystem::create_directories(parent, code);
  if (code) return base::service_error(fmt::format("{}: cannot make the folder: {}", parent, code.message()));
  if (made) ::chmod(parent.c_str(), ::geteuid() == 0 ? 0711 : 0700);
  struct stat info {};
  if (::stat(parent.c_str(), &info) != 0) return base::service_error(system_reason(parent, errno));
  const bool open = (info.st_mode & 022U) != 0 && (info.st_mode & S_ISVTX) == 0;
  if ((info.st_uid != ::geteuid() && info.st_uid != 0) || open) {
    return base::service_error(
        fmt::format("{}: others can replace what lies in it: it must be of user {}, mode 711", parent, ::geteuid()));
  }
  return base::Done{};
}

}  // namespace

std::string attempt_file(int attempt, std::string_view kind) { return fmt::format("attempt-{}.{}", attempt, kind); }

base::Expected<Folder> Folder::open(const std::string& path, std::optional<uid_t> owner) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd && errno == ENOENT) return base::no_data(path + ": there is no such folder");
  if (!fd) return base::service_error(system_reason(path, errno));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return base::service_error(system_reason(path, errno));
  if (owner && info.st_uid != *owner) {
    return base::service_error(fmt::format("{}: belongs to user {}, not to {}", path, info.st_uid, *owner));
  }
  if ((info.st_mode & 077U) != 0) return base::service_error(path + ": is open to other users: chmod 700");
  return Folder(path, std::move(fd), info.st_uid);
}

base::Expected<Folder> Folder::make(const std::string& path, uid_t owner, gid_t group) {
  EBB_TRY_DO(make_parent(std::filesystem::path(path).parent_path().string()));
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return base::service_error(system_reason(path, errno));
  if (owner != ::geteuid()) {
    // Still ours: it was made now, or its maker was stopped here.
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat info {};
    const bool ours = fd && ::fstat(fd.get(), &info) == 0 && info.st_uid == ::geteuid();
    if (ours && ::fchown(fd.get(), owner, group) != 0) return base::service_error(system_reason(path, errno));
  }
  return open(path, owner);
}

base::Expected<std::optional<std::string>> Folder::load(const std::string& name, std::size_t most) const {
  const auto where = [&] { return path_ + "/" + name; };
  // A FIFO in its place must not hold us up.
  const Descriptor fd(::openat(fd_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd && errno == ENOENT) return std::optional<std::string>();
  if (!fd) return base::service_error(system_reason(where(), errno));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return base::service_error(system_reason(where(), errno));
  if (!S_ISREG(info.st_mode)) return base::bad_data(where() + ": is no plain file");
  if (info.st_uid != owner_ && info.st_uid != ::geteuid()) {
    return base::bad_data(fmt::format("{}: belongs to user {}, not to {}", where(), info.st_uid, owner_));
  }
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size > most) return base::bad_data(fmt::format("{}: {} bytes are too many ({})", where(), size, most));
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const auto got = ::read(fd.get(), bytes.data() + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::service_error(system_reason(where(), errno));
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return std::optional(std::move(bytes));
}

base::Status Folder::write(const std::string& name, std::string_view bytes, bool durable) const {
  const auto failed = [&](const std::string& why) { return base::service_error(path_ + "/" + name + ": " + why); };
  const std::string temporary = fmt::format(".{}.{}", name, ::getpid());
  ::unlinkat(fd_.get(), temporary.c_str(), 0);
  {
    const Descriptor fd(
        ::openat(fd_.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd) return failed(system_reason("cannot be made", errno));
    if (const auto written = write_all(fd.get(), bytes); !written) return failed(written.error().message);
    if (owner_ != ::geteuid() && ::fchown(fd.get(), owner_, static_cast<gid_t>(-1)) != 0) {
      return failed(system_reason("cannot be given to its user", errno));
    }
    if (durable && ::fsync(fd.get()) != 0) return failed(system_reason("cannot be brought to the disk", errno));
  }
  if (::renameat(fd_.get(), temporary.c_str(), fd_.get(), name.c_str()) != 0) {
    return failed(system_reason("cannot be replaced", errno));
  }
  if (durable) ::fsync(fd_.get());
  return base::Done{};
}

std::string Folder::short_path(const std::string& name) const {
  return fmt::format("/proc/self/fd/{}/{}", fd_.get(), name);
}

}  // namespace ebb::keeper
