#include "keeper/claim.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "exec/kernel_file.h"

namespace ebb::keeper {
namespace {

using exec::Descriptor;
using exec::system_reason;

struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

bool is_plain_file(int fd) {
  struct stat info {};
  return ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

}  // namespace

base::Expected<Claimed> claim_of(const Folder& folder, int attempt) {
  const auto name = attempt_file(attempt, "claim");
  const Descriptor fd(::openat(folder.fd(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!fd && errno == ENOENT) return Claimed::kNever;
  if (!fd) return base::service_error(system_reason(folder.path() + "/" + name, errno));
  auto lock = whole_file(F_RDLCK);
  if (::fcntl(fd.get(), F_OFD_GETLK, &lock) != 0) {
    return base::service_error(system_reason(folder.path() + "/" + name, errno));
  }
  return lock.l_type == F_UNLCK ? Claimed::kLeft : Claimed::kHeld;
}

base::Expected<std::optional<Descriptor>> take_claim(const Folder& folder, int attempt) {
  const auto name = attempt_file(attempt, "claim");
  const auto where = folder.path() + "/" + name;
  Descriptor fd(::openat(folder.fd(), name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600));
  if (!fd) return base::service_error(system_reason(where, errno));
  if (!is_plain_file(fd.get())) return base::service_error(where + ": is no plain file");
  if (folder.owner() != ::geteuid()) {
    [[maybe_unused]] const auto given = ::fchown(fd.get(), folder.owner(), static_cast<gid_t>(-1));
  }
  auto lock = whole_file(F_WRLCK);
  if (::fcntl(fd.get(), F_OFD_SETLK, &lock) == 0) return std::optional(std::move(fd));
  if (errno == EAGAIN || errno == EACCES) return std::optional<Descriptor>();
  return base::service_error(system_reason(where, errno));
}

}  // namespace ebb::keeper
