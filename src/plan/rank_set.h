#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ebb::plan {

/// A set of small whole numbers as two levels of bits: membership, and the next or previous member, in a few
/// instructions however sparse it is. Thread safety: none.
class RankSet {
 public:
  static constexpr std::uint32_t kNone = 0xffffffffU;

  /// Numbers from 0 to largest can be held.
  explicit RankSet(std::size_t largest) : words_(largest / 64 + 1), summary_(largest / 4096 + 1) {}

  void insert(std::uint32_t n) {
    words_[n >> 6] |= bit(n);
    summary_[n >> 12] |= bit(n >> 6);
  }
  void erase(std::uint32_t n) {
    words_[n >> 6] &= ~bit(n);
    if (words_[n >> 6] == 0) summary_[n >> 12] &= ~bit(n >> 6);
  }
  [[nodiscard]] bool contains(std::uint32_t n) const { return (words_[n >> 6] >> (n & 63) & 1U) != 0; }

  /// The smallest member >= n, or kNone.
  [[nodiscard]] std::uint32_t at_or_after(std::uint32_t n) const {
    std::size_t word = n >> 6;
    if (word >= words_.size()) return kNone;
    if (const std::uint64_t here = words_[word] >> (n & 63); here != 0) {
      return n + static_cast<std::uint32_t>(std::countr_zero(here));
    }
    ++word;
    for (std::size_t group = word >> 6; group < summary_.size(); word = ++group << 6) {
      if (const std::uint64_t busy = summary_[group] >> (word & 63); busy != 0) {
        word += static_cast<std::size_t>(std::countr_zero(busy));
        return static_cast<std::uint32_t>((word << 6) + static_cast<std::size_t>(std::countr_zero(words_[word])));
      }
    }
    return kNone;
  }
  /// The largest member <= n, or kNone.
  [[nodiscard]] std::uint32_t at_or_before(std::uint32_t n) const {
    std::size_t word = n >> 6;
    if (const std::uint64_t here = words_[word] << (63 - (n & 63)); here != 0) {
      return n - static_cast<std::uint32_t>(std::countl_zero(here));
    }
    while (word-- > 0) {
      const std::uint64_t busy = summary_[word >> 6] << (63 - (word & 63));
      if (busy == 0) {
        word &= ~std::size_t{63};
        continue;
      }
      word -= static_cast<std::size_t>(std::countl_zero(busy));
      return static_cast<std::uint32_t>((word << 6) + 63 - static_cast<std::size_t>(std::countl_zero(words_[word])));
    }
    return kNone;
  }

 private:
  static std::uint64_t bit(std::uint32_t n) { return std::uint64_t{1} << (n & 63); }

  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> summary_;  ///< bit w: word w is not empty
};

}  // namespace ebb::plan
