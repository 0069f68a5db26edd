#include "store/planes.h"

#include <algorithm>
#include <bit>

#include "base/check.h"

namespace ebb::store {
namespace {

/// The width is a constant here, so that the compiler takes several numbers at a time.
template <std::size_t width>
void take(const char* planes, std::span<std::uint64_t> numbers) {
  const std::size_t count = numbers.size();
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t number = 0;
    for (std::size_t plane = 0; plane < width; ++plane) {
      number |= std::uint64_t{static_cast<unsigned char>(planes[plane * count + i])} << (8 * plane);
    }
    numbers[i] = number;
  }
}

}  // namespace

std::size_t width_of(std::span<const std::uint64_t> numbers) {
  std::uint64_t every = 0;
  for (const auto number : numbers) every |= number;
  return std::max<std::size_t>(1, (static_cast<std::size_t>(std::bit_width(every)) + 7) / 8);
}

void put_planes(std::span<const std::uint64_t> numbers, std::size_t width, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + width * numbers.size());
  for (std::size_t plane = 0; plane < width; ++plane) {
    char* at = out.data() + start + plane * numbers.size();
    for (const auto number : numbers) *at++ = static_cast<char>(static_cast<unsigned char>(number >> (8 * plane)));
  }
}

void take_planes(std::string_view planes, std::size_t width, std::span<std::uint64_t> numbers) {
  CHECK(planes.size() == width * numbers.size());
  const char* at = planes.data();
  switch (width) {
    case 1:
      return take<1>(at, numbers);
    case 2:
      return take<2>(at, numbers);
    case 3:
      return take<3>(at, numbers);
    case 4:
      return take<4>(at, numbers);
    case 5:
      return take<5>(at, numbers);
    case 6:
      return take<6>(at, numbers);
    case 7:
      return take<7>(at, numbers);
    case 8:
      return take<8>(at, numbers);
    default:
      CHECK(false);
  }
}

}  // namespace ebb::store
