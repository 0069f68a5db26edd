#include "store/differences.h"

#include <algorithm>
#include <array>
#include <bit>

namespace ebb::store {
namespace {

std::uint64_t folded(std::int64_t number) {
  const std::uint64_t twice = static_cast<std::uint64_t>(number) << 1U;
  return number < 0 ? ~twice : twice;
}
/// Unsigned throughout: it wraps where a signed number would be undefined.
std::uint64_t unfolded(std::uint64_t number) { return (number >> 1U) ^ (~(number & 1U) + 1U); }

}  // namespace

std::uint8_t best_order(std::span<const std::int64_t> wholes) {
  std::array<std::uint64_t, kOrders> bits{};
  std::int64_t before = wholes.front();
  std::int64_t slope = 0;
  for (const auto whole : wholes) {
    const std::int64_t difference = whole - before;
    bits[0] += static_cast<std::uint64_t>(std::bit_width(folded(whole - wholes.front())));
    bits[1] += static_cast<std::uint64_t>(std::bit_width(folded(difference)));
    bits[2] += static_cast<std::uint64_t>(std::bit_width(folded(difference - slope)));
    before = whole;
    slope = difference;
  }
  return static_cast<std::uint8_t>(std::min_element(bits.begin(), bits.end()) - bits.begin());
}

void take_differences(std::span<const std::int64_t> wholes, std::uint8_t order, std::vector<std::uint64_t>& rests) {
  rests.resize(wholes.size());
  const std::int64_t first = wholes.front();
  std::int64_t before = first;
  std::int64_t slope = 0;
  for (std::size_t i = 0; i < wholes.size(); ++i) {
    const std::int64_t difference = wholes[i] - before;
    rests[i] = folded(order == 0 ? wholes[i] - first : order == 1 ? difference : difference - slope);
    before = wholes[i];
    slope = difference;
  }
}

void add_up(std::span<const std::uint64_t> rests, std::uint8_t order, std::int64_t first,
            std::span<std::int64_t> wholes) {
  const auto start = static_cast<std::uint64_t>(first);
  if (order == 0) {
    for (std::size_t i = 0; i < rests.size(); ++i) wholes[i] = static_cast<std::int64_t>(start + unfolded(rests[i]));
    return;
  }
  std::uint64_t whole = start;
  std::uint64_t slope = 0;
  const bool lines = order == 2;
  for (std::size_t i = 0; i < rests.size(); ++i) {
    const std::uint64_t difference = unfolded(rests[i]) + (lines ? slope : 0);
    whole += difference;
    slope = difference;
    wholes[i] = static_cast<std::int64_t>(whole);
  }
}

}  // namespace ebb::store
