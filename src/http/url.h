#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/expected.h"

namespace ebb::http {

/// The parts of an absolute http or https URL that decide where a request goes.
struct Origin {
  bool encrypted = false;
  std::string host;  ///< lower case; an IPv6 address in its brackets
  int port = 0;

  /// The machine itself: 127.0.0.0/8, ::1, localhost.
  [[nodiscard]] bool is_this_machine() const;
  friend bool operator==(const Origin&, const Origin&) = default;
};

/// kUsage where the text is no such URL: another scheme, no host, a bad port, a control character, or a user and
/// password in it (secrets come from the environment or a file, docs/providers.md).
base::Expected<Origin> origin_of(std::string_view url);

/// Percent-encoded for a query or a path: all but letters, digits and -._~
std::string escaped(std::string_view text);

/// `base?name=value&...`; names and values are escaped. `base` may have a query already.
std::string with_query(std::string base, const std::vector<std::pair<std::string, std::string>>& pairs);

/// For messages: scheme, host and path; a query is shown as "?...", a user and password not at all.
std::string shown(std::string_view url);

/// The text with every secret (also in its percent-encoded form) replaced by "***".
std::string without_secrets(std::string text, const std::vector<std::string>& secrets);

/// Where a redirect leads: `location` may be absolute, `//host/path`, `/path` or relative. Nothing where it is no URL.
std::optional<std::string> resolved(std::string_view url, std::string_view location);

/// Standard alphabet with padding (RFC 4648), for Basic authentication.
std::string base64(std::string_view bytes);

}  // namespace ebb::http
