#include "grid/covering_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/text.h"

extern "C" const char ebb_data_typical_error_begin[];
extern "C" const char ebb_data_typical_error_end[];

namespace ebb::grid {
namespace {

constexpr double kYearHours = 8760.0;

struct Row {
  double hours = 0.0;
  Factors factors;
};

/// The rows of one kind, in rising order of hours.
std::vector<Row> rows_of(series::SignalKind kind, std::string_view by, std::string_view zone) {
  const auto wanted = fmt::format("{},{},{},", series::name_of(kind), by, zone);
  std::vector<Row> rows;
  base::Lines lines({ebb_data_typical_error_begin, ebb_data_typical_error_end});
  while (auto line = lines.next()) {
    if (!line->starts_with(wanted)) continue;
    const auto fields = base::split(line->substr(wanted.size()), ',');
    CHECK(fields.size() == 3);
    rows.push_back({*base::parse_number(fields[0]), {*base::parse_number(fields[1]), *base::parse_number(fields[2])}});
  }
  return rows;
}

std::vector<Row> rows_for(std::string_view zone, std::string_view by, series::SignalKind kind) {
  if (kind == series::SignalKind::kMarginal) return rows_of(kind, by, "US-CAL-CISO");
  auto rows = rows_of(kind, by, zone);
  return rows.empty() ? rows_of(kind, by, "pooled") : rows;
}

Factors between(const std::vector<Row>& rows, double hours) {
  CHECK(!rows.empty());
  const auto above = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.hours >= hours; });
  if (above == rows.begin()) return above->factors;
  if (above == rows.end()) return rows.back().factors;
  const auto& below = *(above - 1);
  const double share = std::log(hours / below.hours) / std::log(above->hours / below.hours);
  const auto mix = [&](double a, double b) { return a + (b - a) * share; };
  return {mix(below.factors.first, above->factors.first), mix(below.factors.second, above->factors.second)};
}

double hours_of(time::Duration length) { return time::in_seconds(length) / 3600.0; }

double combined(double a, double b, double sign) {
  if (a <= 0.0 || b <= 0.0) return 0.0;
  return std::exp(sign * std::hypot(std::log(a), std::log(b)));
}

}  // namespace

Factors typical_year_factors(std::string_view zone, time::Duration length, series::SignalKind kind) {
  return between(rows_for(zone, "typical", kind), hours_of(length));
}

Factors annual_mean_factors(std::string_view zone, time::Duration length, series::SignalKind kind) {
  auto rows = rows_for(zone, "annual", kind);
  rows.push_back({kYearHours, {1.0, 1.0}});
  return between(rows, hours_of(length));
}

Factors year_drift_factors(int years) {
  // 5th and 95th percentile over zones and pairs of years of data/annual_intensity.csv; a test makes them again.
  constexpr std::array<Factors, 5> kDrift{{{1.0, 1.0}, {0.793, 1.195}, {0.678, 1.267}, {0.607, 1.377}, {0.572, 1.471}}};
  const auto apart = static_cast<std::size_t>(std::abs(years));
  if (apart < kDrift.size()) return kDrift[apart];
  const double wider = std::sqrt(static_cast<double>(apart) / static_cast<double>(kDrift.size() - 1));
  return {std::pow(kDrift.back().first, wider), std::pow(kDrift.back().second, wider)};
}

Factors combined(Factors a, Factors b) {
  return {combined(std::min(a.first, 1.0), std::min(b.first, 1.0), -1.0),
          combined(std::max(a.second, 1.0), std::max(b.second, 1.0), 1.0)};
}

}  // namespace ebb::grid
