#include "cli/network.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/common.h"
#include "exec/signals.h"
#include "http/curl_client.h"
#include "http/waiter.h"

namespace ebb::cli {
namespace {

base::Expected<std::optional<time::Duration>> milliseconds_of(const Context& context, const char* variable) {
  const auto text = context.environment(variable);
  if (!text || text->empty()) return std::optional<time::Duration>();
  const auto number = base::parse_number(*text);
  if (!number || *number < 0 || *number > 1e7) {
    return base::usage_error(fmt::format("${}: {} is no number of milliseconds", variable, base::in_quotes(*text)));
  }
  return std::optional(time::from_seconds(*number / 1e3));
}

http::CurlClient::Settings client_settings(const Context& context, std::function<bool()> stopped) {
  http::CurlClient::Settings settings;
  settings.user_agent = "ebb/" EBB_VERSION;
  settings.library = context.environment("EBB_CURL_LIBRARY").value_or("");
  settings.ca_file = context.environment("SSL_CERT_FILE").value_or("");
  settings.stopped = std::move(stopped);
  return settings;
}

class RealNetwork final : public Network {
 public:
  RealNetwork(const Context& context, exec::SignalInbox inbox, providers::SecretSource secrets,
              http::Patient::Settings settings)
      : context_(context),
        inbox_(std::move(inbox)),
        secrets_(std::move(secrets)),
        client_(client_settings(context, [this] { return stopped(); })),
        waiter_(context.clock, [this] { return stopped(); }),
        patient_(client_, waiter_, context.clock, std::move(settings)) {}

  http::Patient& http() override { return patient_; }
  [[nodiscard]] const providers::SecretSource& secrets() const override { return secrets_; }
  bool stopped() override {
    while (const auto signal = inbox_.next()) {
      if (signal->signal == SIGINT || signal->signal == SIGTERM || signal->signal == SIGHUP ||
          signal->signal == SIGQUIT) {
        stop_signal_ = signal->signal;
      }
      if (signal->signal == SIGTSTP) inbox_.stop_self(SIGTSTP);
    }
    return stop_signal_ != 0;
  }
  [[nodiscard]] int stop_signal() const override { return stop_signal_; }
  [[nodiscard]] providers::Ports ports() override { return {patient_, context_.clock, context_.environment, secrets_}; }

 private:
  const Context& context_;
  exec::SignalInbox inbox_;
  int stop_signal_ = 0;
  providers::SecretSource secrets_;
  http::CurlClient client_;
  http::RealWaiter waiter_;
  http::Patient patient_;
};

}  // namespace

base::Expected<std::unique_ptr<Network>> Network::open(const Arguments& arguments, const Context& context) {
  http::Patient::Settings settings;
  EBB_TRY(const auto base, milliseconds_of(context, "EBB_HTTP_BACKOFF_MS"));
  if (base) settings.retry.base = *base;
  EBB_TRY(settings.total_limit, milliseconds_of(context, "EBB_HTTP_TIMEOUT_MS"));
  settings.seed = context.random ? context.random() : 1;
  if (!arguments.has("--quiet")) {
    settings.note = [&context](const std::string& note) {
      context.err(fmt::format("{}{}\n", context.err_is_terminal ? "\r\033[K" : "", note));
    };
  }
  EBB_TRY(auto inbox, exec::SignalInbox::open());
  return std::unique_ptr<Network>(
      new RealNetwork(context, std::move(inbox), secret_source(arguments, context), std::move(settings)));
}

providers::SecretSource secret_source(const Arguments& arguments, const Context& context) {
  const auto folder = data_folder(arguments, context);
  return {context.environment, providers::credentials_files(folder ? *folder : "", context.environment)};
}

}  // namespace ebb::cli
