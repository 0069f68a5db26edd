#include "providers/api.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "http/url.h"
#include "time/text.h"

namespace ebb::providers {
namespace {

bool speaks_of_zone(const std::string& said) {
  std::string low = said;
  for (char& c : low) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::array<std::string_view, 5> words{"zone", "region", "respondent", "coverage", "location"};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return low.find(word) != std::string::npos; });
}

std::string what_next(const http::Answer& answer, int attempts) {
  using http::Fault;
  switch (answer.fault) {
    case Fault::kRefused:
    case Fault::kNoLibrary:
      return "";
    case Fault::kStopped:
      return "; what came before is kept, and the same command goes on from "
             "there";
    case Fault::kTooLarge:
      return "; ask for a shorter time";
    case Fault::kUntrusted:
      return "; check this machine's clock and certificates (SSL_CERT_FILE names "
             "those of a company's proxy)";
    case Fault::kUnreachable:
    case Fault::kSlow:
    case Fault::kCut:
    case Fault::kNone:
      break;
  }
  const std::string tried = attempts > 1 ? fmt::format(" after {} attempts", attempts) : "";
  return fmt::format("{}; what came before is kept: run the same command again{} to go on", tried,
                     answer.fault == Fault::kUnreachable ? " with a network" : " later");
}

}  // namespace

base::Expected<std::string> body_of(const http::Request& request, http::Answer answer, int attempts,
                                    const Advice& advice) {
  const auto failure = http::failure_text(request, answer);
  if (!answer.is_whole()) {
    return base::service_error(fmt::format("{}: {}{}", advice.title, failure, what_next(answer, attempts)));
  }
  if (answer.status == 401 || answer.status == 403) {
    return base::service_error(fmt::format("{}: {}; {}", advice.title, failure, advice.refused));
  }
  const bool about_zone = answer.status == 404 || ((answer.status == 400 || answer.status == 422) &&
                                                   speaks_of_zone(http::said(answer, request)));
  if (about_zone && !advice.zone.empty() && !http::is_html(answer)) {
    return base::no_data(
        fmt::format("{} does not know zone {}: {}; `ebb grid "
                    "fetch --provider {} --list-zones` lists "
                    "those that it knows",
                    advice.title, base::in_quotes(advice.zone), failure, advice.name));
  }
  if (http::is_passing(answer)) {
    const auto asked = answer.header("retry-after");
    const auto pause = asked.empty() ? "" : fmt::format(" (it asks to wait: {})", base::in_quotes(asked));
    return base::service_error(fmt::format("{}: {}{}{}", advice.title, failure, pause, what_next(answer, attempts)));
  }
  if (answer.status != 200) {
    return base::service_error(fmt::format("{}: {}; {}", advice.title, failure, advice.wrong));
  }
  if (http::is_html(answer)) {
    return base::service_error(
        fmt::format("{}: {} with an HTML page where data should be: a login page of this "
                    "network, or the wrong "
                    "address",
                    advice.title, failure.substr(0, failure.find(" (it says"))));
  }
  return std::move(answer.body);
}

base::Expected<nlohmann::json> json_of(const std::string& body, const Advice& advice) {
  auto document = nlohmann::json::parse(body, nullptr, false);
  if (document.is_discarded()) {
    return base::bad_data(fmt::format("{} answers what is no JSON; nothing of it is kept", advice.title));
  }
  return document;
}

base::Expected<Reading> scrubbed(base::Expected<Reading> reading, const std::vector<std::string>& secrets) {
  if (!reading) {
    return base::Error{reading.error().kind, http::without_secrets(reading.error().message, secrets)};
  }
  for (auto& warning : reading->warnings) warning = http::without_secrets(warning, secrets);
  return reading;
}

base::Status check_horizon(const Facts& facts, time::Duration horizon) {
  if (facts.longest_forecast == time::Duration{0}) {
    return base::usage_error(fmt::format("--forecast: {} has no forecasts", facts.title));
  }
  if (horizon > facts.longest_forecast || horizon <= time::Duration{0}) {
    return base::usage_error(fmt::format("--forecast {}: {} forecasts up to {}", time::text_of(horizon), facts.title,
                                         time::text_of(facts.longest_forecast)));
  }
  return base::Done{};
}

}  // namespace ebb::providers
