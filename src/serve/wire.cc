#include "serve/wire.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ebb::serve {
namespace {

using base::Expected;
using exec::Descriptor;

constexpr double kPatience = 10.0;  // seconds

base::Error failed(const std::string& what) {
  return base::service_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

/// The name of the socket by its folder's descriptor: a path of any length fits.
sockaddr_un address_in(const Descriptor& folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto name = fmt::format("/proc/self/fd/{}/socket", folder.get());
  std::copy(name.begin(), name.end(), address.sun_path);
  return address;
}

Expected<Descriptor> open_folder(const std::string& folder) {
  Descriptor opened(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return failed(folder);
  return opened;
}

}  // namespace

Expected<Listener> Listener::open(const std::string& folder, bool for_everybody) {
  EBB_TRY(const auto place, open_folder(folder));
  Listener listener;
  listener.listening_ = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener.listening_) return failed("socket");
  const auto address = address_in(place);
  if (::unlinkat(place.get(), "socket", 0) != 0 && errno != ENOENT) return failed(folder + "/socket");
  const auto mask = ::umask(for_everybody ? 0111 : 0177);
  const bool bound =
      ::bind(listener.listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::umask(mask);
  if (!bound) return failed(folder + "/socket");
  if (::listen(listener.listening_.get(), 64) != 0) return failed(folder + "/socket");
  return listener;
}

std::vector<std::pair<int, short>> Listener::waits() const {
  std::vector<std::pair<int, short>> all;
  if (connections_.size() < kMostConnections) all.emplace_back(listening_.get(), POLLIN);
  for (const auto& one : connections_) all.emplace_back(one.socket.get(), one.answered ? POLLOUT : POLLIN);
  return all;
}

void Listener::take(double now) {
  while (connections_.size() < kMostConnections) {
    Descriptor socket(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) return;
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) continue;
    Connection connection;
    connection.socket = std::move(socket);
    connection.peer = {who.uid, who.gid, who.pid};
    connection.since = now;
    connections_.push_back(std::move(connection));
  }
}

bool Listener::go_on(Connection& connection, const Answer& answer) {
  char buffer[65536];
  while (!connection.answered) {
    const auto got = ::recv(connection.socket.get(), buffer, sizeof buffer, 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    connection.in.append(buffer, static_cast<std::size_t>(got));
    if (connection.in.size() > kLongestQuestion) return false;
    if (const auto end = connection.in.find('\n'); end != std::string::npos) {
      connection.out = answer(connection.peer, std::string_view(connection.in).substr(0, end)) + "\n";
      connection.answered = true;
      connection.in.clear();
    }
  }
  while (connection.written < connection.out.size()) {
    const auto put = ::send(connection.socket.get(), connection.out.data() + connection.written,
                            connection.out.size() - connection.written, MSG_NOSIGNAL);
    if (put < 0) return errno == EAGAIN || errno == EINTR;
    connection.written += static_cast<std::size_t>(put);
  }
  return false;
}

void Listener::serve(const Answer& answer, double now) {
  take(now);
  std::erase_if(connections_, [&](Connection& one) { return !go_on(one, answer) || now - one.since > kPatience; });
}

Expected<std::string> ask(const std::string& folder, std::string_view question, int timeout_seconds) {
  const auto nobody = [&] {
    return base::service_error(
        fmt::format("no ebb serve has the queue in {}: start one (ebb serve), or name another (--queue DIR)", folder));
  };
  const Descriptor place(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!place) return nobody();
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return failed("socket");
  const timeval patience{timeout_seconds, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const auto address = address_in(place);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == EACCES) return failed(folder + "/socket: it is another user's");
    return nobody();
  }
  const std::string line = std::string(question) + "\n";
  for (std::size_t sent = 0; sent < line.size();) {
    const auto put = ::send(socket.get(), line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed(folder + "/socket");
    sent += static_cast<std::size_t>(put);
  }
  std::string answer;
  char buffer[65536];
  for (;;) {
    const auto got = ::recv(socket.get(), buffer, sizeof buffer, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return base::service_error(fmt::format("{}/socket: no answer within {} s", folder, timeout_seconds));
    }
    if (got == 0) break;
    answer.append(buffer, static_cast<std::size_t>(got));
  }
  if (!answer.ends_with('\n')) {
    return base::service_error(folder + "/socket: the daemon ended in the middle of its answer; ask again");
  }
  answer.pop_back();
  return answer;
}

}  // namespace ebb::serve
