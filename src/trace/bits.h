#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace ebb::trace {

/// Writes numbers as bits, the highest first, in Exp-Golomb codes of order k: 2^k is about the number expected. A
/// number below 2^k takes k + 1 bits; each doubling of it beyond takes two more.
class BitWriter {
 public:
  void bits(std::uint64_t value, int count) {
    while (count > 0) {
      if (free_ == 0) {
        bytes_.push_back('\0');
        free_ = 8;
      }
      const int taken = count < free_ ? count : free_;
      const auto piece = (value >> (count - taken)) & ((1U << taken) - 1U);
      bytes_.back() = static_cast<char>(static_cast<unsigned char>(bytes_.back()) | (piece << (free_ - taken)));
      free_ -= taken;
      count -= taken;
    }
  }
  /// value < 2^63, 1 <= k <= 32.
  void number(std::uint64_t value, int k) {
    const std::uint64_t head = (value >> k) + 1;
    const int width = static_cast<int>(std::bit_width(head));
    bits(0, width - 1);
    bits(head, width);
    bits(value, k);
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  int free_ = 0;  ///< bits of the last byte that are not used
};

/// Reads what BitWriter wrote. Past the end, or on a number of 63 bits or more, it fails, gives zeros and stays failed.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t bits(int count) {
    std::uint64_t value = 0;
    for (; count > 0 && !failed_; --count) value = value << 1U | bit();
    return failed_ ? 0 : value;
  }
  std::uint64_t number(int k) {
    int zeros = 0;
    while (!failed_ && bit() == 0) ++zeros;
    if (zeros + k >= 63) failed_ = true;
    const std::uint64_t head = (std::uint64_t{1} << (failed_ ? 0 : zeros)) | bits(zeros);
    const std::uint64_t low = bits(k);
    return failed_ ? 0 : ((head - 1) << k) | low;
  }
  void fail() { failed_ = true; }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t bits_left() const { return bytes_.size() * 8 - at_; }
  /// All was read but the zeros that fill the last byte.
  [[nodiscard]] bool at_end() {
    if (failed_ || bits_left() >= 8) return false;
    return bits(static_cast<int>(bits_left())) == 0;
  }

 private:
  unsigned bit() {
    if (at_ >= bytes_.size() * 8) {
      failed_ = true;
      return 0;
    }
    const auto byte = static_cast<unsigned char>(bytes_[at_ / 8]);
    return (byte >> (7 - at_++ % 8)) & 1U;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;  ///< in bits
  bool failed_ = false;
};

}  // namespace ebb::trace
