#include "grid/stored.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "grid/catalogue.h"
#include "time/calendar.h"

namespace ebb::grid {
namespace {

using series::kMissing;
using series::SignalKind;
using std::chrono::hours;
using std::chrono::minutes;

constexpr series::Signal kMarginal = series::kMarginalDirect;
const auto kDay = time::midnight(2026, 3, 1);

/// An empty folder of the test's own, and a store in it.
class InStore : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              (std::string("ebb_stored_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(std::filesystem::create_directories(folder_));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path() const { return (folder_ / store::kFileName).string(); }
  [[nodiscard]] Catalogue catalogue() const { return Catalogue("", path()); }

  void put(series::Provenance provenance, std::vector<double> values, time::Instant begin = kDay,
           time::Duration step = hours(1)) const {
    auto store = store::Store::open(path(), store::Access::kWrite);
    ASSERT_TRUE(store.ok());
    const auto put = store->put({std::move(provenance), begin, step, std::move(values)}, {"CC0", "test", kDay});
    ASSERT_TRUE(put.ok()) << put.error().message;
  }

 private:
  std::filesystem::path folder_;
};

series::Provenance from(const char* zone, series::Signal signal, const char* source, const char* vintage = "") {
  return {zone, signal, source, vintage, {}};
}

bool says(const Cover& cover, const std::string& what) {
  for (const auto& warning : cover.warnings) {
    if (warning.find(what) != std::string::npos) return true;
  }
  return false;
}

TEST_F(InStore, measured_data_are_taken_before_the_typical_year_and_say_their_source) {
  put(from("FR", series::kAverageLifecycle, "RTE"), {10, 20, 30, 40});
  const auto cover = catalogue().covering("FR", {kDay + minutes(90), kDay + hours(3)}, hours(24));
  ASSERT_TRUE(cover.ok()) << cover.error().message;
  EXPECT_EQ(cover->average->provenance().source, "RTE");
  EXPECT_EQ(cover->average->begin(), kDay + hours(1));
  EXPECT_EQ(cover->average->end(), kDay + hours(4)) << "of what comes after, as far as it goes";
  EXPECT_EQ(cover->average->provenance().quality, series::DataQuality{});
  EXPECT_FALSE(cover->average_factors.has_value());
  EXPECT_FALSE(says(*cover, "modelled"));
  EXPECT_EQ(catalogue().find("FR", {})->provenance().source, "RTE");
}

TEST_F(InStore, what_it_does_not_cover_whole_comes_from_elsewhere) {
  put(from("FR", series::kAverageLifecycle, "RTE"), {10, kMissing, 30, 40});
  for (const time::Interval when : {time::Interval{kDay, kDay + hours(2)},
                                    {kDay - hours(1), kDay + hours(1)},
                                    {kDay + hours(3), kDay + hours(5)},
                                    {kDay + hours(900), kDay + hours(901)}}) {
    const auto cover = catalogue().covering("FR", when);
    ASSERT_TRUE(cover.ok());
    EXPECT_NE(cover->average->provenance().source, "RTE");
    EXPECT_TRUE(says(*cover, "modelled, not measured"));
  }
  EXPECT_EQ(catalogue().covering("FR", {kDay + hours(2), kDay + hours(4)})->average->provenance().source, "RTE");
}

TEST_F(InStore, law_5_each_answer_is_of_one_source_and_one_vintage) {
  put(from("FR", series::kAverageLifecycle, "A", "2024"), {1, 1, kMissing, 1});
  put(from("FR", series::kAverageLifecycle, "A", "2025"), {2, kMissing, 2, 2});
  const auto source_over = [&](int first, int last) {
    return catalogue().covering("FR", {kDay + hours(first), kDay + hours(last)})->average->provenance().vintage;
  };
  EXPECT_EQ(source_over(0, 1), "2025") << "the newer one where both can";
  EXPECT_EQ(source_over(0, 2), "2024");
  EXPECT_EQ(source_over(2, 4), "2025");
  EXPECT_NE(source_over(0, 4).find("typical-year"), std::string::npos) << "neither alone: they are not put together";
  const auto whole = *catalogue().find("FR", SignalKind::kAverage);
  EXPECT_EQ(whole.provenance().vintage, "2025");
  EXPECT_TRUE(series::is_missing(whole[1]));
}

TEST_F(InStore, measured_is_better_than_modelled_and_the_signals_own_scope_than_another) {
  auto modelled = from("FR", series::kAverageLifecycle, "model", "2030");
  modelled.quality = {0, 1, 0};
  put(modelled, {1});
  put(from("FR", {SignalKind::kAverage, series::SignalScope::kDirect}, "direct", "2029"), {2});
  put(from("FR", series::kAverageLifecycle, "lifecycle", "2020"), {3});
  EXPECT_EQ(catalogue().find("FR", {})->provenance().source, "lifecycle");
  EXPECT_EQ(catalogue().covering("FR", {kDay, kDay + hours(1)})->average->provenance().source, "lifecycle");
}

TEST_F(InStore, what_is_partly_modelled_says_how_much) {
  auto partly = from("FR", series::kAverageLifecycle, "Electricity Maps");
  partly.quality = {0.75, 0.25, 0};
  put(partly, {1, 2});
  const auto cover = catalogue().covering("FR", {kDay, kDay + hours(1)});
  EXPECT_TRUE(says(*cover,
                   "the average lifecycle intensity of FR rests to 25% on modelled or filled values: "
                   "Electricity Maps"));
}

TEST_F(InStore, marginal_and_average_each_fill_their_own_book) {
  put(from("DE", series::kAverageLifecycle, "ENTSO-E"), {300});
  put(from("DE", kMarginal, "WattTime"), {700});
  const auto cover = catalogue().covering("azure:germanynorth", {kDay, kDay + hours(1)});
  EXPECT_EQ(cover->zone, "DE");
  EXPECT_EQ((*cover->average)[0], 300.0);
  EXPECT_EQ((*cover->marginal)[0], 700.0);
  EXPECT_EQ(catalogue().find("DE", {})->signal(), kMarginal);
  EXPECT_EQ(catalogue().find("DE", SignalKind::kAverage)->signal(), series::kAverageLifecycle);
}

TEST_F(InStore, california_finds_the_signal_of_its_grid) {
  put(from("SGIP_CAISO_PGE", kMarginal, "SGIP"), {400, 410}, kDay, minutes(5));
  const auto cover = catalogue().covering("US-CAL-CISO", {kDay, kDay + minutes(10)});
  EXPECT_EQ(cover->marginal->zone(), "US-CAL-CISO");
  EXPECT_EQ(cover->marginal->provenance().source, "SGIP");
  EXPECT_EQ(catalogue().find("US-CAL-CISO", {})->provenance().source, "SGIP");
  put(from("US-CAL-CISO", series::kAverageLifecycle, "EIA"), {200});
  EXPECT_EQ(catalogue().find("US-CAL-CISO", {})->signal(), kMarginal) << "marginal, where there is one";
  EXPECT_EQ(catalogue().find("US-CAL-CISO", SignalKind::kAverage)->provenance().source, "EIA");
}

TEST_F(InStore, a_zone_that_only_the_store_knows_is_found_whatever_the_case) {
  put(from("CAISO_NORTH", kMarginal, "WattTime"), {500});
  const auto cover = catalogue().covering("caiso_north", {kDay, kDay + hours(1)});
  ASSERT_TRUE(cover.ok()) << cover.error().message;
  EXPECT_EQ(cover->zone, "CAISO_NORTH");
  EXPECT_EQ((*cover->marginal)[0], 500.0);
  EXPECT_FALSE(cover->average.has_value());
  EXPECT_TRUE(says(*cover, "the attributional book is empty"));
  EXPECT_EQ(catalogue().find("CAISO_NORTH", SignalKind::kAverage).error().message,
            "CAISO_NORTH has no average series here; give one with --series FILE");
  EXPECT_NE(catalogue().find("CAISO_NORT", {}).error().message.find("CAISO_NORTH"), std::string::npos);
}

TEST_F(InStore, a_broken_store_is_a_warning_to_a_run_and_an_error_where_a_series_is_asked_for) {
  std::ofstream(path()) << "this is no database, but it is long enough to be taken for one, and then some more of it.";
  const auto cover = catalogue().covering("FR", {kDay, kDay + hours(1)});
  ASSERT_TRUE(cover.ok());
  EXPECT_TRUE(cover->average.has_value());
  EXPECT_TRUE(says(*cover, "the local store is left out: " + path() + ": is no store of grid series"));
  EXPECT_EQ(catalogue().find("FR", {}).error().kind, base::ErrorKind::kBadData);
  EXPECT_EQ(catalogue().covering("NOWHERE", {kDay, kDay + hours(1)}).error().kind, base::ErrorKind::kNoData);
}

TEST_F(InStore, a_series_that_goes_over_the_moment_meant_is_taken_before_a_better_one_that_does_not) {
  put(from("FR", series::kAverageLifecycle, "RTE", "2026"), {10, 20});
  put(from("FR", series::kAverageLifecycle, "RTE", "2025"), {30, 40}, kDay - hours(24));
  const auto vintage_at = [&](time::Instant moment) {
    return catalogue().find("FR", {}, moment)->provenance().vintage;
  };
  EXPECT_EQ(vintage_at(kDay + hours(1)), "2026");
  EXPECT_EQ(vintage_at(kDay - hours(23)), "2025");
  EXPECT_EQ(vintage_at(time::midnight(2022, 5, 1)), "typical-year 2022");
  EXPECT_EQ(vintage_at(time::midnight(2023, 5, 1)), "2026") << "nothing goes over it";
  put(from("US-CAL-CISO", series::kAverageLifecycle, "EIA"), {200});
  EXPECT_EQ(catalogue().find("US-CAL-CISO", {}, kDay)->signal(), kMarginal);
}

TEST_F(InStore, no_store_is_nothing_to_speak_of) {
  EXPECT_TRUE(catalogue().stored().entries()->empty());
  EXPECT_FALSE(std::filesystem::exists(path()));
  const auto cover = catalogue().covering("FR", {kDay, kDay + hours(1)});
  EXPECT_FALSE(says(*cover, "store"));
}

}  // namespace
}  // namespace ebb::grid
