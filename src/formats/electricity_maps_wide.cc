#include "formats/electricity_maps_wide.h"

#include <fmt/format.h>

#include <cmath>

#include "base/file.h"
#include "base/text.h"
#include "time/calendar.h"
#include "time/text.h"

namespace ebb::formats {

base::Expected<Imported> parse_electricity_maps_wide(std::string_view text, const std::string& name) {
  base::Lines lines(text);
  const auto at_line = [&](std::string_view what) {
    return base::bad_data(fmt::format("{}:{}: {}", name, lines.number(), what));
  };
  auto header = lines.next();
  if (!header) return base::bad_data(fmt::format("{}: the file is empty", name));
  if (header->starts_with("\xef\xbb\xbf")) header->remove_prefix(3);
  auto columns = base::split(base::trimmed(*header), ',');
  for (auto& column : columns) column = base::trimmed(column);
  if (columns.size() < 2 || columns[0] != "datetime_utc") {
    return at_line(fmt::format("the header is {}, expected datetime_utc,ZONE,...", base::in_quotes(*header)));
  }
  std::vector<std::vector<double>> values(columns.size() - 1);
  Counts counts;
  time::Instant first;
  constexpr auto kStep = std::chrono::hours(1);
  while (const auto line = lines.next()) {
    if (line->size() > base::kLongestLine) return at_line("the line is too long");
    if (base::trimmed(*line).empty()) continue;
    const auto fields = base::split(*line, ',');
    if (fields.size() != columns.size()) {
      return at_line(fmt::format("{} fields, but the header has {}", fields.size(), columns.size()));
    }
    const auto moment = time::parse_instant(base::trimmed(fields[0]));
    if (!moment) return at_line(moment.error().message);
    if (counts.rows == 0) first = *moment;
    const auto due = first + kStep * static_cast<std::int64_t>(counts.rows);
    if (*moment != due) {
      return at_line(fmt::format("expected the hour {}, got {}: rows must be hourly and in order", time::text_of(due),
                                 time::text_of(*moment)));
    }
    ++counts.rows;
    for (std::size_t i = 1; i < fields.size(); ++i) {
      const auto field = base::trimmed(fields[i]);
      const auto number = base::parse_number(field);
      if ((!number && !field.empty()) || (number && !series::is_plausible(*number))) {
        return at_line(fmt::format("{} is no finite number (zone {})", base::in_quotes(field), columns[i]));
      }
      const double value = number.value_or(series::kMissing);
      counts.missing += number ? 0 : 1;
      counts.zeros += value == 0.0 ? 1 : 0;
      counts.negatives += value < 0.0 ? 1 : 0;
      values[i - 1].push_back(value);
    }
  }
  if (counts.rows == 0) return base::bad_data(fmt::format("{}: there are no rows behind the header", name));
  const auto source = fmt::format("Electricity Maps {}, hourly (ODbL)", time::civil_time(first).year);
  Imported result;
  result.counts = counts;
  for (std::size_t i = 1; i < columns.size(); ++i) {
    for (std::size_t j = 1; j < i; ++j) {
      if (columns[i] == columns[j]) {
        return base::bad_data(fmt::format("{}:1: zone {} comes twice", name, base::in_quotes(columns[i])));
      }
    }
    result.series.emplace_back(series::Provenance{std::string(columns[i]), series::kAverageLifecycle, source, "", {}},
                               first, kStep, std::move(values[i - 1]));
  }
  return result;
}

base::Expected<Imported> import_electricity_maps_wide(const std::string& path) {
  EBB_TRY(const auto file, base::load_text_file(path));
  return parse_electricity_maps_wide(file.view(), path);
}

}  // namespace ebb::formats
