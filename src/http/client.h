#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "time/instant.h"

namespace ebb::http {

struct Header {
  std::string name;
  std::string value;
};

/// A GET.
struct Request {
  std::string url;  ///< http or https, with its query
  std::vector<Header> headers;
  /// Every secret that is in `url` or `headers`, as text: never printed, never sent to another origin, never sent
  /// unencrypted but to this machine.
  std::vector<std::string> secrets;
  time::Duration connect_limit = std::chrono::seconds(15);
  time::Duration total_limit = std::chrono::minutes(2);
  std::size_t most_bytes = std::size_t{64} << 20;  ///< of the body, decompressed
};

/// Why there is no whole answer.
enum class Fault {
  kNone,
  kNoLibrary,    ///< libcurl is not on this machine
  kUnreachable,  ///< no such host, no route, connection refused
  kSlow,         ///< a limit of the request has passed
  kCut,          ///< the connection ended before the answer did
  kTooLarge,
  kUntrusted,  ///< the certificate is not to be trusted
  kStopped,    ///< the user wants to stop
  kRefused,    ///< this program does not send that: see `why`
};

/// What came back. A status such as 500 is an answer, not a fault.
struct Answer {
  Fault fault = Fault::kNone;
  std::string why;  ///< of a fault, for a person; never holds the query or a header of the request
  int status = 0;
  std::vector<Header> headers;
  std::string body;

  /// The value of the first header of that name, whatever the case; empty where there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  [[nodiscard]] bool is_whole() const { return fault == Fault::kNone; }
};

/// One HTTP exchange: no retry, no redirect followed. Thread safety: none.
class Client {
 public:
  virtual ~Client() = default;
  virtual Answer get(const Request& request) = 0;
};

/// The answer of a request that was not sent.
Answer not_sent(Fault fault, std::string why);

/// Whether a body is a page for people, by its content type or its first character: never parsed as data.
bool is_html(const Answer& answer);

/// The beginning of the body as one line for a message, at most 160 characters: its `message` or `error` text where it
/// is JSON with one, "an HTML page" where it is one. Secrets of the request are replaced by "***".
std::string said(const Answer& answer, const Request& request);

}  // namespace ebb::http
