#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ebb::store {

/// Whole numbers as what is left of them: of order 0 their distance to the first, of order 1 to the one before, of
/// order 2 to where a straight line through the two before leads. Signs go into the lowest bit, so that small ones of
/// either sign are small numbers.
inline constexpr std::uint8_t kOrders = 3;

/// The order whose rest takes the fewest bits in all.
std::uint8_t best_order(std::span<const std::int64_t> wholes);

/// wholes: below 2^51 in size, so that nothing overflows.
void take_differences(std::span<const std::int64_t> wholes, std::uint8_t order, std::vector<std::uint64_t>& rests);

/// The wholes again, given the first; where the rests were never made of wholes, sums wrap around.
void add_up(std::span<const std::uint64_t> rests, std::uint8_t order, std::int64_t first,
            std::span<std::int64_t> wholes);

}  // namespace ebb::store
