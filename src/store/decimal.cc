#include "store/decimal.h"

#include <array>
#include <bit>
#include <cmath>

namespace ebb::store {
namespace {

// g/kWh as published; kg/kWh made g/kWh; lb/MWh made g/kWh.
constexpr std::array<double, kFactors> kFactorValues{1.0, 1000.0, 0.45359237};
// Powers that a double holds exactly.
constexpr std::array<double, kMostDecimals + 1> kPowers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                                        1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

class Form {
 public:
  explicit Form(Decimal form) : factor_(kFactorValues[form.factor]), power_(kPowers[form.decimals]) {}

  [[nodiscard]] double value_of(double whole) const { return whole / power_ * factor_; }

  /// Whether the value is a whole number in this form, and which.
  bool whole_of(double value, std::int64_t& whole) const {
    // To the nearest whole number, by pushing the fraction out of the double: as exact as nearbyint, and inlined.
    constexpr double kPush = 6755399441055744.0;  // 1.5 x 2^52
    const double near = value / factor_ * power_;
    if (!(std::fabs(near) < static_cast<double>(kTooLarge))) return false;
    const double rounded = (near + kPush) - kPush;
    whole = static_cast<std::int64_t>(rounded);
    // Not by ==: 0.0 must not pass for -0.0.
    return std::bit_cast<std::uint64_t>(value_of(rounded)) == std::bit_cast<std::uint64_t>(value);
  }

 private:
  double factor_;
  double power_;
};

/// The fewest decimals that no value gives away as too few, each seen once; more than kMostDecimals where there are
/// none.
std::uint8_t least_decimals(std::span<const double> values, std::uint8_t factor) {
  std::uint8_t decimals = 0;
  std::int64_t whole = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    while (!Form({factor, decimals}).whole_of(value, whole)) {
      if (++decimals > kMostDecimals) return decimals;
    }
  }
  return decimals;
}

bool take_wholes(std::span<const double> values, const Form& form, std::vector<std::int64_t>& wholes) {
  wholes.resize(values.size());
  std::int64_t whole = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i]) && !form.whole_of(values[i], whole)) return false;
    wholes[i] = whole;
  }
  return true;
}

}  // namespace

std::optional<Decimal> find_decimal(std::span<const double> values, std::vector<std::int64_t>& wholes) {
  for (std::uint8_t factor = 0; factor < kFactors; ++factor) {
    const Decimal form{factor, least_decimals(values, factor)};
    if (form.decimals > kMostDecimals) continue;
    // Values seen before the decimals grew are seen again: with more decimals they may be too large.
    if (take_wholes(values, Form(form), wholes)) return form;
  }
  return std::nullopt;
}

void to_values(Decimal form, std::span<const std::int64_t> wholes, std::span<double> values) {
  const Form decimal(form);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = decimal.value_of(static_cast<double>(wholes[i]));
}

}  // namespace ebb::store
