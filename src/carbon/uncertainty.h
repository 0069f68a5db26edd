#pragma once

#include "base/check.h"
#include "units/quantity.h"

namespace ebb::carbon {

/// A number with the interval that holds it with probability `level`; low <= value <= high. `value` is the best single
/// figure (a median, where the interval is lopsided). With level 0 the ends are a range of published figures.
template <typename Q>
struct Uncertain {
  Q low;
  Q value;
  Q high;
  double level = 0.9;
};

/// The same on plain numbers, for the formulas below.
using UncertainNumber = Uncertain<double>;

/// A number without doubt.
template <typename Q>
Uncertain<Q> exactly(Q value, double level = 0.9) {
  return {value, value, value, level};
}

/// Product of two independent numbers of one level. Both positive (low > 0): relative half-widths add in quadrature
/// on the log scale,
///
///     high = value * exp(sqrt(ln(a.high/a.value)^2 + ln(b.high/b.value)^2)), low alike,
///
/// which is exact where both are log-normal and `value` is the median: for any level, since every quantile of a
/// log-normal number lies z standard deviations of its logarithm away. Else (an intensity may reach 0 or be negative)
/// to first order, JCGM 100:2008 (GUM) 5.1.2: half-width^2 = (b.value * a.half)^2 + (a.value * b.half)^2, side by side.
UncertainNumber product_of(UncertainNumber a, UncertainNumber b);

/// Sum of two independent numbers of one level: half-widths add in quadrature on each side. Exact where both are
/// normal; for lopsided ones an approximation (tested against Monte Carlo to 2% of the sum). Not for parts of one
/// measurement with a common error, such as slots of one sensor: there the ends themselves add.
UncertainNumber sum_of(UncertainNumber a, UncertainNumber b);

/// energy x intensity, power x time, and so on; the levels must be equal (a programmer's duty).
template <int E1, int M1, int C1, int T1, int E2, int M2, int C2, int T2>
auto operator*(const Uncertain<units::Quantity<E1, M1, C1, T1>>& a,
               const Uncertain<units::Quantity<E2, M2, C2, T2>>& b) {
  using Product = decltype(a.value * b.value);
  const auto product = product_of({a.low.raw(), a.value.raw(), a.high.raw(), a.level},
                                  {b.low.raw(), b.value.raw(), b.high.raw(), b.level});
  return Uncertain<Product>{Product(product.low), Product(product.value), Product(product.high), product.level};
}

template <int E, int M, int C, int T>
Uncertain<units::Quantity<E, M, C, T>> operator+(const Uncertain<units::Quantity<E, M, C, T>>& a,
                                                 const Uncertain<units::Quantity<E, M, C, T>>& b) {
  using Sum = units::Quantity<E, M, C, T>;
  const auto sum =
      sum_of({a.low.raw(), a.value.raw(), a.high.raw(), a.level}, {b.low.raw(), b.value.raw(), b.high.raw(), b.level});
  return {Sum(sum.low), Sum(sum.value), Sum(sum.high), sum.level};
}

}  // namespace ebb::carbon
