#include "formats/unit.h"

#include <gtest/gtest.h>

namespace ebb::formats {
namespace {

TEST(Unit, names_of_files_and_apis_become_grams_per_kwh) {
  const auto factor = [](std::string_view text) { return parse_unit(text).value().grams_per_kwh_of_one; };
  EXPECT_EQ(factor("g/kWh"), 1.0);
  EXPECT_EQ(factor("kg/kWh"), 1000.0);
  EXPECT_EQ(factor("kg/MWh"), 1.0);
  EXPECT_EQ(factor("t/MWh"), 1000.0);
  EXPECT_EQ(factor("tonnes CO2 per MWh"), 1000.0);
  EXPECT_EQ(factor("gCO\xe2\x82\x82"
                   "eq/kWh"),
            1.0);
  EXPECT_DOUBLE_EQ(factor("lb/MWh"), 0.45359237);
  EXPECT_DOUBLE_EQ(factor("lbs_co2_per_mwh"), 0.45359237);
  EXPECT_DOUBLE_EQ(factor("lbs/kWh"), 453.59237);
  EXPECT_EQ(parse_unit("lbs_co2_per_mwh")->name, "lb/MWh");
}

TEST(Unit, what_is_no_mass_per_energy_or_does_not_say_which_ton_is_none) {
  for (const auto* text : {"", "g", "/", "percentile", "usd_per_mwh", "tons/MWh", "g/MW", "g per hour", "gg/kWh",
                           "g/kWh/kWh", "MWh/g", "megawatthours"}) {
    EXPECT_FALSE(parse_unit(text).has_value()) << text;
  }
  EXPECT_FALSE(parse_unit(std::string(100000, 'g') + "/kWh").has_value());
}

}  // namespace
}  // namespace ebb::formats
