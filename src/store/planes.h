#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ebb::store {

/// Numbers as planes of bytes: first the lowest byte of each number, then the next of each. A compressor finds more in
/// a plane than in numbers one after another.

/// Bytes that the largest number takes; at least 1.
std::size_t width_of(std::span<const std::uint64_t> numbers);

/// Adds `width` planes.
void put_planes(std::span<const std::uint64_t> numbers, std::size_t width, std::string& out);

/// Reads them back: `planes` must have width x numbers bytes, 1 <= width <= 8.
void take_planes(std::string_view planes, std::size_t width, std::span<std::uint64_t> numbers);

}  // namespace ebb::store
