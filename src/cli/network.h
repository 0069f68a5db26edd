#pragma once

#include <memory>
#include <string>

#include "base/expected.h"
#include "cli/command.h"
#include "http/patient.h"
#include "providers/open.h"
#include "providers/secrets.h"

namespace ebb::cli {

/// What commands that ask web services share: the client, its patience, the
/// secrets, and Ctrl-C.
///
/// While it lives, SIGINT, SIGTERM and SIGHUP only set stopped(): a request in
/// flight is given up, what is being kept is kept whole. Tests and odd networks
/// set $EBB_HTTP_TIMEOUT_MS (of a request) and $EBB_HTTP_BACKOFF_MS (the first
/// wait before a request is sent again). Thread safety: none.
class Network {
 public:
  static base::Expected<std::unique_ptr<Network>> open(const Arguments& arguments, const Context& context);
  virtual ~Network() = default;

  [[nodiscard]] virtual http::Patient& http() = 0;
  [[nodiscard]] virtual const providers::SecretSource& secrets() const = 0;
  /// Whether the user wants to stop.
  virtual bool stopped() = 0;
  /// The signal that said so; 0: none.
  [[nodiscard]] virtual int stop_signal() const = 0;
  [[nodiscard]] virtual providers::Ports ports() = 0;
};

/// Where secrets are looked for (providers/secrets.h).
providers::SecretSource secret_source(const Arguments& arguments, const Context& context);

}  // namespace ebb::cli
