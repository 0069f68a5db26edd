#include "carbon/books.h"

#include <gtest/gtest.h>

#include "time/calendar.h"

namespace ebb::carbon {
namespace {

using series::Signal;
using series::SignalKind;

const time::Instant kStart = time::midnight(2020, 5, 1);
const Signal kAverage{SignalKind::kAverage, {}};
const Signal kMarginal{SignalKind::kMarginal, {}};

series::Series series_of(Signal signal, std::vector<double> values, std::string vintage = "2020") {
  return {{"X", signal, "test", std::move(vintage), {}}, kStart, std::chrono::hours(1), std::move(values)};
}

EnergyBySlot one_kwh_at(int hour) {
  const auto begin = kStart + std::chrono::hours(hour);
  return {{{begin, begin + std::chrono::hours(1)}, units::kilowatt_hours(1)}};
}

TwoBooks books_at(int hour, const std::vector<series::Series>& series) {
  auto books = two_books(one_kwh_at(hour), series);
  EXPECT_TRUE(books.ok()) << books.error().message;
  return *std::move(books);
}

TEST(Books, each_series_is_entered_in_the_book_of_its_signal_in_any_order) {
  const auto average = series_of(kAverage, {100});
  const auto marginal = series_of(kMarginal, {500});
  for (const auto& series : {std::vector{average, marginal}, std::vector{marginal, average}}) {
    const auto books = books_at(0, series);
    ASSERT_TRUE(books.attributional && books.consequential);
    EXPECT_NEAR(units::in_grams(books.attributional->emissions), 100, 1e-9);
    EXPECT_NEAR(units::in_grams(books.consequential->emissions), 500, 1e-9);
    EXPECT_EQ(books.attributional->signal, kAverage);
    EXPECT_EQ(books.consequential->source, "test");
    EXPECT_EQ(books.consequential->vintage, "2020");
    EXPECT_TRUE(books.warnings.empty());
  }
}

TEST(Books, a_book_without_a_series_or_with_a_gap_is_empty_and_says_why) {
  const auto books = books_at(0, {series_of(kMarginal, {series::kMissing, 3})});
  EXPECT_FALSE(books.attributional || books.consequential);
  ASSERT_EQ(books.warnings.size(), 2U);
  EXPECT_NE(books.warnings[0].find("no consequential figure: X has no intensity"), std::string::npos);
  EXPECT_EQ(books.warnings[1], "no attributional figure: no average series was given");
}

TEST(Books, a_series_of_unknown_signal_is_refused_and_not_guessed) {
  EXPECT_FALSE(book_of({}).ok());
  EXPECT_FALSE(book_of({std::nullopt, series::SignalScope::kDirect}).ok());
  const auto books = two_books(one_kwh_at(0), {series_of({}, {100})});
  ASSERT_FALSE(books.ok());
  EXPECT_EQ(books.error().kind, base::ErrorKind::kBadData);
}

TEST(Books, two_series_of_one_book_are_refused) {
  const std::vector averages{series_of(kAverage, {100}), series_of(series::kAverageLifecycle, {120})};
  const auto books = two_books(one_kwh_at(0), averages);
  ASSERT_FALSE(books.ok());
  EXPECT_EQ(books.error().kind, base::ErrorKind::kUsage);
}

TEST(Books, law_5_figures_of_different_signal_or_vintage_are_not_subtracted) {
  const auto books = books_at(0, {series_of(kAverage, {100}), series_of(kMarginal, {500})});
  EXPECT_FALSE(difference(*books.attributional, *books.consequential).ok());
  const auto newer = books_at(0, {series_of(kAverage, {100}, "2021")});
  EXPECT_FALSE(difference(*books.attributional, *newer.attributional).ok());
  auto elsewhere = *books.attributional;
  elsewhere.source = "another publisher";
  EXPECT_FALSE(difference(*books.attributional, elsewhere).ok());
  elsewhere = *books.attributional;
  elsewhere.zone = "Y";
  EXPECT_TRUE(difference(*books.attributional, elsewhere).ok());
  const auto direct = books_at(0, {series_of({SignalKind::kAverage, series::SignalScope::kDirect}, {100})});
  EXPECT_FALSE(difference(*books.attributional, *direct.attributional).ok());
}

TEST(Books, law_11_the_two_books_say_when_they_disagree_in_sign) {
  // Hour 1 is cleaner than hour 0 by the average and dirtier at the margin; hour 2 is cleaner by both; 3 is the same.
  const std::vector series{series_of(kAverage, {300, 200, 250, 300}), series_of(kMarginal, {400, 450, 380, 400})};
  const auto now = books_at(0, series);
  EXPECT_EQ(disagree_in_sign(now, books_at(1, series)), true);
  EXPECT_EQ(disagree_in_sign(books_at(1, series), now), true);
  EXPECT_EQ(disagree_in_sign(now, books_at(2, series)), false);
  EXPECT_EQ(disagree_in_sign(now, books_at(3, series)), false);
  EXPECT_EQ(disagree_in_sign(now, books_at(1, {series[0]})), std::nullopt);
  EXPECT_NEAR(units::in_grams(*difference(*now.attributional, *books_at(1, series).attributional)), -100, 1e-9);
}

}  // namespace
}  // namespace ebb::carbon
