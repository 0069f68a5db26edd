#include "keeper/door.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "exec/kernel_file.h"

namespace ebb::keeper {
namespace {

using exec::Descriptor;
using exec::system_reason;

// A client speaks as soon as it is connected; the job's sampling has to go on.
constexpr int kRequestWithinMs = 20;
constexpr int kMostAtOnce = 64;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy_n(path.begin(), std::min(path.size(), sizeof address.sun_path - 1), std::begin(address.sun_path));
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how the socket interface is called.
  return reinterpret_cast<const sockaddr*>(&address);
}

std::optional<uid_t> peer_of(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return peer.uid;
}

/// kNoData: it hung up. kService: it said nothing in time.
base::Expected<std::string> receive(int fd, int within_ms) {
  pollfd waiting{fd, POLLIN, 0};
  if (::poll(&waiting, 1, within_ms) != 1) return base::service_error(fmt::format("no answer within {} ms", within_ms));
  std::array<char, 4096> buffer{};
  const auto got = ::recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got <= 0) return base::no_data("it hung up");
  return std::string(buffer.data(), static_cast<std::size_t>(got));
}

}  // namespace

base::Expected<Door> Door::open(const Folder& folder, const std::string& name) {
  Descriptor fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return base::service_error(system_reason("no socket", errno));
  ::unlinkat(folder.fd(), name.c_str(), 0);
  const auto address = address_of(folder.short_path(name));
  if (::bind(fd.get(), generic(address), sizeof address) != 0 || ::listen(fd.get(), kMostAtOnce) != 0) {
    return base::service_error(system_reason(folder.path() + "/" + name, errno));
  }
  ::fchmodat(folder.fd(), name.c_str(), 0600, 0);
  return Door(std::move(fd));
}

void Door::serve(const std::function<std::string(std::string_view)>& answer) {
  for (int served = 0; served < kMostAtOnce; ++served) {
    const Descriptor client(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) return;
    const auto peer = peer_of(client.get());
    if (!peer || (*peer != ::geteuid() && *peer != 0)) continue;
    const auto request = receive(client.get(), kRequestWithinMs);
    if (!request) continue;
    const std::string reply = answer(*request);
    ::send(client.get(), reply.data(), reply.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
}

base::Expected<std::string> say_at_door(const Folder& folder, const std::string& name, std::string_view word,
                                        int within_ms) {
  const auto where = folder.path() + "/" + name;
  struct stat info {};
  if (::fstatat(folder.fd(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISSOCK(info.st_mode)) {
    return base::no_data(where + ": nobody listens there");
  }
  // Not blocking: a full queue of a keeper that hangs must not hold us up.
  const Descriptor fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return base::service_error(system_reason("no socket", errno));
  const auto address = address_of(folder.short_path(name));
  if (::connect(fd.get(), generic(address), sizeof address) != 0) {
    if (errno == ECONNREFUSED || errno == ENOENT) return base::no_data(where + ": nobody listens there");
    return base::service_error(system_reason(where, errno));
  }
  // What listens there is the job's user's, not something that he led us to by a link.
  if (peer_of(fd.get()) != folder.owner()) {
    return base::service_error(fmt::format("{}: who listens there is not user {}", where, folder.owner()));
  }
  if (::send(fd.get(), word.data(), word.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(word.size())) {
    const bool gone = errno == EPIPE || errno == ECONNRESET;
    return gone ? base::no_data(where + ": it hung up") : base::service_error(system_reason(where, errno));
  }
  auto answer = receive(fd.get(), within_ms);
  return answer ? answer : answer.error().in(where);
}

}  // namespace ebb::keeper
