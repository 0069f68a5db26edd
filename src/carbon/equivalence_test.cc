#include "carbon/equivalence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace ebb::carbon {
namespace {

constexpr const char* kHeader = "singular,plural,grams,year,label,licence,source,note\n";

std::string error_of(const std::string& rows) {
  const auto parsed = parse_equivalences(kHeader + rows, "e.csv");
  return parsed.ok() ? "" : parsed.error().message;
}

std::string text_for(double grams) { return text_of(*choose_equivalence(units::grams(grams))); }

TEST(Equivalence, every_row_that_ships_has_a_source_a_vintage_and_a_licence) {
  ASSERT_GE(known_equivalences().size(), 10U);
  for (const auto& one : known_equivalences()) {
    EXPECT_FALSE(one.source.empty() || one.label.empty() || one.licence.empty()) << one.singular;
    EXPECT_NE(one.label.find(std::to_string(one.year)), std::string::npos) << one.label;
  }
}

TEST(Equivalence, counts_are_readable_from_a_hundredth_of_a_gram_to_a_megatonne) {
  for (double power = -6.0; power <= 12.0; power += 0.01) {
    const double grams = std::pow(10.0, power);
    const auto chosen = choose_equivalence(units::grams(grams));
    if (grams < 0.01) {
      EXPECT_FALSE(chosen.has_value()) << grams;
      continue;
    }
    ASSERT_TRUE(chosen.has_value()) << grams;
    EXPECT_GE(chosen->count, 1.0) << grams;
    if (grams < 1.8e11) {
      EXPECT_LE(chosen->count, 1000.0) << grams << " " << chosen->of.plural;
    }
    EXPECT_NEAR(chosen->count * units::in_grams(chosen->of.each), grams, 1e-9 * grams);
  }
}

TEST(Equivalence, the_newest_vintage_of_a_quantity_is_chosen) {
  for (double grams = 0.02; grams < 1e12; grams *= 1.3) {
    const auto chosen = choose_equivalence(units::grams(grams));
    ASSERT_TRUE(chosen.has_value());
    for (const auto& other : known_equivalences()) {
      if (other.singular != chosen->of.singular) continue;
      const double count = grams / units::in_grams(other.each);
      if (count < 1.0 || count > 1000.0) continue;
      EXPECT_LE(other.year, chosen->of.year) << grams << " " << other.singular;
    }
  }
}

TEST(Equivalence, the_sentence_names_vintage_and_size_and_counts_in_the_right_number) {
  EXPECT_EQ(text_for(12.4 * 41), "about as much as 41 smartphone charges (EPA 2026: 12.4 g each)");
  EXPECT_EQ(text_for(12.4 * 1.01), "about as much as 1 smartphone charge (EPA 2026: 12.4 g each)");
  EXPECT_EQ(text_for(393 * 34), "about as much as 34 miles in an average US passenger car (EPA 2026: 393 g each)");
  EXPECT_EQ(text_for(1.2), "about as much as 120 seconds of video streaming (Carbon Brief 2020: 10.0 mg each)");
  EXPECT_EQ(text_for(181.29e6 * 5516), "about as much as 5,516 railcars of coal burned (EPA 2021: 181 t each)");
}

TEST(Equivalence, nothing_is_said_of_nothing) {
  EXPECT_FALSE(choose_equivalence(units::Emissions{}).has_value());
  EXPECT_FALSE(choose_equivalence(units::grams(-5)).has_value());
  EXPECT_FALSE(choose_equivalence(units::grams(std::numeric_limits<double>::quiet_NaN())).has_value());
  EXPECT_FALSE(choose_equivalence(units::grams(std::numeric_limits<double>::infinity())).has_value());
  EXPECT_FALSE(choose_equivalence(units::grams(5), {}).has_value());
}

TEST(Equivalence, a_corrupted_table_is_refused_with_file_and_line) {
  EXPECT_EQ(error_of("a,as,1,2020,X 2020,CC,s,\n"), "");
  EXPECT_NE(error_of("a,as,0,2020,X 2020,CC,s,\n").find("e.csv:2: grams is 0"), std::string::npos);
  EXPECT_EQ(error_of("a,as,1g,2020,X 2020,CC,s,\n"), "e.csv:2: \"1g\" is no number in grams");
  EXPECT_EQ(error_of("a,as,1,2020.5,X 2020,CC,s,\n"), "e.csv:2: the year is no year");
  EXPECT_EQ(error_of("a,as,1,2020,,CC,s,\n"), "e.csv:2: the field \"label\" is empty");
  EXPECT_EQ(error_of("a,as,1,2020,X,CC,s,\na,as,2,2021,X,CC,s,\n"), "e.csv:3: the quantity comes twice in one vintage");
}

}  // namespace
}  // namespace ebb::carbon
