#include "cli/common.h"

#include <fmt/format.h>

#include "base/text.h"
#include "series/csv.h"
#include "store/store.h"
#include "time/text.h"

namespace ebb::cli {

base::Error in_option(const base::Error& error, std::string_view option) {
  return {base::ErrorKind::kUsage, fmt::format("{}: {}", option, error.message)};
}

base::Expected<std::optional<time::Duration>> duration_option(const Arguments& arguments, std::string_view option) {
  const auto text = arguments.get(option);
  if (!text) return std::optional<time::Duration>();
  const auto duration = time::parse_duration(*text);
  if (!duration) return in_option(duration.error(), option);
  return std::optional(*duration);
}

base::Expected<std::optional<double>> number_option(const Arguments& arguments, std::string_view option, double low,
                                                    double high) {
  const auto text = arguments.get(option);
  if (!text) return std::optional<double>();
  const auto number = base::parse_number(base::trimmed(*text));
  if (!number || *number < low || *number > high) {
    return base::usage_error(
        fmt::format("{}: {} is no number from {} to {}", option, base::in_quotes(*text), low, high));
  }
  return std::optional(*number);
}

base::Expected<std::optional<double>> share_option(const Arguments& arguments, std::string_view option) {
  const auto text = arguments.get(option);
  if (!text) return std::optional<double>();
  auto digits = base::trimmed(*text);
  const bool percent = digits.ends_with('%');
  if (percent) digits.remove_suffix(1);
  const auto number = base::parse_number(base::trimmed(digits));
  const double share = number.value_or(-1.0) / (percent ? 100.0 : 1.0);
  if (share < 0.0 || share > 1.0) {
    return base::usage_error(
        fmt::format("{}: {} is no share: write it like 0.1 or 10%", option, base::in_quotes(*text)));
  }
  return std::optional(share);
}

time::Instant now_of(const time::Clock& clock) { return std::chrono::floor<std::chrono::seconds>(clock.now()); }

base::Expected<std::optional<time::Instant>> time_option(const Arguments& arguments, std::string_view option,
                                                         const time::Clock& clock) {
  const auto text = arguments.get(option);
  if (!text) return std::optional<time::Instant>();
  if (*text == "now") return std::optional(now_of(clock));
  const auto moment = time::parse_instant(*text);
  if (!moment) return in_option(moment.error(), option);
  return std::optional(*moment);
}

base::Expected<std::optional<series::SignalKind>> signal_option(const Arguments& arguments) {
  const auto text = arguments.get("--signal");
  if (!text) return std::optional<series::SignalKind>();
  if (*text == "marginal") return std::optional(series::SignalKind::kMarginal);
  if (*text == "average") return std::optional(series::SignalKind::kAverage);
  return base::usage_error(fmt::format("--signal: {} is neither marginal nor average", base::in_quotes(*text)));
}

grid::Catalogue open_catalogue(const Arguments& arguments, const Context& context) {
  const auto variable = [&](const char* name) { return context.environment(name).value_or(""); };
  std::string named = arguments.get("--grid-data").value_or("");
  if (named.empty()) named = variable("EBB_GRID_DATA");
  const auto own = data_folder(arguments, context);
  return grid::Catalogue(grid::Catalogue::find_data_folder(named, {own ? *own : ""}), own ? store_file(*own) : "");
}

std::string store_file(const std::string& data_folder) { return data_folder + "/" + store::kFileName; }

base::Expected<std::string> data_folder(const Arguments& arguments, const Context& context) {
  const auto variable = [&](const char* name) { return context.environment(name).value_or(""); };
  const std::string named = arguments.get("--data-dir").value_or("");
  if (!named.empty()) return named;
  if (const auto home = variable("XDG_DATA_HOME"); home.starts_with('/')) return home + "/ebb";
  if (const auto home = variable("HOME"); home.starts_with('/')) return home + "/.local/share/ebb";
  return base::usage_error("no place for ebb's data: set --data-dir DIR, or $XDG_DATA_HOME, or $HOME");
}

namespace {

/// When the job may begin, where that is said as a time; what is no time is told by whoever reads the option.
std::optional<time::Instant> moment_meant(const Arguments& arguments) {
  for (const auto* option : {"--start", "--from"}) {
    const auto text = arguments.get(option);
    if (!text) continue;
    const auto moment = time::parse_instant(*text);
    if (moment.ok()) return *moment;
  }
  return std::nullopt;
}

}  // namespace

base::Expected<std::vector<series::Series>> load_series(const Arguments& arguments, grid::Catalogue& catalogue) {
  std::vector<series::Series> loaded;
  for (const auto& path : arguments.all("--series")) {
    EBB_TRY(auto series, series::load_csv(path));
    loaded.push_back(std::move(series));
  }
  EBB_TRY(const auto kind, signal_option(arguments));
  const auto moment = moment_meant(arguments);
  for (const auto* option : {"--zone", "--zones"}) {
    for (const auto& zone : arguments.all(option, true)) {
      EBB_TRY(auto series, catalogue.find(zone, kind, moment));
      loaded.push_back(std::move(series));
    }
  }
  if (loaded.empty()) return base::usage_error("say where the job runs: --series FILE or --zone Z");
  return loaded;
}

void print_warnings(const std::vector<std::string>& warnings, const Arguments& arguments, const Context& context) {
  if (arguments.has("--quiet") || arguments.has("--json")) return;
  for (const auto& warning : warnings) context.err(fmt::format("warning: {}\n", warning));
}

}  // namespace ebb::cli
