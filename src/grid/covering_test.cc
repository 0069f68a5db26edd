#include "grid/covering.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <string>

#include "base/file.h"
#include "base/text.h"
#include "grid/annual.h"
#include "grid/catalogue.h"
#include "grid/covering_error.h"
#include "grid/typical_year.h"
#include "support/real_data.h"
#include "time/calendar.h"

namespace ebb::grid {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

time::Interval at(int year, unsigned month, unsigned day, time::Duration length) {
  return {time::midnight(year, month, day), time::midnight(year, month, day) + length};
}

bool says(const std::vector<std::string>& warnings, const std::string& what) {
  for (const auto& warning : warnings) {
    if (warning.find(what) != std::string::npos) return true;
  }
  return false;
}

Cover cover_of(const std::string& place, time::Interval when, time::Duration after = time::Duration{0}) {
  auto cover = Catalogue("").covering(place, when, after);
  EXPECT_TRUE(cover.ok()) << cover.error().message;
  return *cover;
}

TEST(TypicalYearAnywhere, keeps_the_values_of_2022_by_month_kind_of_day_and_hour) {
  const auto of_2022 = *typical_year("DE");
  const auto laid = typical_year("DE", at(2026, 7, 1, hours(24 * 7)));
  ASSERT_TRUE(laid.has_value());
  EXPECT_EQ(laid->size(), 168U);
  // 2026-07-01 is a Wednesday, 2026-07-04 a Saturday; in 2022 the 6th and the 2nd of July were.
  EXPECT_EQ((*laid)[9], of_2022[*of_2022.slot_at(time::midnight(2022, 7, 6) + hours(9))]);
  EXPECT_EQ((*laid)[72 + 9], of_2022[*of_2022.slot_at(time::midnight(2022, 7, 2) + hours(9))]);
  EXPECT_EQ(laid->provenance().source, "typical-year of 2022 laid on 2026 (Electricity Maps, ODbL)");
  EXPECT_EQ(laid->provenance().quality, (series::DataQuality{0.0, 1.0, 0.0}));
  EXPECT_EQ(laid->signal(), series::kAverageLifecycle);
}

TEST(TypicalYearAnywhere, covers_whole_hours_around_any_interval_and_names_both_years_of_one_over_new_year) {
  const time::Interval when{time::midnight(2027, 1, 1) - minutes(90), time::midnight(2027, 1, 1) + minutes(10)};
  const auto laid = *typical_year("FR", when);
  EXPECT_EQ(laid.begin(), time::midnight(2027, 1, 1) - hours(2));
  EXPECT_EQ(laid.end(), time::midnight(2027, 1, 1) + hours(1));
  EXPECT_NE(laid.provenance().source.find("2026-2027"), std::string::npos);
  const auto before_1970 = *typical_year("FR", at(1955, 3, 3, minutes(1)));
  EXPECT_EQ(before_1970.begin(), time::midnight(1955, 3, 3));
  EXPECT_EQ(before_1970.size(), 1U);
}

TEST(TypicalYearAnywhere, on_2022_and_2020_it_is_the_year_itself) {
  const auto year = *typical_year("GB");
  const auto laid = *typical_year("GB", year.covers());
  ASSERT_EQ(laid.size(), year.size());
  EXPECT_TRUE(std::equal(year.values().begin(), year.values().end(), laid.values().begin()));
  const auto marginal = typical_marginal_year();
  const auto marginal_laid = typical_marginal_year(marginal.covers());
  ASSERT_EQ(marginal_laid.size(), marginal.size());
  EXPECT_TRUE(std::equal(marginal.values().begin(), marginal.values().end(), marginal_laid.values().begin()));
}

TEST(TypicalYearAnywhere, the_mean_over_a_year_is_that_of_the_laid_series) {
  EXPECT_NEAR(units::in_grams_per_kwh(*typical_mean("NL", 2026)),
              typical_year("NL", at(2026, 1, 1, hours(8760)))->mean(), 1e-9);
  EXPECT_FALSE(typical_mean("XX", 2026).has_value());
}

TEST(FindPlace, zones_regions_and_plain_names) {
  EXPECT_EQ(find_place("FR")->zone, "FR");
  EXPECT_EQ(find_place("fr")->zone, "FR");
  EXPECT_EQ(find_place("us-mida-pjm")->region, "");
  EXPECT_EQ(find_place("azure:westus")->zone, "US-CAL-CISO");
  EXPECT_EQ(find_place("us-west-1")->region, "aws:us-west-1");
  EXPECT_EQ(find_place(" gcp:us-west1 ")->zone, "US-NW-BPAT");
  EXPECT_EQ(find_place("SGIP_CAISO_PGE")->zone, "US-CAL-CISO");
}

TEST(FindPlace, an_unknown_name_is_told_the_nearest) {
  const auto wrong = find_place("aws:us-eats-1");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().kind, base::ErrorKind::kNoData);
  EXPECT_NE(wrong.error().message.find("aws:us-east-1"), std::string::npos) << wrong.error().message;
  EXPECT_FALSE(find_place("").ok());
  EXPECT_FALSE(find_place(std::string(100000, 'x')).ok());
  EXPECT_FALSE(find_place(std::string("FR\0X", 4)).ok());
}

TEST(Covering, a_zone_of_the_typical_year_gets_its_shape_at_the_level_of_the_nearest_year) {
  const auto cover = cover_of("azure:francecentral", at(2026, 5, 4, hours(6)), hours(24));
  EXPECT_EQ(cover.zone, "FR");
  EXPECT_EQ(cover.region, "azure:francecentral");
  ASSERT_TRUE(cover.average.has_value());
  EXPECT_EQ(cover.average->end(), time::midnight(2026, 5, 5) + hours(6));
  EXPECT_EQ(cover.average->provenance().source,
            "typical-year of 2022 laid on 2026 (Electricity Maps, ODbL), at the level of 2025");
  const auto unscaled = *typical_year("FR", cover.average->covers());
  const double level = units::as_number(annual_intensity("FR", 2025)->value / *typical_mean("FR", 2025));
  for (std::size_t slot = 0; slot < unscaled.size(); ++slot) {
    EXPECT_NEAR((*cover.average)[slot], unscaled[slot] * level, 1e-9);
  }
  EXPECT_FALSE(cover.marginal.has_value());
  EXPECT_TRUE(says(cover.warnings, "no marginal intensity of FR"));
  EXPECT_TRUE(says(cover.warnings, "modelled, not measured"));
}

TEST(Covering, the_mean_over_a_whole_year_is_the_annual_figure) {
  for (const auto& zone : typical_year_zones()) {
    const auto cover = cover_of(zone, at(2025, 1, 1, hours(8760)));
    EXPECT_NEAR(cover.average->mean(), units::in_grams_per_kwh(annual_intensity(zone, 2025)->value), 1e-6) << zone;
  }
}

TEST(Covering, a_zone_without_a_typical_year_gets_its_annual_figure) {
  const auto cover = cover_of("aws:eu-north-1", at(2024, 6, 1, minutes(90)));
  ASSERT_TRUE(cover.average.has_value());
  EXPECT_EQ(cover.zone, "SE-SE3");
  EXPECT_EQ(cover.average->size(), 2U);
  EXPECT_EQ((*cover.average)[0], 21.0);
  EXPECT_NE(cover.average->provenance().source.find("annual average of 2024, constant"), std::string::npos);
  ASSERT_TRUE(cover.average_factors.has_value());
  EXPECT_LT(cover.average_factors->first, 1.0);
  EXPECT_GT(cover.average_factors->second, 1.0);
}

TEST(Covering, california_has_both_books_at_any_time) {
  const auto cover = cover_of("US-CAL-CISO", at(2026, 11, 23, minutes(7)));
  ASSERT_TRUE(cover.average && cover.marginal);
  EXPECT_EQ(cover.average->signal(), series::kAverageLifecycle);
  EXPECT_EQ(cover.marginal->signal(), series::kMarginalDirect);
  EXPECT_EQ(cover.marginal->zone(), cover.average->zone());
  EXPECT_EQ(cover.marginal->step(), minutes(5));
  EXPECT_TRUE(cover.marginal_factors.has_value());
  EXPECT_TRUE(says(cover.warnings, "level of 2020"));
}

TEST(Covering, a_longer_run_and_a_nearer_year_are_known_better) {
  const auto width = [](const Cover& cover) {
    return std::log(cover.average_factors->second / cover.average_factors->first);
  };
  EXPECT_LT(width(cover_of("DE", at(2025, 3, 1, hours(24)))), width(cover_of("DE", at(2025, 3, 1, hours(1)))));
  EXPECT_LT(width(cover_of("DE", at(2025, 3, 1, hours(24)))), width(cover_of("DE", at(2029, 3, 1, hours(24)))));
}

TEST(Covering, an_empty_interval_is_covered_like_its_first_second) {
  const auto cover = cover_of("US-CAL-CISO", at(2026, 1, 1, time::Duration{0}));
  EXPECT_TRUE(cover.average && cover.marginal);
}

TEST(Covering, real_data_come_first_where_they_cover_the_run) {
  const auto folder = test::real_data_folder();
  if (folder.empty()) GTEST_SKIP() << test::kNoRealData;
  Catalogue catalogue(folder);
  const auto of_2022 = *catalogue.covering("US-CAL-CISO", at(2022, 4, 1, hours(6)), hours(24));
  ASSERT_TRUE(of_2022.average.has_value());
  EXPECT_EQ(of_2022.average->provenance().quality.measured, 1.0);
  EXPECT_FALSE(of_2022.average_factors.has_value());
  EXPECT_EQ(of_2022.average->end(), time::midnight(2022, 4, 2) + hours(6));
  EXPECT_NE(of_2022.marginal->provenance().source.find("typical-year of 2020 laid on 2022"), std::string::npos);
  const auto of_2020 = *catalogue.covering("US-CAL-CISO", at(2020, 12, 31, hours(23)), hours(24));
  EXPECT_EQ(of_2020.marginal->provenance().quality.measured, 1.0);
  EXPECT_EQ(of_2020.marginal->zone(), "US-CAL-CISO");
  EXPECT_EQ(of_2020.marginal->end(), time::midnight(2021, 1, 1)) << "as far as the data go";
  EXPECT_NE(of_2020.average->provenance().source.find("typical-year"), std::string::npos);
  const auto over_the_end = *catalogue.covering("FR", at(2022, 12, 31, hours(25)));
  EXPECT_EQ(over_the_end.average->provenance().quality.modelled, 1.0);
}

/// Share of all jobs on the hour of a year whose real mean lies in the interval around what the cover foresees.
double share_inside(const std::string& file, const std::string& zone, int year, std::size_t length) {
  const auto text = base::load_text_file(test::real_data_folder() + "/grid/emaps-free-portal-umass/" + file);
  if (!text) return -1.0;
  std::vector<double> real;
  base::Lines lines(text->view());
  lines.next();
  while (const auto line = lines.next()) {
    const auto fields = base::split(*line, ',');
    if (fields.size() > 5) real.push_back(*base::parse_number(fields[5]));  // the lifecycle column
  }
  const auto foreseen = *cover_of(zone, at(year, 1, 1, hours(8760))).average;
  const auto factors = *cover_of(zone, at(year, 1, 1, hours(length))).average_factors;
  std::size_t inside = 0;
  for (std::size_t start = 0; start + length <= real.size(); ++start) {
    double ours = 0.0;
    double theirs = 0.0;
    for (std::size_t hour = start; hour < start + length; ++hour) {
      ours += foreseen[hour];
      theirs += real[hour];
    }
    inside += theirs >= ours * factors.first && theirs <= ours * factors.second ? 1 : 0;
  }
  return static_cast<double>(inside) / static_cast<double>(real.size() + 1 - length);
}

TEST(Covering, nine_of_ten_jobs_of_years_it_has_not_seen_lie_in_its_interval) {
  if (test::real_data_folder().empty()) GTEST_SKIP() << test::kNoRealData;
  const std::size_t lengths[] = {1, 6, 24, 168};
  const double california[] = {0.90, 0.90, 0.88, 0.84};
  const double norway[] = {0.92, 0.93, 0.93, 0.99};
  const double spain[] = {0.91, 0.90, 0.91, 0.93};
  for (std::size_t i = 0; i < 4; ++i) {
    const double first = share_inside("US-CAL-CISO_2021_hourly.csv", "US-CAL-CISO", 2021, lengths[i]);
    if (first < 0.0) GTEST_SKIP() << "the portal's files are not among the real series";
    EXPECT_NEAR(first, california[i], 0.005) << lengths[i];
    EXPECT_NEAR(share_inside("NO_2021_hourly.csv", "NO", 2021, lengths[i]), norway[i], 0.005) << lengths[i];
    EXPECT_NEAR(share_inside("ES_2022_hourly.csv", "ES", 2022, lengths[i]), spain[i], 0.005) << lengths[i];
  }
}

TEST(AnyTime, is_the_annual_figure_with_the_spread_of_a_job_at_an_unknown_time) {
  const auto cover = any_time({"DE", ""}, hours(6), 2026);
  ASSERT_TRUE(cover.average.has_value());
  EXPECT_EQ(cover.average->mean(), units::in_grams_per_kwh(annual_intensity("DE", 2025)->value));
  const auto factors = annual_mean_factors("DE", hours(6));
  EXPECT_LT(cover.average_factors->first, factors.first);
  EXPECT_GT(cover.average_factors->second, factors.second);
  EXPECT_FALSE(cover.marginal.has_value());
  const auto california = any_time({"US-CAL-CISO", ""}, hours(6), 2026);
  EXPECT_NEAR(california.marginal->mean(), typical_marginal_year().mean(), 1e-9);
  EXPECT_EQ(california.marginal->signal(), series::kMarginalDirect);
}

}  // namespace
}  // namespace ebb::grid
