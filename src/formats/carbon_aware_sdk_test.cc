#include "formats/carbon_aware_sdk.h"

#include <gtest/gtest.h>

#include "formats/read.h"
#include "formats/test_expect.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

Options with_signal() {
  Options options;
  options.signal = series::kMarginalDirect;
  return options;
}

const std::string kList = R"([{"Location":"eastus","Time":"2021-10-25T14:50:00+00:00","Rating":90,"Duration":"01:00"},
  {"Location":"eastus","Time":"2021-10-25T15:50:00+00:00","Rating":"57.5","Duration":"01:00"},
  {"Location":"westus","Time":"2021-10-25T14:50:00+00:00","Rating":0,"Duration":"01:00"}])";

TEST(CarbonAwareSdk, a_list_is_one_series_a_location_with_numbers_as_texts) {
  const auto read = read_text(kList, "aws.json", with_signal());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->format, "carbon-aware-sdk");
  ASSERT_EQ(read->series.size(), 2U);
  EXPECT_EQ(read->series[0].series.zone(), "eastus");
  EXPECT_EQ(read->series[0].series.step(), std::chrono::hours(1));
  EXPECT_EQ(read->series[0].series[1], 57.5);
  EXPECT_EQ(read->series[1].series.size(), 1U);  // its Duration says the step
}

TEST(CarbonAwareSdk, the_signal_is_asked_for) { expect_refused(read_text(kList, "aws.json"), "--signal"); }

TEST(CarbonAwareSdk, a_byte_order_mark_and_times_without_a_zone) {
  const std::string text =
      "\xef\xbb\xbf"
      R"({"Description":"x","Emissions":[
    {"Location":"Sydney","Rating":"0.6","Time":"2021-01-01T00:00:01"},
    {"Location":"Sydney","Rating":"0.7","Time":"2021-01-01T01:00:01"}]})";
  expect_refused(read_text(text, "s.json", with_signal()), "s.json: Emissions[0]: the time has no zone");
  auto options = with_signal();
  options.time_zone = "Australia/Sydney";
  const auto read = read_text(text, "s.json", options);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(time::text_of(read->series.front().series.begin()), "2020-12-31T13:00:01Z");
  EXPECT_EQ(read->series.front().series.step(), std::chrono::hours(1));
}

TEST(CarbonAwareSdk, answers_of_its_web_api_and_forecasts) {
  const auto answer =
      read_text(R"([{"location":"eastus","time":"2021-10-25T14:50:00+00:00","rating":90,"duration":"00:05:00"}])",
                "a.json", with_signal());
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->series.front().series.step(), std::chrono::minutes(5));
  const auto dto = [](int window) {
    return R"([{"generatedAt":"2021-10-25T14:48:00+00:00","location":"eastus","windowSize":)" + std::to_string(window) +
           R"(,"optimalDataPoints":[],"forecastData":[
             {"location":"PJM","timestamp":"2021-10-25T14:50:00+00:00","duration":5,"value":90},
             {"location":"PJM","timestamp":"2021-10-25T14:55:00+00:00","duration":5,"value":91}]}])";
  };
  const auto forecast = read_text(dto(0), "f.json", with_signal());
  ASSERT_TRUE(forecast.ok()) << forecast.error().message;
  ASSERT_EQ(forecast->forecasts.size(), 1U);
  EXPECT_EQ(time::text_of(*forecast->forecasts.front().issued), "2021-10-25T14:48:00Z");
  EXPECT_EQ(forecast->forecasts.front().values.series.size(), 2U);
  expect_refused(read_text(dto(30), "f.json", with_signal()), "windowSize is 30 minutes");
}

TEST(CarbonAwareSdk, durations_that_differ_or_overlap_are_refused) {
  std::string changed = kList;
  changed.replace(changed.rfind("57.5\",\"Duration\":\"01:00"), 23, "57.5\",\"Duration\":\"02:00");
  expect_refused(read_text(changed, "a.json", with_signal()), "[1]: its Duration is another");
  EXPECT_EQ(time_span("1.00:00:00"), std::chrono::hours(24));
  EXPECT_EQ(time_span("00:05:00"), std::chrono::minutes(5));
  for (const auto* text : {"", "5", "00:00", "25:00", "-01:00", "1:2:3:4", "00:61", "nan:00", "9999.00:00"}) {
    EXPECT_FALSE(time_span(text).has_value()) << text;
  }
}

TEST(CarbonAwareComputing, one_country_named_by_the_file_and_dropped_slots_are_missing) {
  const std::string text =
      R"({"GeneratedAt":"2024-05-01T00:00:00+00:00","UpdatedAt":"2024-05-01T08:20:00+00:00","Emissions":[
    {"Time":"2024-05-01T09:00:00+00:00","Rating":210.5,"Duration":"00:15:00"},
    {"Time":"2024-05-01T09:30:00+00:00","Rating":190,"Duration":"00:15:00"}]})";
  const auto read = read_text(text, "forecasts/de.json", with_signal());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->format, "carbon-aware-computing");
  ASSERT_EQ(read->forecasts.size(), 1U);
  const auto& values = read->forecasts.front().values;
  EXPECT_EQ(values.series.zone(), "DE");
  EXPECT_EQ(values.series.size(), 3U);
  EXPECT_EQ(values.counts.missing, 1U);
  EXPECT_EQ(time::text_of(*read->forecasts.front().issued), "2024-05-01T08:20:00Z");
  expect_refused(read_text(text, "germany.json", with_signal()), "--zone");
}

TEST(CarbonAwareComputing, its_short_form_counts_in_milliseconds) {
  const auto read =
      read_text(R"({"Start":1714554000000,"Interval":900000,"Ratings":[210.5,190]})", "fr.min.json", with_signal());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->forecasts.front().values.series.zone(), "FR");
  EXPECT_EQ(read->forecasts.front().values.series.step(), std::chrono::minutes(15));
  EXPECT_EQ(time::text_of(read->forecasts.front().values.series.begin()), "2024-05-01T09:00:00Z");
  expect_refused(read_text(R"({"Start":1e300,"Interval":900000,"Ratings":[1]})", "fr.min.json", with_signal()),
                 "Start");
}

}  // namespace
}  // namespace ebb::formats
