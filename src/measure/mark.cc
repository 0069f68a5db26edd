#include "measure/mark.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "base/text.h"

namespace ebb::measure {
namespace {

constexpr int kAnswerWithinMs = 5000;
// A client sends as soon as it is connected: one that does not is not waited for long, the sampling has to go on.
constexpr int kRequestWithinMs = 20;
constexpr int kMostAtOnce = 64;

std::optional<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  std::copy(path.begin(), path.end(), std::begin(address.sun_path));
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how the socket interface is called.
  return reinterpret_cast<const sockaddr*>(&address);
}

std::string reason() { return std::strerror(errno); }

bool readable_within(int fd, int milliseconds) {
  pollfd waiting{fd, POLLIN, 0};
  return ::poll(&waiting, 1, milliseconds) == 1;
}

std::optional<std::string> receive(int fd, int milliseconds) {
  if (!readable_within(fd, milliseconds)) return std::nullopt;
  std::array<char, 512> buffer{};
  const auto got = ::recv(fd, buffer.data(), buffer.size(), 0);
  if (got <= 0) return std::nullopt;
  return std::string(buffer.data(), static_cast<std::size_t>(got));
}

bool is_own_user(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == ::geteuid() || peer.uid == 0);
}

std::string_view verb(MarkAction action) {
  switch (action) {
    case MarkAction::kBegin:
      return "begin";
    case MarkAction::kEnd:
      return "end";
    case MarkAction::kToggle:
      break;
  }
  return "toggle";
}

class Closing {
 public:
  explicit Closing(int fd) : fd_(fd) {}
  Closing(const Closing&) = delete;
  Closing& operator=(const Closing&) = delete;
  ~Closing() { ::close(fd_); }

 private:
  int fd_;
};

}  // namespace

base::Status check_region_name(std::string_view name) {
  const bool printable = std::all_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7f && c != '/';
  });
  if (name.empty() || name.size() > 200 || !printable) {
    return base::usage_error(
        fmt::format("{} is no name of a region: 1 to 200 printable characters without '/'", base::in_quotes(name)));
  }
  return base::Done{};
}

base::Expected<std::string> send_mark(const std::string& socket, MarkAction action, std::string_view name) {
  EBB_TRY_DO(check_region_name(name));
  const auto address = address_of(socket);
  if (!address) return base::usage_error(fmt::format("{}: too long for the path of a socket", base::in_quotes(socket)));
  const int fd = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (fd < 0) return base::service_error("no socket: " + reason());
  const Closing closing(fd);
  if (::connect(fd, generic(*address), sizeof *address) != 0) {
    return base::service_error(
        fmt::format("{}: {}: the run that this mark is for does not listen any more", socket, reason()));
  }
  const std::string request = std::string(verb(action)) + " " + std::string(name);
  if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
    return base::service_error("the mark could not be sent: " + reason());
  }
  const auto answer = receive(fd, kAnswerWithinMs);
  if (!answer) return base::service_error("the run did not answer within 5 s; the mark may be missing in its trace");
  if (answer->starts_with("ok ")) return answer->substr(3);
  return base::usage_error(answer->starts_with("no ") ? answer->substr(3) : *answer);
}

base::Expected<MarkServer> MarkServer::open(const std::string& folder) {
  MarkServer server;
  server.path_ = folder + "/mark.sock";
  auto address = address_of(server.path_);
  if (!address) {
    std::string made = "/tmp/ebb-mark-XXXXXX";
    if (::mkdtemp(made.data()) == nullptr) return base::service_error(made + ": cannot be made: " + reason());
    server.made_folder_ = made;
    server.path_ = made + "/mark.sock";
    address = address_of(server.path_);
  }
  server.fd_ = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (server.fd_ < 0) return base::service_error("no socket: " + reason());
  ::unlink(server.path_.c_str());
  if (::bind(server.fd_, generic(*address), sizeof *address) != 0 || ::listen(server.fd_, kMostAtOnce) != 0) {
    return base::service_error(fmt::format("{}: {}", server.path_, reason()));
  }
  return server;
}

MarkServer::MarkServer(MarkServer&& other) noexcept { *this = std::move(other); }

MarkServer& MarkServer::operator=(MarkServer&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  std::swap(made_folder_, other.made_folder_);
  std::swap(open_, other.open_);
  return *this;
}

MarkServer::~MarkServer() {
  if (fd_ >= 0) {
    ::close(fd_);
    ::unlink(path_.c_str());
  }
  if (!made_folder_.empty()) ::rmdir(made_folder_.c_str());
}

std::string MarkServer::answer(std::string_view request,
                               const std::function<void(trace::Mark::Kind, const std::string&)>& on_edge) {
  const auto blank = request.find(' ');
  if (blank == std::string_view::npos) return "no request that is understood";
  const auto word = request.substr(0, blank);
  const std::string name(request.substr(blank + 1));
  if (const auto fine = check_region_name(name); !fine) return "no " + fine.error().message;
  const auto is_open = std::find(open_.rbegin(), open_.rend(), name);
  const bool ends = word == "end" || (word == "toggle" && is_open != open_.rend());
  if (!ends) {
    on_edge(trace::Mark::Kind::kBegin, name);
    open_.push_back(name);
    return "ok began " + name;
  }
  if (is_open == open_.rend()) return "no region " + base::in_quotes(name) + " is open";
  on_edge(trace::Mark::Kind::kEnd, name);
  // What is open inside ends with it.
  open_.erase(std::prev(is_open.base()), open_.end());
  return "ok ended " + name;
}

void MarkServer::serve(const std::function<void(trace::Mark::Kind, const std::string&)>& on_edge) {
  for (int served = 0; served < kMostAtOnce; ++served) {
    const int client = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const Closing closing(client);
    if (!is_own_user(client)) continue;
    const auto request = receive(client, kRequestWithinMs);
    if (!request) continue;
    const std::string reply = answer(*request, on_edge);
    ::send(client, reply.data(), reply.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
}

}  // namespace ebb::measure
