#include "carbon/uncertainty.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <type_traits>
#include <utility>
#include <vector>

namespace ebb::carbon {
namespace {

constexpr double kZ90 = 1.6448536269514722;  // 5% and 95% of a normal lie so many deviations from its middle

UncertainNumber log_normal(double median, double sigma) {
  return {median * std::exp(-kZ90 * sigma), median, median * std::exp(kZ90 * sigma), 0.9};
}
UncertainNumber normal(double mean, double sigma) { return {mean - kZ90 * sigma, mean, mean + kZ90 * sigma, 0.9}; }

/// 5%, 50% and 95% of what `draw` gives, from 400,000 draws of a fixed seed.
UncertainNumber monte_carlo(const std::function<double(std::mt19937_64&)>& draw) {
  std::mt19937_64 random(20220621);
  std::vector<double> values(400000);
  for (auto& value : values) value = draw(random);
  std::sort(values.begin(), values.end());
  const auto quantile = [&values](double q) { return values[static_cast<std::size_t>(q * 400000)]; };
  return {quantile(0.05), quantile(0.5), quantile(0.95), 0.9};
}

double draw_log_normal(std::mt19937_64& random, double median, double sigma) {
  return median * std::exp(std::normal_distribution(0.0, sigma)(random));
}

void expect_close(const UncertainNumber& a, const UncertainNumber& b, double relative) {
  EXPECT_NEAR(a.low, b.low, relative * std::fabs(b.value));
  EXPECT_NEAR(a.value, b.value, relative * std::fabs(b.value));
  EXPECT_NEAR(a.high, b.high, relative * std::fabs(b.value));
}

TEST(Uncertainty, a_product_of_log_normals_agrees_with_monte_carlo) {
  for (const auto& [a, b] : {std::pair(0.05, 0.3), std::pair(0.2, 0.2), std::pair(0.6, 0.1)}) {
    const auto product = product_of(log_normal(3.1, a), log_normal(335, b));
    const auto drawn = monte_carlo([a = a, b = b](std::mt19937_64& random) {
      return draw_log_normal(random, 3.1, a) * draw_log_normal(random, 335, b);
    });
    expect_close(product, drawn, 0.015);
  }
}

TEST(Uncertainty, a_sum_agrees_with_monte_carlo_for_normals_and_nearly_for_lopsided_ones) {
  const auto normals = monte_carlo([](std::mt19937_64& random) {
    return std::normal_distribution(10.0, 2.0)(random) + std::normal_distribution(-3.0, 1.0)(random);
  });
  expect_close(sum_of(normal(10, 2), normal(-3, 1)), normals, 0.01);
  const auto lopsided = monte_carlo(
      [](std::mt19937_64& random) { return draw_log_normal(random, 100, 0.15) + draw_log_normal(random, 60, 0.25); });
  expect_close(sum_of(log_normal(100, 0.15), log_normal(60, 0.25)), lopsided, 0.02);
}

TEST(Uncertainty, a_product_that_may_be_zero_or_negative_agrees_with_monte_carlo_to_first_order) {
  for (const double middle : {40.0, -40.0, 10.0}) {
    const auto drawn = monte_carlo([middle](std::mt19937_64& random) {
      return std::normal_distribution(5.0, 0.2)(random) * std::normal_distribution(middle, 30.0)(random);
    });
    const auto product = product_of(normal(5, 0.2), normal(middle, 30));
    const double width = drawn.high - drawn.low;
    EXPECT_NEAR(product.low, drawn.low, 0.02 * width);
    EXPECT_NEAR(product.high, drawn.high, 0.02 * width);
  }
}

TEST(Uncertainty, what_is_certain_adds_no_width_and_the_order_does_not_matter) {
  const auto a = log_normal(3, 0.2);
  const auto doubled = product_of(a, exactly(2.0));
  expect_close(doubled, {2 * a.low, 2 * a.value, 2 * a.high}, 1e-12);
  expect_close(sum_of(a, exactly(1.0)), {a.low + 1, a.value + 1, a.high + 1}, 1e-12);
  const auto b = log_normal(7, 0.4);
  expect_close(product_of(a, b), product_of(b, a), 1e-15);
  expect_close(product_of(product_of(a, b), b), product_of(a, product_of(b, b)), 1e-12);
}

TEST(Uncertainty, a_negative_factor_turns_a_lopsided_interval_round) {
  const auto turned = product_of({1, 2, 4, 0.9}, exactly(-1.0));
  EXPECT_EQ(turned.low, -4);
  EXPECT_EQ(turned.value, -2);
  EXPECT_EQ(turned.high, -1);
}

TEST(Uncertainty, a_product_is_wider_than_each_factor_and_narrower_than_its_ends_multiplied) {
  const auto a = log_normal(3, 0.2);
  const auto b = log_normal(7, 0.4);
  const auto product = product_of(a, b);
  EXPECT_GT(product.high / product.value, b.high / b.value);
  EXPECT_LT(product.high, a.high * b.high);
  EXPECT_GT(product.low, a.low * b.low);
}

TEST(Uncertainty, energy_by_intensity_is_emissions) {
  const Uncertain<units::Energy> energy{units::kilowatt_hours(2.8), units::kilowatt_hours(3.0),
                                        units::kilowatt_hours(3.3), 0.9};
  const auto emissions = energy * exactly(units::grams_per_kwh(400));
  static_assert(std::is_same_v<decltype(emissions.value), units::Emissions>);
  EXPECT_NEAR(units::in_grams(emissions.value), 1200, 1e-9);
  EXPECT_NEAR(units::in_grams(emissions.low), 1120, 1e-9);
  EXPECT_NEAR(units::in_grams(emissions.high), 1320, 1e-9);
  EXPECT_EQ(emissions.level, 0.9);
  EXPECT_NEAR(units::in_grams((emissions + exactly(units::grams(50))).high), 1370, 1e-9);
}

}  // namespace
}  // namespace ebb::carbon
