#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "cli/common.h"
#include "forecast/forecaster.h"
#include "report/json.h"
#include "report/table.h"
#include "series/csv.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

constexpr std::size_t kMostRows = 100;  // of the table: beyond, one row an hour

report::Json json_of(const forecast::Forecast& forecast) {
  const series::Series& mean = forecast.mean;
  report::Json slots = report::Json::array();
  for (std::size_t slot = 0; slot < mean.size(); ++slot) {
    report::Json quantiles = report::Json::array();
    for (const auto& level : forecast.levels) quantiles.push_back(level[slot]);
    slots.push_back(
        {{"begin", time::text_of(mean.time_of(slot))}, {"g_per_kwh", mean[slot]}, {"quantiles", quantiles}});
  }
  return {{"zone", mean.zone()},
          {"signal", report::json_of(mean.signal())},
          {"source", mean.provenance().source},
          {"method", forecast.method},
          {"issued", time::text_of(forecast.issued)},
          {"step_seconds", time::in_seconds(mean.step())},
          {"unit", "g/kWh"},
          {"levels", forecast::kLevels},
          {"slots", std::move(slots)},
          {"warnings", forecast.warnings}};
}

std::string text_of(const forecast::Forecast& forecast) {
  using Align = report::TextTable::Align;
  const series::Series& mean = forecast.mean;
  std::vector<std::pair<std::string, Align>> columns{{"slot from (UTC)", Align::kLeft}, {"expected", Align::kRight}};
  for (const double level : forecast::kLevels) columns.emplace_back(fmt::format("{:g}%", 100.0 * level), Align::kRight);
  report::TextTable table(std::move(columns));
  const bool hourly = mean.size() > kMostRows && mean.step() < std::chrono::hours(1);
  const std::size_t every = hourly ? static_cast<std::size_t>(std::chrono::hours(1) / mean.step()) : 1;
  const auto cell = [](double value) { return series::is_missing(value) ? "-" : fmt::format("{:.1f}", value); };
  for (std::size_t slot = 0; slot < mean.size(); slot += every) {
    std::vector<std::string> cells{time::text_of(mean.time_of(slot)), cell(mean[slot])};
    for (const auto& level : forecast.levels) cells.push_back(cell(level[slot]));
    table.add(std::move(cells));
  }
  return fmt::format("{} ({}), g/kWh, issued {}: {}\n{}{}", mean.zone(), series::text_of(mean.signal()),
                     time::text_of(forecast.issued), forecast.method, table.text(2),
                     hourly ? fmt::format("one slot of {} an hour is shown; --json and --output have all\n",
                                          time::text_of(mean.step()))
                            : "");
}

/// --now; else the present or the series' end, whichever is earlier.
base::Expected<time::Instant> moment_of(const Arguments& arguments, const Context& context,
                                        const series::Series& history, std::vector<std::string>& warnings) {
  EBB_TRY(const auto given, time_option(arguments, "--now", context.clock));
  if (given) return *given;
  const time::Instant now = now_of(context.clock);
  if (now - history.end() > forecast::kLongestGap) {
    warnings.push_back(fmt::format("the series ends at {}: this is a forecast for that time, not for today",
                                   time::text_of(history.end())));
  }
  return std::min(now, history.end());
}

base::Expected<int> run_forecast(const Arguments& arguments, const Context& context) {
  EBB_TRY(const forecast::Method* const method, forecast::find_method(arguments.get("--method").value_or("ebb")));
  EBB_TRY(const auto horizon, duration_option(arguments, "--horizon"));
  auto catalogue = open_catalogue(arguments, context);
  EBB_TRY(const auto loaded, load_series(arguments, catalogue));
  if (loaded.size() != 1) return base::usage_error("one forecast at a time: give one --series or one --zone");
  std::vector<std::string> warnings;
  EBB_TRY(const auto now, moment_of(arguments, context, loaded.front(), warnings));
  EBB_TRY(auto forecast, forecast::issue(*method, loaded.front(), now, horizon.value_or(std::chrono::hours(24))));
  forecast.warnings.insert(forecast.warnings.begin(), warnings.begin(), warnings.end());
  if (const auto output = arguments.get("--output")) {
    EBB_TRY_DO(base::write_file(*output, series::to_csv(forecast.mean)));
  }
  print_warnings(forecast.warnings, arguments, context);
  context.out(arguments.has("--json") ? report::dump(json_of(forecast), 1) + "\n" : text_of(forecast));
  return 0;
}

}  // namespace

const Command& grid_forecast_command() {
  static const Command command{
      "grid forecast",
      "the next hours of a series, from its own past",
      "Forecasts intensity from history alone, without a network: what is expected, and quantiles that are learnt from "
      "the errors of the method on that series. Nothing that ends after --now is looked at. `ebb grid score` says how "
      "good it is.",
      {option_rows::kSeries,
       option_rows::kZone,
       option_rows::kSignal,
       {"--now", "T", "moment of issue; default the end of the series, or the present if that is earlier"},
       {"--horizon", "D", "how far ahead; default 24h, at most 14d"},
       {"--method", "M", "ebb (default), yesterday, last-week, climatology or ridge"},
       {"--output", "FILE", "what is expected, as a canonical series that --series takes"},
       option_rows::kGridData},
      {"ebb grid forecast --zone FR --now 2022-06-01T00:00:00Z",
       "ebb grid forecast --series pge-2020.csv --horizon 48h --json"},
      run_forecast,
      false};
  return command;
}

}  // namespace ebb::cli
