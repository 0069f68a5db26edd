#include "store/codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace ebb::store {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr Place kPlace{3, -70'000};

std::vector<double> back(const std::vector<double>& values) {
  Codec codec;
  std::vector<double> out(values.size());
  const auto status = codec.decode(kPlace, std::string(codec.encode(kPlace, values)), out);
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message);
  return out;
}

void expect_same_bits(const std::vector<double>& values) {
  const auto out = back(values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) {
      ASSERT_TRUE(std::isnan(out[i])) << i;
    } else {
      ASSERT_EQ(std::bit_cast<std::uint64_t>(out[i]), std::bit_cast<std::uint64_t>(values[i]))
          << i << ": " << values[i];
    }
  }
}

TEST(Codec, gives_back_every_double_to_the_last_bit) {
  using limits = std::numeric_limits<double>;
  expect_same_bits({263.467});
  expect_same_bits({0.0, -0.0, 0.0});
  expect_same_bits({limits::max(), limits::lowest(), limits::min(), limits::denorm_min(), -limits::denorm_min()});
  expect_same_bits({1.0 / 3.0, 0.1 + 0.2, 1e15 + 0.5, 4503599627370497.5, 9007199254740993.0, 1e300});
  expect_same_bits({-12.5, -0.001, 100, 99.99, 1e-12});
}

TEST(Codec, gives_back_missing_values_wherever_they_stand) {
  expect_same_bits({kNan});
  expect_same_bits({kNan, kNan, 1.5, kNan});
  expect_same_bits({1.5, kNan, 2.5, kNan, kNan, 1.0 / 3.0});
  std::vector<double> every_other(kMostValues, 7.25);
  for (std::size_t i = 0; i < every_other.size(); i += 2) every_other[i] = kNan;
  expect_same_bits(every_other);
  std::vector<double> last(kMostValues, kNan);
  last.back() = 1.0;
  expect_same_bits(last);
  expect_same_bits(std::vector<double>(kMostValues, kNan));
}

/// Numbers such as files of grid data hold, and such as they do not.
double draw(std::mt19937_64& random, unsigned kind) {
  const double uniform = static_cast<double>(random() >> 11U) * 0x1p-53;
  switch (kind) {
    case 0:
      return std::round(uniform * 1e5) / 100.0;
    case 1:
      return std::round(uniform * 1e9) / 1e6 - 300.0;
    case 2:
      return std::round(uniform * 1e14) / 1e15 * 1000.0;  // kg/kWh made g/kWh
    case 3:
      return std::round(uniform * 3e4) / 10.0 * 0.45359237;  // lb/MWh made g/kWh
    case 4:
      return uniform * 500.0;
    case 5:
      return static_cast<double>(static_cast<std::int64_t>(random()));
    default: {
      const auto any = std::bit_cast<double>(random());
      return std::isfinite(any) ? any : 0.0;
    }
  }
}

TEST(Codec, gives_back_random_series_of_every_kind) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 600; ++round) {
    const auto first = static_cast<unsigned>(random() % 7);
    const auto second = round % 3 == 0 ? static_cast<unsigned>(random() % 7) : first;
    std::vector<double> values(1 + random() % 700);
    const bool gaps = random() % 2 == 0;
    for (auto& value : values) {
      value = draw(random, random() % 50 == 0 ? second : first);
      if (gaps && random() % 9 == 0) value = kNan;
    }
    expect_same_bits(values);
  }
}

std::size_t bytes_for(unsigned kind, std::size_t count) {
  std::mt19937_64 random(7);
  std::vector<double> values(count);
  for (auto& value : values) value = draw(random, kind);
  return Codec().encode(kPlace, values).size();
}

TEST(Codec, takes_few_bytes_for_few_digits_whatever_unit_they_were_published_in) {
  EXPECT_LT(bytes_for(0, 8000), 8000U * 19 / 8) << "17 bits of noise";
  EXPECT_LT(bytes_for(3, 8000), 8000U * 9 / 4) << "15 bits of noise in lb/MWh";
  EXPECT_LT(bytes_for(2, 8000), 8000U * 13 / 2) << "47 bits of noise in kg/kWh";
  EXPECT_LT(bytes_for(4, 8000), 8000U * 8) << "52 bits of noise";
  EXPECT_LT(Codec().encode(kPlace, std::vector<double>(8000, 61.5)).size(), 100U);
}

TEST(Codec, gives_no_wrong_number_where_a_byte_is_damaged) {
  std::mt19937_64 random(5);
  std::vector<double> values(500);
  for (auto& value : values) value = draw(random, random() % 10 == 0 ? 4 : 0);
  values[20] = values[21] = kNan;
  Codec codec;
  const std::string whole(codec.encode(kPlace, values));
  std::vector<double> out(values.size());
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  int unused = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto bytes = whole;
    bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ (1U << (random() % 8)));
    // A few bits of zstd's frame mean nothing: without them the values are what they were.
    if (codec.decode(kPlace, bytes, out).ok()) {
      ++unused;
      ASSERT_TRUE(std::equal(out.begin(), out.end(), values.begin(), same)) << "byte " << i;
    }
    ASSERT_FALSE(codec.decode(kPlace, whole.substr(0, i), out).ok()) << "cut to " << i;
  }
  EXPECT_LT(unused, 3);
  EXPECT_FALSE(codec.decode(kPlace, whole + "x", out).ok());
  EXPECT_TRUE(codec.decode(kPlace, whole, out).ok());
}

TEST(Codec, refuses_bytes_of_another_place) {
  Codec codec;
  const std::string bytes(codec.encode(kPlace, std::vector<double>{1, 2, 3}));
  std::vector<double> three(3);
  std::vector<double> four(4);
  EXPECT_TRUE(codec.decode(kPlace, bytes, three).ok());
  EXPECT_EQ(codec.decode({kPlace.series + 1, kPlace.first_slot}, bytes, three).error().message,
            "it is the piece of another place");
  EXPECT_FALSE(codec.decode({kPlace.series, kPlace.first_slot + 1}, bytes, three).ok());
  EXPECT_FALSE(codec.decode(kPlace, bytes, four).ok());
}

}  // namespace
}  // namespace ebb::store
