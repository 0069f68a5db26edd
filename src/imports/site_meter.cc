#include "imports/site_meter.h"

#include <fmt/format.h>

#include <algorithm>

#include "imports/text_table.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

struct MeterRow {
  std::size_t line = 0;
  time::Instant at;
  std::optional<double> kwh;
};

base::Expected<std::vector<MeterRow>> read_rows(TextTable& table, const std::string& column) {
  const auto where = [&](std::size_t line, std::string_view what) { return at_line(table.name(), line, what); };
  std::vector<MeterRow> rows;
  while (true) {
    EBB_TRY(const auto line, table.next());
    if (!line) break;
    if (line->fields.size() != 2) return where(line->number, fmt::format("{} fields, not 2", line->fields.size()));
    MeterRow row;
    row.line = line->number;
    const auto moment = time::parse_instant(base::trimmed(line->fields[0]));
    if (!moment) return where(line->number, moment.error().message);
    row.at = *moment;
    if (!rows.empty() && row.at <= rows.back().at) {
      return where(line->number, fmt::format("{} is not after {}: rows must be in order, each time once",
                                             time::text_of(row.at), time::text_of(rows.back().at)));
    }
    if (const auto text = base::trimmed(line->fields[1]); !text.empty()) {
      const auto value = amount(text, column);
      if (!value) return where(line->number, value.error().message);
      row.kwh = *value;
    }
    rows.push_back(row);
  }
  if (rows.size() < 2) return base::bad_data(table.name() + ": an interval needs two rows");
  return rows;
}

/// A row that is not there would give its energy to nobody and its time to the next one.
base::Status check_even(const std::vector<MeterRow>& rows, const std::string& name) {
  std::vector<time::Duration> steps;
  for (std::size_t i = 1; i < rows.size(); ++i) steps.push_back(rows[i].at - rows[i - 1].at);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>((steps.size() - 1) / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto step = rows[i].at - rows[i - 1].at;
    if (step - *middle <= *middle / 2) continue;
    return at_line(
        name, rows[i].line,
        fmt::format("{} since the row before, where others are {} apart: write an interval that is not known "
                    "with an empty value",
                    time::text_of(step), time::text_of(*middle)));
  }
  return base::Done{};
}

void add_intervals(const std::vector<MeterRow>& rows, const std::string& name, SiteMeter& meter) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    MeterReading reading{{rows[i - 1].at, rows[i].at}, std::nullopt};
    if (rows[i].kwh) reading.energy = units::kilowatt_hours(*rows[i].kwh);
    meter.readings.push_back(reading);
  }
  if (rows.front().kwh) {
    meter.warnings.push_back(fmt::format("{}:{}: the first value is not used: the begin of its interval is not known",
                                         name, rows.front().line));
  }
}

void add_differences(const std::vector<MeterRow>& rows, const std::string& name, SiteMeter& meter) {
  constexpr std::size_t kMostWarnings = 5;
  std::size_t falls = 0;
  const MeterRow* before = nullptr;
  for (const auto& row : rows) {
    if (!row.kwh) continue;
    if (before != nullptr) {
      MeterReading reading{{before->at, row.at}, std::nullopt};
      if (*row.kwh >= *before->kwh) {
        reading.energy = units::kilowatt_hours(*row.kwh - *before->kwh);
      } else if (++falls <= kMostWarnings) {
        meter.warnings.push_back(
            fmt::format("{}:{}: the counter fell from {} to {} kWh (a new meter?): what it counted "
                        "since the reading before is not known",
                        name, row.line, *before->kwh, *row.kwh));
      }
      meter.readings.push_back(reading);
    }
    before = &row;
  }
  if (falls > kMostWarnings) {
    meter.warnings.push_back(fmt::format("the counter fell {} further times", falls - kMostWarnings));
  }
}

}  // namespace

base::Expected<SiteMeter> parse_site_meter(std::string_view text, const std::string& name) {
  EBB_TRY(auto table, TextTable::open(text, name, ','));
  SiteMeter meter;
  meter.cumulative = table.header() == std::vector<std::string>{"time", "kwh_total"};
  if (!meter.cumulative && table.header() != std::vector<std::string>{"time", "kwh"}) {
    return base::bad_data(name +
                          ": the header is neither time,kwh (energy of the interval that ends at time) nor "
                          "time,kwh_total (a counter that grows)");
  }
  EBB_TRY(const auto rows, read_rows(table, table.header()[1]));
  if (meter.cumulative) {
    add_differences(rows, name, meter);
  } else {
    EBB_TRY_DO(check_even(rows, name));
    add_intervals(rows, name, meter);
  }
  if (meter.readings.empty()) return base::bad_data(name + ": an interval needs two rows with a value");
  const auto known = std::count_if(meter.readings.begin(), meter.readings.end(),
                                   [](const auto& reading) { return reading.energy.has_value(); });
  meter.understood = {meter.cumulative
                          ? "kwh_total: a counter that grows; its differences are the energy between two rows"
                          : "kwh: energy of the interval from the row before to time",
                      fmt::format("times: UTC, {} to {}", time::text_of(meter.readings.front().when.begin),
                                  time::text_of(meter.readings.back().when.end)),
                      fmt::format("{} intervals, of which {} are known", meter.readings.size(), known)};
  return meter;
}

}  // namespace ebb::imports
