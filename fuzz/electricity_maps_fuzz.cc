// One series a column, all of the same hours, every value finite or missing, and counted so.
#include <cmath>

#include "formats/electricity_maps_wide.h"
#include "series/csv.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto imported = formats::parse_electricity_maps_wide(fuzz::text_of(data, size), "fuzz.csv");
  if (!imported) return 0;
  CHECK(!imported->series.empty());
  std::size_t missing = 0;
  for (const auto& made : imported->series) {
    CHECK(made.size() == imported->counts.rows && made.begin() == imported->series.front().begin());
    CHECK(made.step() == std::chrono::hours(1));
    for (const double value : made.values()) CHECK(series::is_missing(value) || std::isfinite(value));
    for (const auto& other : imported->series) CHECK(&other == &made || other.zone() != made.zone());
    missing += made.missing_count();
    if (made.size() < 2 || made.zone().empty()) continue;
    const auto again = series::parse_csv(series::to_csv(made), "again.csv");
    CHECK(again.ok() && again->zone() == made.zone() && again->size() == made.size());
  }
  CHECK(missing == imported->counts.missing);
  return 0;
}
