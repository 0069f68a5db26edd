#include "providers/fetch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "time/text.h"

namespace ebb::providers {
namespace {

time::Instant at(const char* text) { return *time::parse_instant(text); }

/// A provider of hours that keeps what it was asked.
class FakeProvider final : public Provider {
 public:
  std::vector<time::Interval> asked;
  int fail_in = -1;  ///< the n-th question from now fails
  double shift = 0.0;
  bool empty = false;

  [[nodiscard]] const Facts& facts() const override {
    static const Facts facts{"fake",
                             "Fake",
                             "CC0",
                             {},
                             "",
                             {series::kMarginalDirect},
                             std::chrono::days(10),
                             std::chrono::hours(2),
                             std::chrono::hours(72)};
    return facts;
  }
  base::Expected<Reading> history(const Question& question) override {
    asked.push_back(question.when);
    if (fail_in == 0) return base::service_error("Fake: broke off");
    if (fail_in > 0) --fail_in;
    if (empty) return Reading{};
    // An hour more at both ends: what lies outside is to be left out.
    const auto begin = question.when.begin - std::chrono::hours(1);
    const auto hours = static_cast<std::size_t>((question.when.length() / std::chrono::hours(1)) + 2);
    std::vector<double> values;
    for (std::size_t i = 0; i < hours; ++i) values.push_back(100.0 + shift + static_cast<double>(i % 24));
    values[3] = series::kMissing;
    return Reading{
        {series::Series({question.zone, question.signal, "Fake", "v1", {}}, begin, std::chrono::hours(1), values)},
        std::nullopt,
        1,
        {"a warning"}};
  }
  base::Expected<Reading> latest(const std::string& zone, const series::Signal& signal) override {
    return history({zone, signal, {at("2024-03-01T00:00:00Z"), at("2024-03-01T02:00:00Z")}});
  }
  base::Expected<Reading> forecast(const std::string& zone, const series::Signal& signal, time::Duration) override {
    auto reading = history({zone, signal, {at("2024-03-01T00:00:00Z"), at("2024-03-01T06:00:00Z")}});
    if (reading) reading->issued = at("2024-03-01T00:00:00Z");
    return reading;
  }
  base::Expected<std::vector<std::string>> zones() override { return std::vector<std::string>{"Z"}; }
};

class FetchTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "ebb-fetch-" + std::to_string(::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    auto opened = store::Store::open(folder_ + "/grid.db", store::Access::kWrite);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    store_.emplace(*std::move(opened));
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  Fetching fetching() {
    return {*store_, clock_, "https://fake", nullptr, [this] { return stop_in_ >= 0 && stop_in_-- == 0; }};
  }
  base::Expected<Fetched> fetch(const char* from, const char* to, bool refresh = false) {
    return fetch_history(provider_, {"Z", series::kMarginalDirect, {at(from), at(to)}}, refresh, fetching());
  }

  std::string folder_;
  std::optional<store::Store> store_;
  time::FakeClock clock_{at("2024-03-01T12:30:00Z")};
  FakeProvider provider_;
  int stop_in_ = -1;
};

TEST_F(FetchTest, APastIsFetchedInPiecesAndOnlyWhatWasAskedForIsKept) {
  const auto fetched = fetch("2024-01-01T00:00:00Z", "2024-01-26T00:00:00Z");
  ASSERT_TRUE(fetched.ok()) << fetched.error().message;
  EXPECT_EQ(provider_.asked.size(), 3U);
  EXPECT_EQ(fetched->slots.added, 25U * 24 - 3);  // one slot a piece is missing
  EXPECT_EQ(fetched->slots.missing, 3U);
  EXPECT_EQ(fetched->duplicates, 3U);
  EXPECT_EQ(fetched->warnings, std::vector<std::string>{"a warning"});
  ASSERT_EQ(fetched->keys.size(), 1U);
  const auto series = store_->read(fetched->keys[0]);
  ASSERT_TRUE(series.ok());
  EXPECT_EQ(series->begin(), at("2024-01-01T00:00:00Z"));
  EXPECT_EQ(series->end(), at("2024-01-26T00:00:00Z"));
  EXPECT_TRUE(series::is_missing((*series)[2])) << "missing stays missing";
}

TEST_F(FetchTest, WhatWasFetchedIsNotAskedForAgain) {
  ASSERT_TRUE(fetch("2024-01-01T00:00:00Z", "2024-01-11T00:00:00Z").ok());
  provider_.asked.clear();
  const auto again = fetch("2024-01-01T00:00:00Z", "2024-01-11T00:00:00Z");
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(provider_.asked.empty());
  EXPECT_EQ(again->pieces, 0U);
  EXPECT_EQ(again->known, std::chrono::days(10));
  const auto more = fetch("2024-01-01T00:00:00Z", "2024-01-13T00:00:00Z");
  ASSERT_TRUE(more.ok());
  ASSERT_EQ(provider_.asked.size(), 1U);
  EXPECT_EQ(provider_.asked[0].begin, at("2024-01-11T00:00:00Z"));
}

TEST_F(FetchTest, WhatIsYoungerThanSevenDaysIsAskedForAgainAndRevisionsAreCounted) {
  ASSERT_TRUE(fetch("2024-02-20T00:00:00Z", "2024-03-01T00:00:00Z").ok());
  provider_.asked.clear();
  provider_.shift = 1.0;
  const auto again = fetch("2024-02-20T00:00:00Z", "2024-03-01T00:00:00Z");
  ASSERT_TRUE(again.ok()) << again.error().message;
  ASSERT_EQ(provider_.asked.size(), 1U);
  EXPECT_EQ(provider_.asked[0].begin, at("2024-02-23T12:00:00Z"));
  EXPECT_GT(again->slots.revised, 100U);
}

TEST_F(FetchTest, RefreshAsksForEverything) {
  ASSERT_TRUE(fetch("2024-01-01T00:00:00Z", "2024-01-11T00:00:00Z").ok());
  const auto again = fetch("2024-01-01T00:00:00Z", "2024-01-11T00:00:00Z", true);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(provider_.asked.size(), 2U);
  EXPECT_EQ(again->slots.same, 239U);
  EXPECT_EQ(again->slots.revised, 0U);
}

TEST_F(FetchTest, AFetchThatBreaksOffGoesOnWhereItStopped) {
  provider_.fail_in = 1;
  const auto broken = fetch("2024-01-01T00:00:00Z", "2024-01-26T00:00:00Z");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().kind, base::ErrorKind::kService);
  EXPECT_EQ(broken.error().message, "1 of 3 pieces are kept, to 2024-01-11T00:00:00Z: Fake: broke off");
  provider_.fail_in = -1;
  provider_.asked.clear();
  ASSERT_TRUE(fetch("2024-01-01T00:00:00Z", "2024-01-26T00:00:00Z").ok());
  ASSERT_EQ(provider_.asked.size(), 2U);
  EXPECT_EQ(provider_.asked[0].begin, at("2024-01-11T00:00:00Z"));
}

TEST_F(FetchTest, StoppingKeepsWhatCame) {
  stop_in_ = 1;
  const auto fetched = fetch("2024-01-01T00:00:00Z", "2024-01-26T00:00:00Z");
  ASSERT_TRUE(fetched.ok());
  EXPECT_TRUE(fetched->stopped);
  EXPECT_EQ(fetched->pieces, 1U);
  EXPECT_EQ(fetched->slots.added, 239U);
}

TEST_F(FetchTest, NothingAtAllIsNoDataAndIsAskedForAgain) {
  provider_.empty = true;
  const auto fetched = fetch("2024-01-01T00:00:00Z", "2024-01-26T00:00:00Z");
  ASSERT_FALSE(fetched.ok());
  EXPECT_EQ(fetched.error().kind, base::ErrorKind::kNoData);
  EXPECT_NE(fetched.error().message.find("--list-zones"), std::string::npos);
  provider_.empty = false;
  EXPECT_TRUE(fetch("2024-01-01T00:00:00Z", "2024-01-26T00:00:00Z").ok());
  EXPECT_EQ(provider_.asked.size(), 6U);
}

TEST_F(FetchTest, TheFutureIsNotAskedForAsThePast) {
  EXPECT_EQ(fetch("2024-03-02T00:00:00Z", "2024-03-03T00:00:00Z").error().kind, base::ErrorKind::kNoData);
  EXPECT_TRUE(provider_.asked.empty());
  ASSERT_TRUE(fetch("2024-03-01T00:10:00Z", "2024-03-09T00:00:00Z").ok());
  EXPECT_EQ(provider_.asked[0], (time::Interval{at("2024-03-01T00:00:00Z"), at("2024-03-01T13:00:00Z")}));
}

TEST_F(FetchTest, TheNewestValueIsKeptAndShown) {
  const auto fetched = fetch_latest(provider_, "Z", series::kMarginalDirect, fetching());
  ASSERT_TRUE(fetched.ok()) << fetched.error().message;
  ASSERT_TRUE(fetched->newest.has_value());
  EXPECT_EQ(fetched->slots.added + fetched->slots.missing, fetched->newest->size());
}

TEST_F(FetchTest, AForecastIsKeptAsIssuedAndAnotherOfTheSameIssueIsSaidNotFailed) {
  const auto first = fetch_forecast(provider_, "Z", series::kMarginalDirect, std::chrono::hours(6), fetching());
  ASSERT_TRUE(first.ok()) << first.error().message;
  ASSERT_EQ(first->forecasts.size(), 1U);
  EXPECT_EQ(first->forecasts[0].issued, at("2024-03-01T00:00:00Z"));
  EXPECT_EQ(first->slots.added, 7U);
  const auto same = fetch_forecast(provider_, "Z", series::kMarginalDirect, std::chrono::hours(6), fetching());
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(same->slots.same, 7U);
  provider_.shift = 1.0;
  const auto other = fetch_forecast(provider_, "Z", series::kMarginalDirect, std::chrono::hours(6), fetching());
  ASSERT_TRUE(other.ok()) << other.error().message;
  EXPECT_EQ(other->warnings.size(), 2U);
}

}  // namespace
}  // namespace ebb::providers
