#pragma once

#include <compare>

namespace ebb::units {

/// A number with its dimension: energy^E * mass^M * money^C / time^T. Sums need equal dimensions; products and
/// quotients make new ones; anything else does not compile. Held as double in joule, gram, currency and second.
///
/// Made and read by name only (`kilowatt_hours(2)`, `in_joules(e)`), so that a raw number never passes a boundary.
template <int E, int M, int C, int T>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(double raw) : raw_(raw) {}
  /// In the base units named above; for the named readers and the algebra below only.
  [[nodiscard]] constexpr double raw() const { return raw_; }

  constexpr Quantity& operator+=(Quantity other) { return raw_ += other.raw_, *this; }
  constexpr Quantity& operator-=(Quantity other) { return raw_ -= other.raw_, *this; }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.raw_ + b.raw_); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.raw_ - b.raw_); }
  friend constexpr Quantity operator-(Quantity a) { return Quantity(-a.raw_); }
  friend constexpr Quantity operator*(Quantity a, double factor) { return Quantity(a.raw_ * factor); }
  friend constexpr Quantity operator*(double factor, Quantity a) { return Quantity(a.raw_ * factor); }
  friend constexpr Quantity operator/(Quantity a, double divisor) { return Quantity(a.raw_ / divisor); }
  // NOLINTNEXTLINE(modernize-use-nullptr): a defaulted <=> compares with 0.
  friend constexpr auto operator<=>(Quantity, Quantity) = default;

 private:
  double raw_ = 0.0;
};

template <int E1, int M1, int C1, int T1, int E2, int M2, int C2, int T2>
constexpr Quantity<E1 + E2, M1 + M2, C1 + C2, T1 + T2> operator*(Quantity<E1, M1, C1, T1> a,
                                                                 Quantity<E2, M2, C2, T2> b) {
  return Quantity<E1 + E2, M1 + M2, C1 + C2, T1 + T2>(a.raw() * b.raw());
}
template <int E1, int M1, int C1, int T1, int E2, int M2, int C2, int T2>
constexpr Quantity<E1 - E2, M1 - M2, C1 - C2, T1 - T2> operator/(Quantity<E1, M1, C1, T1> a,
                                                                 Quantity<E2, M2, C2, T2> b) {
  return Quantity<E1 - E2, M1 - M2, C1 - C2, T1 - T2>(a.raw() / b.raw());
}

using Energy = Quantity<1, 0, 0, 0>;
using Emissions = Quantity<0, 1, 0, 0>;
using Money = Quantity<0, 0, 1, 0>;
using Seconds = Quantity<0, 0, 0, 1>;
using Power = Quantity<1, 0, 0, -1>;
using Intensity = Quantity<-1, 1, 0, 0>;    ///< emissions per energy
using Price = Quantity<-1, 0, 1, 0>;        ///< money per energy
using CarbonPrice = Quantity<0, -1, 1, 0>;  ///< money per emissions
using Ratio = Quantity<0, 0, 0, 0>;

inline constexpr double kJoulesPerKwh = 3.6e6;

/// No job comes near these (all of mankind uses 2e13 W); what is larger is a mistake, and sums of these stay finite.
inline constexpr double kLargestWatts = 1e15;
inline constexpr double kLargestJoules = 1e24;

constexpr Energy joules(double value) { return Energy(value); }
constexpr Energy kilowatt_hours(double value) { return Energy(value * kJoulesPerKwh); }
constexpr Power watts(double value) { return Power(value); }
constexpr Emissions grams(double value) { return Emissions(value); }
constexpr Seconds seconds(double value) { return Seconds(value); }
constexpr Money money(double value) { return Money(value); }
constexpr Intensity grams_per_kwh(double value) { return Intensity(value / kJoulesPerKwh); }
constexpr Price price_per_kwh(double value) { return Price(value / kJoulesPerKwh); }
constexpr CarbonPrice price_per_tonne(double value) { return CarbonPrice(value / 1e6); }

constexpr double in_joules(Energy e) { return e.raw(); }
constexpr double in_kwh(Energy e) { return e.raw() / kJoulesPerKwh; }
constexpr double in_watts(Power p) { return p.raw(); }
constexpr double in_grams(Emissions g) { return g.raw(); }
constexpr double in_seconds(Seconds s) { return s.raw(); }
constexpr double in_money(Money m) { return m.raw(); }
constexpr double in_grams_per_kwh(Intensity i) { return i.raw() * kJoulesPerKwh; }
constexpr double in_price_per_kwh(Price p) { return p.raw() * kJoulesPerKwh; }
constexpr double as_number(Ratio r) { return r.raw(); }

}  // namespace ebb::units
