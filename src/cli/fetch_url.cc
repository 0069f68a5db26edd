#include "cli/fetch_url.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/common.h"
#include "formats/options.h"
#include "http/url.h"
#include "providers/plain_file.h"

namespace ebb::cli {
namespace {

base::Expected<formats::Options> format_options(const Arguments& arguments) {
  formats::Options options;
  options.format = arguments.get("--format").value_or("");
  options.zones = arguments.all("--zone", true);
  if (const auto text = arguments.get("--signal")) {
    options.signal = series::parse_signal(*text);
    if (!options.signal) return base::usage_error(fmt::format("--signal: {} is no signal", base::in_quotes(*text)));
  }
  if (const auto text = arguments.get("--unit")) {
    options.unit = formats::parse_unit(*text);
    if (!options.unit) {
      return base::usage_error(fmt::format("--unit: {} is none of {}", base::in_quotes(*text), formats::kUnitsTaken));
    }
  }
  options.time_zone = arguments.get("--time-zone").value_or("");
  options.time_column = arguments.get("--time-column").value_or("");
  options.value_column = arguments.get("--value-column").value_or("");
  options.source = arguments.get("--source").value_or("");
  options.licence = arguments.get("--licence").value_or("");
  options.with_forecasts = false;
  return options;
}

}  // namespace

base::Expected<FetchOutcome> fetch_url(const std::string& url, const Arguments& arguments, const Context& context,
                                       Network& network, store::Store& store) {
  EBB_TRY(const auto options, format_options(arguments));
  EBB_TRY(const auto understood, providers::fetch_file(network.http(), url, options));
  FetchOutcome outcome;
  outcome.provider = "url";
  outcome.signal = options.signal;
  auto& fetched = outcome.fetched;
  fetched.pieces = 1;
  fetched.warnings = understood.notes;
  fetched.duplicates = understood.counts().duplicates;
  const auto location = http::shown(url);
  for (const auto& one : understood.series) {
    outcome.zone = one.series.zone();
    EBB_TRY(const auto put, store.put(one.series, {one.licence, location, context.clock.now()}));
    fetched.slots.added += put.added;
    fetched.slots.same += put.same;
    fetched.slots.revised += put.revised;
    fetched.slots.missing += put.missing;
    fetched.keys.push_back(store::key_of(one.series));
  }
  for (const auto& one : understood.forecasts) {
    outcome.zone = one.values.series.zone();
    store::Forecast forecast{one.issued.value_or(now_of(context.clock)), one.values.series, std::nullopt};
    EBB_TRY_DO(store.put_forecast(forecast, {one.values.licence, location, context.clock.now()}));
    fetched.forecasts.push_back(std::move(forecast));
  }
  EBB_TRY(const auto kept, store.list());
  for (const auto& entry : kept) {
    if (std::find(fetched.keys.begin(), fetched.keys.end(), entry.key) != fetched.keys.end()) {
      outcome.entries.push_back(entry);
    }
  }
  return outcome;
}

}  // namespace ebb::cli
