#include "report/heat_strip.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace ebb::report {
namespace {

/// Yellow to dark red, readable on light and dark terminals, not by hue alone.
constexpr std::array<int, 8> kHeat{229, 222, 215, 208, 202, 160, 124, 88};
constexpr std::array<std::string_view, 4> kShades{"░", "▒", "▓", "█"};

bool runs_in(const plan::Schedule& schedule, time::Interval column) {
  return std::any_of(schedule.segments.begin(), schedule.segments.end(), [&](const plan::Segment& segment) {
    return segment.begin < column.end && segment.end() > column.begin;
  });
}

}  // namespace

std::string heat_strip(const series::Series& series, time::Interval window, const plan::Schedule& schedule,
                       std::size_t columns, bool colour) {
  const auto cells = static_cast<std::size_t>((window.length() + series.step() - time::Duration(1)) / series.step());
  columns = std::max<std::size_t>(1, std::min(columns, cells));
  std::vector<double> means;
  std::string marks;
  for (std::size_t i = 0; i < columns; ++i) {
    const auto count = static_cast<std::int64_t>(columns);
    const time::Interval column{
        window.begin + window.length() / count * static_cast<std::int64_t>(i),
        i + 1 == columns ? window.end : window.begin + window.length() / count * static_cast<std::int64_t>(i + 1)};
    means.push_back(series.mean_over(column));
    marks += runs_in(schedule, column) ? "█" : "·";
  }
  double low = 0.0;
  double high = 0.0;
  bool any = false;
  for (const double mean : means) {
    if (series::is_missing(mean)) continue;
    low = any ? std::min(low, mean) : mean;
    high = any ? std::max(high, mean) : mean;
    any = true;
  }
  const auto level = [&](double mean, std::size_t levels) {
    if (high <= low) return std::size_t{0};
    return std::min(levels - 1, static_cast<std::size_t>((mean - low) / (high - low) * static_cast<double>(levels)));
  };
  std::string heat;
  for (const double mean : means) {
    if (series::is_missing(mean)) {
      heat += '?';
    } else if (colour) {
      heat += fmt::format("\x1b[48;5;{}m ", kHeat[level(mean, kHeat.size())]);
    } else {
      heat += kShades[level(mean, kShades.size())];
    }
  }
  if (colour) heat += "\x1b[0m";
  return "  " + heat + "\n  " + marks + "\n";
}

}  // namespace ebb::report
