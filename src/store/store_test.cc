#include "store/store.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "store/store_samples.h"

namespace ebb::store {
namespace {

constexpr double kNan = series::kMissing;

using StoreTest = StoreFile;

TEST_F(StoreTest, gives_back_what_was_put_with_all_that_is_said_of_it) {
  auto store = open();
  auto provenance = sample_provenance();
  provenance.quality = {0.25, 0.5, 0.25};
  const auto series = hourly({1.5, kNan, -3.25, 0.0, 1.0 / 3.0}, "1969-12-31T22:30:00Z", provenance);
  EXPECT_EQ(*store.put(series, origin_at("2026-02-01T00:00:00Z")), (PutResult{4, 0, 0, 1}));
  const auto back = store.read(key_of(series));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_TRUE(same_to_the_bit(*back, series));
  EXPECT_EQ(back->zone(), "FR");
  EXPECT_EQ(back->signal(), series::kAverageLifecycle);
  EXPECT_EQ(back->provenance().source, "Example");
  EXPECT_EQ(back->provenance().vintage, "2026");
  EXPECT_EQ(back->provenance().quality, provenance.quality);
}

TEST_F(StoreTest, gives_the_slots_that_a_time_touches) {
  auto store = open();
  const auto series = hourly({0, 1, 2, 3, 4});
  ASSERT_TRUE(store.put(series, origin_at("2026-02-01T00:00:00Z")).ok());
  const auto part = store.read(key_of(series), between("2026-01-01T01:59:59Z", "2026-01-01T03:00:01Z"));
  ASSERT_TRUE(part.ok());
  EXPECT_TRUE(same_to_the_bit(*part, hourly({1, 2, 3}, "2026-01-01T01:00:00Z")));
  const auto beyond = store.read(key_of(series), between("2025-01-01T00:00:00Z", "2026-01-01T01:00:00Z"));
  EXPECT_TRUE(same_to_the_bit(*beyond, hourly({0})));
  const auto outside = store.read(key_of(series), between("2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z"));
  EXPECT_EQ(outside.error().kind, base::ErrorKind::kNoData);
  EXPECT_NE(outside.error().message.find("goes from 2026-01-01T00:00:00Z to 2026-01-01T05:00:00Z"), std::string::npos);
  auto other = key_of(series);
  other.vintage = "2025";
  EXPECT_EQ(store.read(other).error().kind, base::ErrorKind::kNoData);
}

TEST_F(StoreTest, random_puts_of_every_kind_leave_what_a_plain_map_leaves) {
  std::mt19937_64 random(3);
  auto store = open();
  constexpr auto kStep = std::chrono::minutes(5);
  const auto origin_of_time = at("2025-12-31T00:00:00Z");
  std::map<time::Instant, double> plain;
  PutResult sum;
  for (int round = 0; round < 60; ++round) {
    const auto begin = origin_of_time + kStep * static_cast<std::int64_t>(random() % 60'000);
    std::vector<double> values(1 + random() % 20'000);
    const double scale = random() % 4 == 0 ? 1e6 : 10.0;
    for (auto& value : values) {
      value = random() % 8 == 0 ? kNan : std::round(static_cast<double>(random() % 7000) * scale) / (scale * 10.0);
    }
    const series::Series series(sample_provenance(), begin, kStep, values);
    PutResult expected;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto there = plain.find(series.time_of(i));
      if (series::is_missing(values[i])) {
        ++expected.missing;
      } else if (there == plain.end()) {
        ++expected.added;
        plain.emplace(series.time_of(i), values[i]);
      } else {
        ++(there->second == values[i] ? expected.same : expected.revised);
        there->second = values[i];
      }
    }
    const auto put = store.put(series, origin_at("2026-02-01T00:00:00Z"));
    ASSERT_TRUE(put.ok());
    ASSERT_EQ(*put, expected) << round;
    sum.revised += expected.revised;
  }
  const auto entries = store.list();
  ASSERT_EQ(entries->size(), 1U);
  const auto& entry = entries->front();
  const auto all = store.read(entry.key);
  ASSERT_TRUE(all.ok());
  double total = 0.0;
  for (std::size_t i = 0; i < all->size(); ++i) {
    const auto there = plain.find(all->time_of(i));
    ASSERT_EQ(series::is_missing((*all)[i]), there == plain.end()) << i;
    if (there == plain.end()) continue;
    ASSERT_EQ((*all)[i], there->second);
    total += there->second;
  }
  EXPECT_EQ(entry.slots, all->size());
  EXPECT_EQ(entry.missing, all->size() - plain.size());
  EXPECT_EQ(entry.revised, sum.revised);
  EXPECT_NEAR(entry.mean, total / static_cast<double>(plain.size()), 1e-9 * entry.mean);
  EXPECT_TRUE(store.check().ok());
}

TEST_F(StoreTest, keeps_what_a_revision_replaces_and_knows_each_moment) {
  auto store = open();
  const auto first = hourly({10, 20, kNan, 40});
  const auto second = hourly({10, 21, 30, kNan});
  const auto third = hourly({11, 22}, "2026-01-01T00:00:00Z");
  const auto later = hourly({50}, "2026-01-01T04:00:00Z");
  ASSERT_TRUE(store.put(first, origin_at("2026-02-01T00:00:00Z")).ok());
  EXPECT_EQ(*store.put(second, origin_at("2026-02-02T00:00:00Z")), (PutResult{1, 1, 1, 1}));
  ASSERT_TRUE(store.put(third, origin_at("2026-02-03T00:00:00Z")).ok());
  ASSERT_TRUE(store.put(later, origin_at("2026-02-04T00:00:00Z")).ok());
  const auto key = key_of(first);
  const auto day = between("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
  const auto known = [&](const char* moment) { return *store.read_as_known_at(key, day, at(moment)); };
  EXPECT_TRUE(same_to_the_bit(known("2026-01-31T23:59:59Z"), hourly({kNan, kNan, kNan, kNan, kNan})));
  EXPECT_TRUE(same_to_the_bit(known("2026-02-01T00:00:00Z"), hourly({10, 20, kNan, 40, kNan})));
  EXPECT_TRUE(same_to_the_bit(known("2026-02-02T12:00:00Z"), hourly({10, 21, 30, 40, kNan})));
  EXPECT_TRUE(same_to_the_bit(known("2026-02-03T00:00:00Z"), hourly({11, 22, 30, 40, kNan})));
  EXPECT_TRUE(same_to_the_bit(known("2026-03-01T00:00:00Z"), hourly({11, 22, 30, 40, 50})));
  EXPECT_TRUE(same_to_the_bit(*store.read(key), hourly({11, 22, 30, 40, 50})));
  const auto middle =
      store.read_as_known_at(key, between("2026-01-01T01:00:00Z", "2026-01-01T03:00:00Z"), at("2026-02-01T00:00:00Z"));
  EXPECT_TRUE(same_to_the_bit(*middle, hourly({20, kNan}, "2026-01-01T01:00:00Z")));
  const auto revisions = store.revisions(key);
  ASSERT_EQ(revisions->size(), 2U);
  EXPECT_EQ(revisions->front().replaced_at, at("2026-02-02T00:00:00Z"));
  EXPECT_EQ(revisions->front().replaced, 1U);
  EXPECT_EQ(revisions->back().when, between("2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z"));
  EXPECT_EQ(store.list()->front().revised, 3U);
}

TEST_F(StoreTest, every_moment_of_random_revisions_reads_as_it_then_stood) {
  std::mt19937_64 random(9);
  auto store = open();
  std::vector<series::Series> stood;
  const auto start = at("2026-03-01T00:00:00Z");
  const auto whole = between("2026-01-01T00:00:00Z", "2033-01-01T00:00:00Z");
  for (int round = 0; round < 25; ++round) {
    std::vector<double> values(1 + random() % 40'000);  // hours: over several chunks
    for (auto& value : values) value = random() % 5 == 0 ? kNan : static_cast<double>(random() % 50);
    const auto begin = at("2026-01-01T00:00:00Z") + std::chrono::hours(random() % 20'000);
    const series::Series series(sample_provenance(), begin, std::chrono::hours(1), values);
    ASSERT_TRUE(store.put(series, {"", "", start + std::chrono::hours(round)}).ok());
    stood.push_back(*store.read(key_of(series)));
  }
  for (std::size_t round = 0; round < stood.size(); ++round) {
    const auto known =
        store.read_as_known_at(key_of(stood[0]), whole, start + std::chrono::hours(static_cast<std::int64_t>(round)));
    ASSERT_TRUE(known.ok());
    const auto part = known->slice(stood[round].begin(), stood[round].end());
    ASSERT_TRUE(same_to_the_bit(part, stood[round])) << round;
    EXPECT_EQ(known->missing_count() - part.missing_count(), known->size() - part.size()) << "not known yet";
  }
}

TEST_F(StoreTest, a_clock_that_was_set_back_does_not_change_the_order_of_revisions) {
  auto store = open();
  ASSERT_TRUE(store.put(hourly({1}), origin_at("2026-02-02T00:00:00Z")).ok());
  ASSERT_TRUE(store.put(hourly({2}), origin_at("2020-01-01T00:00:00Z")).ok());
  const auto key = key_of(hourly({1}));
  const auto day = between("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
  EXPECT_TRUE(series::is_missing((*store.read_as_known_at(key, day, at("2026-02-01T00:00:00Z")))[0]));
  EXPECT_EQ((*store.read_as_known_at(key, day, at("2026-02-02T00:00:00Z")))[0], 2.0);
  EXPECT_EQ(store.revisions(key)->front().replaced_at, at("2026-02-02T00:00:00Z"));
}

TEST_F(StoreTest, law_5_what_differs_in_signal_source_vintage_or_step_is_another_series) {
  auto store = open();
  const auto origin = origin_at("2026-02-01T00:00:00Z");
  const auto base = sample_provenance();
  std::vector<series::Series> all{hourly({1, 2})};
  for (int change = 0; change < 5; ++change) {
    auto provenance = base;
    if (change == 0) provenance.signal = series::kMarginalDirect;
    if (change == 1) provenance.signal = {series::SignalKind::kAverage, {}};
    if (change == 2) provenance.source = "Another";
    if (change == 3) provenance.vintage = "2025";
    if (change == 4) provenance.zone = "DE";
    all.push_back(hourly({10.0 + change, 20.0 + change}, "2026-01-01T00:00:00Z", provenance));
  }
  all.emplace_back(base, at("2026-01-01T00:00:00Z"), std::chrono::minutes(30), std::vector<double>{7, 8});
  all.emplace_back(base, at("2026-01-01T00:15:00Z"), std::chrono::hours(1), std::vector<double>{5, 6});
  for (const auto& series : all) EXPECT_EQ(store.put(series, origin)->added, 2U);
  EXPECT_EQ(store.list()->size(), all.size());
  EXPECT_EQ(store.list("fr")->size(), all.size() - 1);
  for (const auto& series : all) EXPECT_TRUE(same_to_the_bit(*store.read(key_of(series)), series));
  ASSERT_TRUE(store.remove(key_of(all[3])).ok());
  EXPECT_EQ(store.remove(key_of(all[3])).error().kind, base::ErrorKind::kNoData);
  EXPECT_EQ(store.list()->size(), all.size() - 1);
  EXPECT_TRUE(same_to_the_bit(*store.read(key_of(all[4])), all[4]));
}

TEST_F(StoreTest, says_of_each_value_where_it_comes_from) {
  auto store = open();
  auto modelled = sample_provenance();
  modelled.quality = {0, 1, 0};
  const auto first = hourly({1, 2, 3, 4, 5, 6});
  const auto second = hourly({20, 30}, "2026-01-01T01:00:00Z", modelled);
  ASSERT_TRUE(store.put(first, origin_at("2026-02-01T00:00:00Z")).ok());
  ASSERT_TRUE(store.put(second, {"ODbL", "file.csv", at("2026-02-02T00:00:00Z")}).ok());
  const auto key = key_of(first);
  const auto spans = store.origins(key, between("2026-01-01T00:00:00Z", "2026-01-01T05:00:00Z"));
  ASSERT_EQ(spans->size(), 3U);
  EXPECT_EQ((*spans)[0].origin, origin_at("2026-02-01T00:00:00Z"));
  EXPECT_EQ((*spans)[1].when, between("2026-01-01T01:00:00Z", "2026-01-01T03:00:00Z"));
  EXPECT_EQ((*spans)[1].origin.licence, "ODbL");
  EXPECT_EQ((*spans)[2].when, between("2026-01-01T03:00:00Z", "2026-01-01T05:00:00Z"));
  const auto half = store.read(key, between("2026-01-01T02:00:00Z", "2026-01-01T04:00:00Z"));
  EXPECT_EQ(half->provenance().quality, (series::DataQuality{0.5, 0.5, 0.0}));
  EXPECT_EQ(store.list()->front().licences, (std::vector<std::string>{"CC BY 4.0", "ODbL"}));
  EXPECT_EQ(store.list()->front().retrieved_at, at("2026-02-02T00:00:00Z"));
  // The same origin again makes one span of its neighbours.
  const auto third = hourly({7, 8}, "2026-01-01T06:00:00Z");
  ASSERT_TRUE(store.put(third, origin_at("2026-02-01T00:00:00Z")).ok());
  EXPECT_EQ(store.origins(key, between("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"))->size(), 3U);
}

TEST_F(StoreTest, keeps_forecasts_as_they_were_issued) {
  auto store = open();
  const auto origin = origin_at("2026-02-01T00:00:00Z");
  const auto first = hourly({1.5, kNan, 3}, "2026-01-01T01:00:00Z");
  const auto second = hourly({2.5, 3.5}, "2026-01-01T02:00:00Z");
  const auto key = key_of(first);
  EXPECT_EQ(*store.put_forecasts({{at("2026-01-01T00:30:00Z"), first, {}},
                                  {at("2026-01-01T01:30:00Z"), second, {}},
                                  {at("2026-01-01T01:30:00Z"), hourly({2, 3}, "2026-01-01T02:00:00Z"), 0.1}},
                                 origin),
            3U);
  EXPECT_EQ(*store.put_forecast({at("2026-01-01T00:30:00Z"), first, {}}, origin), 0U) << "it is there";
  const auto other = store.put_forecast({at("2026-01-01T00:30:00Z"), second, {}}, origin);
  EXPECT_EQ(other.error().kind, base::ErrorKind::kUsage);
  EXPECT_NE(other.error().message.find("not overwritten"), std::string::npos);
  EXPECT_TRUE(store.list()->empty()) << "a forecast is no history";
  const auto all = store.forecasts(key, between("2026-01-01T00:00:00Z", "2026-01-01T01:30:00Z"));
  ASSERT_EQ(all->size(), 1U);
  EXPECT_TRUE(same_to_the_bit(all->front().series, first));
  const auto latest = store.latest_forecast(key, at("2026-01-01T01:30:00Z"));
  ASSERT_TRUE(latest->has_value());
  EXPECT_TRUE(same_to_the_bit((*latest)->series, second));
  EXPECT_EQ((*store.latest_forecast(key, at("2026-01-01T01:29:59Z")))->issued, at("2026-01-01T00:30:00Z"));
  EXPECT_EQ((*store.latest_forecast(key, at("2026-01-02T00:00:00Z"), 0.1))->series[0], 2.0);
  EXPECT_FALSE(store.latest_forecast(key, at("2026-01-01T00:00:00Z"))->has_value());
  const auto entry = store.list_forecasts()->front();
  EXPECT_EQ(entry.forecasts, 3U);
  EXPECT_EQ(entry.longest_horizon, std::chrono::minutes(210));
  EXPECT_TRUE(store.check().ok());
  ASSERT_TRUE(store.remove(key).ok());
  EXPECT_TRUE(store.list_forecasts()->empty());
}

TEST_F(StoreTest, forecasts_are_put_all_or_none) {
  auto store = open();
  const auto origin = origin_at("2026-02-01T00:00:00Z");
  const Forecast good{at("2026-01-01T00:30:00Z"), hourly({1}), {}};
  ASSERT_TRUE(store.put_forecast(good, origin).ok());
  const Forecast fresh{at("2026-01-01T01:30:00Z"), hourly({1}), {}};
  const Forecast other{good.issued, hourly({2}), {}};
  EXPECT_FALSE(store.put_forecasts({fresh, other}, origin).ok());
  EXPECT_EQ(store.list_forecasts()->front().forecasts, 1U);
  EXPECT_FALSE(store.put_forecast({fresh.issued, hourly({1}), 1.5}, origin).ok());
  EXPECT_FALSE(store.put_forecast({fresh.issued, hourly({}), {}}, origin).ok());
}

TEST_F(StoreTest, remembers_what_was_fetched) {
  auto store = open();
  const FetchKey key{"watttime", "CAISO_NORTH", series::kMarginalDirect};
  const auto year = between("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
  EXPECT_EQ(*store.not_fetched(key, year), (std::vector{year}));
  ASSERT_TRUE(store.mark_fetched(key, between("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")).ok());
  ASSERT_TRUE(store.mark_fetched(key, between("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z")).ok());
  ASSERT_TRUE(store.mark_fetched(key, between("2026-03-01T00:00:00Z", "2026-03-10T00:00:00Z")).ok());
  EXPECT_EQ(*store.fetched(key), (std::vector{between("2026-02-01T00:00:00Z", "2026-03-10T00:00:00Z"),
                                              between("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z")}));
  EXPECT_EQ(*store.not_fetched(key, year), (std::vector{between("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
                                                        between("2026-03-10T00:00:00Z", "2026-04-01T00:00:00Z"),
                                                        between("2026-05-01T00:00:00Z", "2027-01-01T00:00:00Z")}));
  EXPECT_TRUE(store.not_fetched(key, between("2026-02-03T00:00:00Z", "2026-03-10T00:00:00Z"))->empty());
  ASSERT_TRUE(store.mark_fetched(key, between("2026-01-15T00:00:00Z", "2026-06-01T00:00:00Z")).ok());
  EXPECT_EQ(store.fetched(key)->size(), 1U);
  EXPECT_TRUE(store.fetched({"watttime", "CAISO_NORTH", series::kAverageLifecycle})->empty());
}

TEST_F(StoreTest, refuses_what_it_could_not_give_back) {
  auto store = open();
  const auto origin = origin_at("2026-02-01T00:00:00Z");
  const auto refused = [&](const series::Series& series, const Origin& from) {
    const auto put = store.put(series, from);
    EXPECT_FALSE(put.ok());
    return put.ok() ? "" : put.error().message;
  };
  auto provenance = sample_provenance();
  provenance.zone = "";
  EXPECT_NE(refused(hourly({1}, "2026-01-01T00:00:00Z", provenance), origin).find("without a zone"), std::string::npos);
  provenance.zone = std::string("F\0R", 3);
  EXPECT_NE(refused(hourly({1}, "2026-01-01T00:00:00Z", provenance), origin).find("control"), std::string::npos);
  provenance.zone = std::string(3000, 'x');
  EXPECT_NE(refused(hourly({1}, "2026-01-01T00:00:00Z", provenance), origin).find("longer"), std::string::npos);
  EXPECT_NE(refused(hourly({std::numeric_limits<double>::infinity()}), origin).find("infinite"), std::string::npos);
  EXPECT_NE(refused({sample_provenance(), at("2026-01-01T00:00:00Z"), std::chrono::milliseconds(5), {1.0}}, origin)
                .find("step"),
            std::string::npos);
  EXPECT_NE(refused({sample_provenance(),
                     at("2026-01-01T00:00:00Z") - std::chrono::hours(24 * 365 * 130),
                     std::chrono::hours(1),
                     {1.0}},
                    origin)
                .find("1900"),
            std::string::npos);
  EXPECT_NE(refused(hourly({1}), {"a\nb", "", at("2026-01-01T00:00:00Z")}).find("licence"), std::string::npos);
  EXPECT_TRUE(store.list()->empty());
  EXPECT_EQ(*store.put(hourly({}), origin), PutResult{});
}

}  // namespace
}  // namespace ebb::store
