// A series that was read is written and read again without a difference, and its slots can be asked for.
#include <cmath>

#include "series/csv.h"
#include "series/resample.h"
#include "target.h"

namespace {

using namespace ebb;

bool same(const series::Series& a, const series::Series& b) {
  if (a.size() != b.size() || a.begin() != b.begin() || a.step() != b.step()) return false;
  const auto& from = a.provenance();
  const auto& back = b.provenance();
  if (from.zone != back.zone || !(from.signal == back.signal) || from.source != back.source ||
      from.vintage != back.vintage || !(from.quality == back.quality)) {
    return false;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (series::is_missing(a[i]) ? !series::is_missing(b[i]) : a[i] != b[i]) return false;
  }
  return true;
}

void check(const series::Series& read) {
  CHECK(read.size() >= 2 && read.step() > time::Duration(0));
  std::size_t missing = 0;
  for (const double value : read.values()) {
    CHECK(series::is_missing(value) || std::isfinite(value));
    missing += series::is_missing(value) ? 1 : 0;
  }
  CHECK(read.missing_count() == missing);
  CHECK(read.end() > read.begin());
  CHECK(read.slot_at(read.begin()) == std::size_t{0} && !read.slot_at(read.end()));
  const auto again = series::parse_csv(series::to_csv(read), "again.csv");
  CHECK(again.ok() && same(read, *again));
  const auto coarse = series::resample(read, read.step() * 2);
  CHECK(coarse.ok() && coarse->size() <= read.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto intensity = series::parse_csv(text, "fuzz.csv");
  if (intensity) check(*intensity);
  const auto price = series::parse_csv(text, "fuzz.csv", series::ValueColumn::kPrice);
  CHECK(!(intensity.ok() && price.ok()));  // the header tells them apart
  return 0;
}
