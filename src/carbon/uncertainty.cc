#include "carbon/uncertainty.h"

#include <cmath>

namespace ebb::carbon {
namespace {

void check(const UncertainNumber& a, const UncertainNumber& b) {
  CHECK(a.low <= a.value && a.value <= a.high);
  CHECK(b.low <= b.value && b.value <= b.high);
  CHECK(a.level == b.level);
}

/// How far `a` times `factor` reaches above its value; a negative factor turns the sides round.
double reach_above(const UncertainNumber& a, double factor) {
  return factor >= 0.0 ? (a.high - a.value) * factor : (a.low - a.value) * factor;
}

}  // namespace

UncertainNumber product_of(UncertainNumber a, UncertainNumber b) {
  check(a, b);
  const double value = a.value * b.value;
  if (a.low > 0.0 && b.low > 0.0) {
    const double up = std::hypot(std::log(a.high / a.value), std::log(b.high / b.value));
    const double down = std::hypot(std::log(a.value / a.low), std::log(b.value / b.low));
    return {value * std::exp(-down), value, value * std::exp(up), a.level};
  }
  const double up = std::hypot(reach_above(a, b.value), reach_above(b, a.value));
  const double down = std::hypot(reach_above(a, -b.value), reach_above(b, -a.value));
  return {value - down, value, value + up, a.level};
}

UncertainNumber sum_of(UncertainNumber a, UncertainNumber b) {
  check(a, b);
  const double value = a.value + b.value;
  return {value - std::hypot(a.value - a.low, b.value - b.low), value,
          value + std::hypot(a.high - a.value, b.high - b.value), a.level};
}

}  // namespace ebb::carbon
