#include "cli/estimate_words.h"

#include <gtest/gtest.h>

namespace ebb::cli {
namespace {

Arguments with(std::initializer_list<std::pair<std::string_view, const char*>> given) {
  Arguments arguments;
  for (const auto& [option, value] : given) arguments.add(option, value);
  return arguments;
}

base::Expected<std::pair<double, std::string>> boards(const Arguments& arguments) {
  return several(arguments, "--gpu", "--gpus");
}

TEST(EstimateWords, a_number_stands_before_the_name_or_in_its_own_option) {
  EXPECT_EQ(boards(with({{"--gpu", "A100"}})).value(), std::pair(1.0, std::string("A100")));
  EXPECT_EQ(boards(with({{"--gpu", "8xA100"}})).value(), std::pair(8.0, std::string("A100")));
  EXPECT_EQ(boards(with({{"--gpu", "A100"}, {"--gpus", "8"}})).value(), std::pair(8.0, std::string("A100")));
  EXPECT_EQ(boards(with({{"--gpu", "RTX 3090"}})).value(), std::pair(1.0, std::string("RTX 3090")))
      << "no x of a number";
  EXPECT_EQ(boards(with({{"--gpu", "4 x V100"}})).value().second, "4 x V100") << "a blank is no number's";
}

TEST(EstimateWords, a_number_that_is_said_twice_or_is_none_is_refused) {
  EXPECT_FALSE(boards(with({{"--gpu", "8xA100"}, {"--gpus", "8"}})).ok());
  EXPECT_FALSE(boards(with({{"--gpu", "0xA100"}})).ok());
  EXPECT_FALSE(boards(with({{"--gpu", "99999999999999999999xA100"}})).ok());
  EXPECT_FALSE(boards(with({{"--gpu", "A100"}, {"--gpus", "-1"}})).ok());
  EXPECT_FALSE(boards(with({{"--gpu", "A100"}, {"--gpus", "nan"}})).ok());
}

TEST(EstimateWords, sizes_have_units) {
  EXPECT_EQ(parse_gigabytes("64GB").value(), 64.0);
  EXPECT_EQ(parse_gigabytes(" 64 gb ").value(), 64.0);
  EXPECT_EQ(parse_gigabytes("1.5TB").value(), 1500.0);
  EXPECT_NEAR(parse_gigabytes("64GiB").value(), 68.719, 0.001);
  EXPECT_NEAR(parse_gigabytes("512MB").value(), 0.512, 1e-12);
  for (const auto* bad : {"64", "GB", "-1GB", "nanGB", "1e400GB", "64GBGB", "", "64 kB", "1e12TB"}) {
    EXPECT_FALSE(parse_gigabytes(bad).ok()) << bad;
  }
}

TEST(EstimateWords, what_is_said_of_utilisation_has_no_range) {
  constexpr Busy kOtherwise{0.1, 0.5, 1.0, false};
  const auto said = busy_of(with({{"--utilisation", "70%"}}), "--utilisation", kOtherwise).value();
  EXPECT_EQ(said.low, 0.7);
  EXPECT_EQ(said.high, 0.7);
  EXPECT_EQ(text_of(said), "working 70% of the time");
  const auto unsaid = busy_of(with({}), "--utilisation", kOtherwise).value();
  EXPECT_EQ(unsaid.low, 0.1);
  EXPECT_EQ(text_of(unsaid), "working 10 to 100% of the time, as nobody said");
  EXPECT_FALSE(busy_of(with({{"--utilisation", "170%"}}), "--utilisation", kOtherwise).ok());
}

TEST(EstimateWords, a_range_of_use_spans_the_ends_of_both) {
  const auto power_at = [](double share) {
    const auto value = units::watts(100.0 * share);
    return hardware::PowerRange{value * 0.5, value, value * 2.0, 0.9};
  };
  const auto power = spanned({0.1, 0.5, 1.0, false}, power_at);
  EXPECT_DOUBLE_EQ(units::in_watts(power.low), 5.0);
  EXPECT_DOUBLE_EQ(units::in_watts(power.value), 50.0);
  EXPECT_DOUBLE_EQ(units::in_watts(power.high), 200.0);
}

}  // namespace
}  // namespace ebb::cli
