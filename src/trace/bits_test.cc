#include "trace/bits.h"

#include <gtest/gtest.h>

#include <random>

namespace ebb::trace {
namespace {

TEST(Bits, numbers_come_back_and_take_the_bits_that_are_promised) {
  for (const int k : {1, 3, 20, 32}) {
    for (int shift = 0; shift < 62 - k; ++shift) {
      for (const std::uint64_t value : {(std::uint64_t{1} << shift) - 1, std::uint64_t{1} << shift}) {
        BitWriter writer;
        writer.bits(1, 3);
        writer.number(value, k);
        BitReader reader(writer.bytes());
        EXPECT_EQ(reader.bits(3), 1U);
        EXPECT_EQ(reader.number(k), value);
        EXPECT_TRUE(reader.at_end());
      }
    }
  }
  BitWriter small;
  small.number((1U << 20U) - 1, 20);
  EXPECT_EQ(small.bytes().size(), 3U) << "21 bits";
  BitWriter large;
  large.number((1U << 20U) + 7, 20);
  EXPECT_EQ(BitReader(large.bytes()).bits(3), 0b010U) << "then 20 more bits";
}

TEST(Bits, noise_is_read_or_fails_and_a_failed_reader_stays_failed) {
  std::mt19937 random(3);
  for (int round = 0; round < 10'000; ++round) {
    std::string noise;
    for (auto size = random() % 20; size > 0; --size) noise += static_cast<char>(random() % 3 == 0 ? random() : 0);
    BitReader reader(noise);
    for (int i = 0; i < 400 && !reader.failed(); ++i) {
      EXPECT_LT(reader.number(static_cast<int>(1 + random() % 32)), std::uint64_t{1} << 63U);
    }
    EXPECT_TRUE(reader.failed());
    EXPECT_EQ(reader.bits(1), 0U);
    EXPECT_FALSE(reader.at_end());
  }
}

}  // namespace
}  // namespace ebb::trace
