#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "exec/descriptor.h"

namespace ebb::serve {

/// One question, one answer, a connection each: a line of text both ways, over a Unix socket (docs/queue.md).
inline constexpr std::size_t kLongestQuestion = std::size_t{16} << 20;
inline constexpr std::size_t kMostConnections = 64;

/// Who is at the other end, as the kernel says it.
struct Peer {
  uid_t uid = 0;
  gid_t gid = 0;
  pid_t pid = 0;
};

/// The daemon's end. Thread safety: none.
class Listener {
 public:
  using Answer = std::function<std::string(const Peer&, std::string_view)>;

  /// Makes FOLDER/socket: for its own user only, or for everybody. One left behind by a daemon that was killed is
  /// replaced: whoever calls this holds the queue's lock. Errors: kService.
  static base::Expected<Listener> open(const std::string& folder, bool for_everybody);
  Listener(Listener&&) noexcept = default;

  /// To wait for, with what: descriptor and poll(2) events.
  [[nodiscard]] std::vector<std::pair<int, short>> waits() const;
  /// Does what can be done without waiting: takes connections, reads, answers, writes. A connection that says nothing
  /// for `seconds` of calls' `steady` is closed.
  void serve(const Answer& answer, double steady_seconds);

 private:
  struct Connection {
    exec::Descriptor socket;
    Peer peer;
    std::string in;
    std::string out;
    std::size_t written = 0;
    bool answered = false;
    double since = 0.0;
  };
  Listener() = default;
  void take(double now);
  /// False: it is over.
  bool go_on(Connection& connection, const Answer& answer);

  exec::Descriptor listening_;
  std::vector<Connection> connections_;
};

/// Asks the daemon of FOLDER. kService where none listens there (with how to start one), or none answers within
/// `timeout_seconds`.
base::Expected<std::string> ask(const std::string& folder, std::string_view question, int timeout_seconds = 10);

}  // namespace ebb::serve
