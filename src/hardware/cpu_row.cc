#include "hardware/cpu_row.h"

#include <cmath>
#include <utility>

#include "hardware/cpu.h"
#include "hardware/cpu_name.h"
#include "hardware/power_range.h"

namespace ebb::hardware {
namespace {

constexpr double kMostThreads = 1e5;

/// 0 where the field is empty.
base::Expected<double> number_or_none(const TableRow& row, std::string_view column, double least) {
  if (row[column].empty()) return 0.0;
  return row.number(column, least, kMostWatts);
}

base::Expected<int> count(const TableRow& row, std::string_view column) {
  EBB_TRY(const double value, number_or_none(row, column, 1.0));
  if (value > kMostThreads || std::floor(value) != value) return row.error(std::string(column) + " is no count");
  return static_cast<int>(value);
}

}  // namespace

base::Expected<CpuRow> cpu_row(const TableRow& row) {
  EBB_TRY(const int cores, count(row, "cores"));
  EBB_TRY(const int threads, count(row, "threads"));
  if (threads != 0 && threads < cores) return row.error("fewer threads than cores");
  EBB_TRY(const double tdp, row.number("tdp_w", 0.01, kMostWatts));
  EBB_TRY(double low, number_or_none(row, "low_w", 0.01));
  EBB_TRY(double high, number_or_none(row, "high_w", 0.01));
  if (low == 0.0) low = tdp;
  if (high == 0.0) high = tdp;
  if (low > tdp || tdp > high) return row.error("low_w, tdp_w and high_w are not in rising order");
  EBB_TRY(const double idle, number_or_none(row, "idle_w", 0.01));
  EBB_TRY(const double full, number_or_none(row, "full_w", 0.01));
  if ((idle == 0.0) != (full == 0.0) || idle > full) {
    return row.error("idle_w and full_w are not both given and in rising order");
  }
  using units::watts;
  return CpuRow{row.text("name"), cores,       threads,     watts(tdp),        watts(low),
                watts(high),      watts(idle), watts(full), row.text("source")};
}

base::Expected<std::vector<CpuRow>> parse_cpu_powers(std::string_view text, const std::string& name) {
  EBB_TRY(
      const auto rows,
      parse_sorted(text, name, {"name", "cores", "threads", "tdp_w", "low_w", "high_w", "idle_w", "full_w", "source"},
                   {"cores", "threads", "low_w", "high_w", "idle_w", "full_w"}, "name", cpu_key, false));
  std::vector<CpuRow> out;
  for (const auto& row : rows) {
    EBB_TRY(auto its, cpu_row(row));
    out.push_back(std::move(its));
  }
  return out;
}

}  // namespace ebb::hardware
