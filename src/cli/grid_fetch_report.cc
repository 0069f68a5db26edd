#include "cli/grid_fetch_report.h"

#include <fmt/format.h>

#include "time/text.h"

namespace ebb::cli {
namespace {

std::string counted(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// The newest slot with a value.
std::optional<std::size_t> last_value(const series::Series& series) {
  for (std::size_t i = series.size(); i > 0; --i) {
    if (!series::is_missing(series[i - 1])) return i - 1;
  }
  return std::nullopt;
}

std::string series_line(const store::Entry& entry) {
  return fmt::format("{}  {}  {}  every {}: {} to {}, {} slots, {} missing, mean {:.1f} g/kWh\n", entry.key.zone,
                     series::text_of(entry.key.signal), entry.key.source, time::text_of(entry.key.step),
                     time::text_of(entry.covers.begin), time::text_of(entry.covers.end), entry.slots, entry.missing,
                     entry.mean);
}

report::Json json_of_entry(const store::Entry& entry) {
  return {{"zone", entry.key.zone},
          {"signal", report::json_of(entry.key.signal)},
          {"source", entry.key.source},
          {"vintage", report::text_or_null(entry.key.vintage)},
          {"unit", "g/kWh"},
          {"step_seconds", time::in_seconds(entry.key.step)},
          {"begin", time::text_of(entry.covers.begin)},
          {"end", time::text_of(entry.covers.end)},
          {"slots", entry.slots},
          {"missing", entry.missing},
          {"mean_g_per_kwh", entry.mean},
          {"revised", entry.revised},
          {"data_quality", report::json_of(entry.quality)}};
}

}  // namespace

std::string text_of(const FetchOutcome& outcome) {
  const auto& fetched = outcome.fetched;
  std::string out;
  if (fetched.newest) {
    if (const auto at = last_value(*fetched.newest)) {
      out += fmt::format("{}  {}  {:.1f} g/kWh from {} for {}\n", fetched.newest->zone(),
                         series::text_of(fetched.newest->signal()), (*fetched.newest)[*at],
                         time::text_of(fetched.newest->time_of(*at)), time::text_of(fetched.newest->step()));
    }
  }
  for (const auto& forecast : fetched.forecasts) {
    out += fmt::format("{}  {}  forecast issued {}, to {}, {} slots of {}, {} missing, mean {:.1f} g/kWh\n",
                       forecast.series.zone(), series::text_of(forecast.series.signal()),
                       time::text_of(forecast.issued), time::text_of(forecast.series.end()), forecast.series.size(),
                       time::text_of(forecast.series.step()), forecast.series.missing_count(), forecast.series.mean());
  }
  for (const auto& entry : outcome.entries) out += series_line(entry);
  if (fetched.known > time::Duration{0}) {
    out += fmt::format("{} was fetched before and not asked for again\n", time::text_of(fetched.known));
  }
  if (fetched.pieces == 0) return out + "nothing had to be asked for\n";
  const auto& slots = fetched.slots;
  out += fmt::format("{}: {} new, {} as before, {}, {} missing{}\n", counted(fetched.pieces, "answer", "answers"),
                     slots.added, slots.same, counted(slots.revised, "point revised", "points revised"), slots.missing,
                     fetched.duplicates > 0
                         ? ", " + counted(fetched.duplicates, "duplicate that agrees", "duplicates that agree")
                         : "");
  return out;
}

report::Json json_of(const FetchOutcome& outcome) {
  const auto& fetched = outcome.fetched;
  report::Json out{{"provider", outcome.provider}, {"zone", outcome.zone}};
  out["signal"] = outcome.signal ? report::json_of(*outcome.signal) : report::Json();
  out["answers"] = fetched.pieces;
  out["already_fetched_seconds"] = time::in_seconds(fetched.known);
  out["added"] = fetched.slots.added;
  out["same"] = fetched.slots.same;
  out["revised"] = fetched.slots.revised;
  out["missing"] = fetched.slots.missing;
  out["duplicates"] = fetched.duplicates;
  out["stopped"] = fetched.stopped;
  out["series"] = report::Json::array();
  for (const auto& entry : outcome.entries) out["series"].push_back(json_of_entry(entry));
  out["newest"] = nullptr;
  if (fetched.newest) {
    if (const auto at = last_value(*fetched.newest)) {
      out["newest"] = {{"begin", time::text_of(fetched.newest->time_of(*at))},
                       {"end", time::text_of(fetched.newest->time_of(*at + 1))},
                       {"g_per_kwh", (*fetched.newest)[*at]}};
    }
  }
  out["forecasts"] = report::Json::array();
  for (const auto& forecast : fetched.forecasts) {
    out["forecasts"].push_back({{"issued", time::text_of(forecast.issued)},
                                {"begin", time::text_of(forecast.series.begin())},
                                {"end", time::text_of(forecast.series.end())},
                                {"step_seconds", time::in_seconds(forecast.series.step())},
                                {"slots", forecast.series.size()},
                                {"missing", forecast.series.missing_count()},
                                {"mean_g_per_kwh", forecast.series.mean()}});
  }
  out["warnings"] = fetched.warnings;
  return out;
}

}  // namespace ebb::cli
