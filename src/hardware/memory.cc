#include "hardware/memory.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "hardware/table.h"

extern "C" const char ebb_data_memory_power_begin[];
extern "C" const char ebb_data_memory_power_end[];

namespace ebb::hardware {

base::Expected<std::vector<MemoryRow>> parse_memory_powers(std::string_view text, const std::string& name) {
  EBB_TRY(const auto rows,
          parse_table(text, name, {"name", "w_per_gb", "low_w_per_gb", "high_w_per_gb", "licence", "source"}));
  std::vector<MemoryRow> out;
  for (const auto& row : rows) {
    EBB_TRY(const double value, row.number("w_per_gb", 0.0, kMostWatts));
    EBB_TRY(const double low, row.number("low_w_per_gb", 0.0, kMostWatts));
    EBB_TRY(const double high, row.number("high_w_per_gb", 0.0, kMostWatts));
    if (low > value || value > high)
      return row.error("low_w_per_gb, w_per_gb and high_w_per_gb are not in rising order");
    out.push_back({row.text("name"), units::watts(low), units::watts(value), units::watts(high), row.text("licence"),
                   row.text("source")});
  }
  return out;
}

const std::vector<MemoryRow>& memory_rows() {
  static const std::vector<MemoryRow> rows = [] {
    auto parsed = parse_memory_powers({ebb_data_memory_power_begin, ebb_data_memory_power_end}, "memory_power.csv");
    CHECK(parsed.ok());
    return *std::move(parsed);
  }();
  return rows;
}

PowerRange memory_power(double gigabytes) {
  CHECK(gigabytes >= 0.0 && std::isfinite(gigabytes));
  std::vector<units::Power> values;
  PowerRange each{memory_rows().front().low, {}, memory_rows().front().high};
  for (const auto& row : memory_rows()) {
    values.push_back(row.value);
    each.low = std::min(each.low, row.low);
    each.high = std::max(each.high, row.high);
  }
  std::sort(values.begin(), values.end());
  each.value = (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2.0;
  return each * gigabytes;
}

}  // namespace ebb::hardware
