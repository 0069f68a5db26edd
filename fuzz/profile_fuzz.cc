// Energy only grows along a profile, adds up over its pieces, and is finite.
#include <cmath>

#include "target.h"
#include "workload/profile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto profile = workload::parse_profile(fuzz::text_of(data, size), "fuzz.csv");
  if (!profile) return 0;
  CHECK(profile->duration() > time::Duration(0) && std::isfinite(units::in_joules(profile->energy())));
  CHECK(profile->energy_until(time::Duration(0)) == units::Energy{});
  CHECK(profile->energy_until(profile->duration()) == profile->energy());
  time::Duration begin{0};
  units::Energy so_far;
  for (const auto& piece : profile->pieces()) {
    CHECK(piece.end > begin && piece.power >= units::Power{});
    const auto middle = profile->energy_until(begin + (piece.end - begin) / 2);
    const auto until = profile->energy_until(piece.end);
    const double rounding = 1e-9 * units::in_joules(until);
    CHECK(units::in_joules(so_far) <= units::in_joules(middle) + rounding);
    CHECK(units::in_joules(middle) <= units::in_joules(until) + rounding);
    so_far = until;
    begin = piece.end;
  }
  return 0;
}
