#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ebb::store {

/// How values are whole numbers in disguise: value = whole / 10^decimals x factor, in doubles, to the last bit.
struct Decimal {
  std::uint8_t factor = 0;  ///< which of the factors: 1, or that of a unit that an importer turned into g/kWh
  std::uint8_t decimals = 0;
};

inline constexpr std::uint8_t kFactors = 3;
inline constexpr std::uint8_t kMostDecimals = 18;
/// The least whole number that is too large: sums and differences of two of them stay exact in 64 bits and in a double.
inline constexpr std::int64_t kTooLarge = std::int64_t{1} << 51;

/// The form with the fewest decimals that all values have, missing ones aside; fills `wholes` (as many as values; what
/// a missing one gets is the number before it). Nothing where there is none: too many digits, too large, or -0.0.
std::optional<Decimal> find_decimal(std::span<const double> values, std::vector<std::int64_t>& wholes);

/// wholes to values, as find_decimal promises.
void to_values(Decimal form, std::span<const std::int64_t> wholes, std::span<double> values);

}  // namespace ebb::store
