#include <gtest/gtest.h>

#include <type_traits>

#include "units/format.h"
#include "units/parse.h"
#include "units/quantity.h"

namespace ebb::units {
namespace {

template <typename A, typename B>
concept Addable = requires(A a, B b) {
  a + b;
};

TEST(Quantity, dimensions_are_checked_when_it_compiles) {
  static_assert(Addable<Energy, Energy>);
  static_assert(!Addable<Energy, Power>, "J + W must not compile");
  static_assert(!Addable<Emissions, Money>);
  static_assert(!std::is_convertible_v<double, Energy>);
  static_assert(std::is_same_v<decltype(watts(1) * seconds(1)), Energy>);
  static_assert(std::is_same_v<decltype(kilowatt_hours(1) * grams_per_kwh(1)), Emissions>);
  static_assert(std::is_same_v<decltype(grams(1) * price_per_tonne(1)), Money>);
  EXPECT_DOUBLE_EQ(in_kwh(watts(3200) * seconds(3600)), 3.2) << "8 GPUs of 400 W for an hour";
  EXPECT_DOUBLE_EQ(in_grams(kilowatt_hours(3.1) * grams_per_kwh(400)), 1240.0);
}

TEST(Parse, reads_powers_and_energies_with_units_only) {
  EXPECT_DOUBLE_EQ(in_watts(*parse_power("8x300W")), 2400.0);
  EXPECT_DOUBLE_EQ(in_watts(*parse_power("1.2kW")), 1200.0);
  EXPECT_DOUBLE_EQ(in_kwh(*parse_energy("37.3kWh")), 37.3);
  EXPECT_DOUBLE_EQ(in_joules(*parse_energy("5MJ")), 5e6);
  for (const auto* bad : {"", "250", "W", "-5W", "8.5x300W", "infW", "nanW", "1e400W", "3kWh", "x300W", "8xx3W"}) {
    EXPECT_FALSE(parse_power(bad).ok()) << bad;
  }
  for (const auto* bad : {"", "3", "3kW", "-1kWh", "1e308GWh"}) EXPECT_FALSE(parse_energy(bad).ok()) << bad;
}

TEST(Format, three_digits_with_a_fitting_unit) {
  EXPECT_EQ(text_of(grams(0)), "0 g");
  EXPECT_EQ(text_of(grams(41.23)), "41.2 g");
  EXPECT_EQ(text_of(grams(999.6)), "1.00 kg");
  EXPECT_EQ(text_of(grams(1320.1)), "1.32 kg");
  EXPECT_EQ(text_of(grams(31.8e6)), "31.8 t");
  EXPECT_EQ(text_of(kilowatt_hours(3.1)), "3.10 kWh");
  EXPECT_EQ(text_of(kilowatt_hours(103593)), "104 MWh");
  EXPECT_EQ(text_of(grams_per_kwh(335.2)), "335 g/kWh");
  EXPECT_EQ(three_digits(1234567.0), "1,234,567");
  EXPECT_EQ(three_digits(-12.34), "-12.3");
  EXPECT_EQ(three_digits(0.04123), "0.0412");
}

}  // namespace
}  // namespace ebb::units
