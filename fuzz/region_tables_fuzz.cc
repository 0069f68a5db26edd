// The tables of cloud regions and of annual intensities: what is accepted keeps every promise that look-ups rest on.
#include <cmath>

#include "grid/annual.h"
#include "grid/cloud_region.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  if (const auto regions = grid::parse_cloud_regions(text, "fuzz.csv")) {
    CHECK(!regions->empty());
    for (const auto& region : *regions) {
      CHECK(!region.provider.empty() && !region.region.empty() && !region.zone.empty() && !region.source.empty());
      CHECK(!region.pue || (*region.pue >= 1.0 && *region.pue <= 10.0));
      CHECK(!region.latitude || std::fabs(*region.latitude) <= 90.0);
      CHECK(!region.longitude || std::fabs(*region.longitude) <= 180.0);
    }
  }
  if (const auto annuals = grid::parse_annual_intensities(text, "fuzz.csv")) {
    const time::Instant epoch{};
    for (const auto& annual : *annuals) {
      CHECK(annual.low <= annual.value && annual.value <= annual.high && annual.low >= units::Intensity{});
      CHECK(!annual.zone.empty() && !annual.source.empty() && !annual.licence.empty());
      const auto series = grid::constant_series(annual, {epoch, epoch + std::chrono::hours(2)});
      CHECK(series.size() == 2 && std::isfinite(series[0]));
    }
  }
  return 0;
}
