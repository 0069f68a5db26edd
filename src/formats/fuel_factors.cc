#include "formats/fuel_factors.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "hardware/table.h"
#include "series/series.h"

extern "C" const char ebb_data_fuel_factors_begin[];
extern "C" const char ebb_data_fuel_factors_end[];

namespace ebb::formats {
namespace {

base::Expected<std::optional<double>> factor_of(const hardware::TableRow& row, std::string_view column) {
  if (row[column] == "-") return std::optional<double>();
  EBB_TRY(const double value, row.number(column, 0.0, series::kLargestValue));
  return std::optional<double>(value);
}

}  // namespace

base::Expected<std::vector<FuelFactor>> parse_fuel_factors(std::string_view text, const std::string& name) {
  EBB_TRY(const auto rows, hardware::parse_table(text, name,
                                                 {"fuel", "name", "kind", "direct_g_per_kwh", "direct_source",
                                                  "lifecycle_g_per_kwh", "lifecycle_source"}));
  std::vector<FuelFactor> factors;
  for (const auto& row : rows) {
    FuelFactor factor;
    factor.code = row.text("fuel");
    factor.name = row.text("name");
    if (row["kind"] != "generation" && row["kind"] != "storage")
      return row.error("kind is neither generation nor storage");
    factor.is_storage = row["kind"] == "storage";
    EBB_TRY(factor.direct_g_per_kwh, factor_of(row, "direct_g_per_kwh"));
    EBB_TRY(factor.lifecycle_g_per_kwh, factor_of(row, "lifecycle_g_per_kwh"));
    if (factor.is_storage && (factor.direct_g_per_kwh || factor.lifecycle_g_per_kwh)) {
      return row.error("storage has a factor: it is in no sum");
    }
    for (const auto& other : factors) {
      if (other.code == factor.code) return row.error(fmt::format("fuel {} comes twice", factor.code));
    }
    factors.push_back(std::move(factor));
  }
  return factors;
}

const std::vector<FuelFactor>& fuel_factors() {
  static const auto factors = [] {
    auto parsed = parse_fuel_factors({ebb_data_fuel_factors_begin, ebb_data_fuel_factors_end}, "fuel_factors.csv");
    CHECK(parsed.ok());
    return *std::move(parsed);
  }();
  return factors;
}

const FuelFactor* fuel_factor(std::string_view code) {
  const auto& all = fuel_factors();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& factor) { return factor.code == code; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace ebb::formats
