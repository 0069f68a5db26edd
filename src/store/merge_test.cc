#include "store/merge.h"

#include <gtest/gtest.h>

#include <limits>

#include "series/series.h"

namespace ebb::store {
namespace {

constexpr double kNan = series::kMissing;

Merge merged(std::vector<double> old, std::int64_t first, const std::vector<double>& now) {
  return merge(Piece{100, std::move(old)}, {first, first + static_cast<std::int64_t>(now.size())}, now);
}

TEST(Merge, of_nothing_with_values_adds_them) {
  const auto result = merge({}, {5, 8}, std::vector<double>{kNan, 2, 3});
  EXPECT_EQ(result.counts, (PutResult{2, 0, 0, 1}));
  EXPECT_EQ(result.piece.first, 5);
  EXPECT_EQ(result.changed, (Slots{6, 8}));
  EXPECT_TRUE(result.before.values.empty());
}

TEST(Merge, with_the_same_values_changes_nothing) {
  const auto result = merged({1, 2, kNan}, 100, {1, 2, kNan});
  EXPECT_EQ(result.counts, (PutResult{0, 2, 0, 1}));
  EXPECT_TRUE(result.changed.empty());
  EXPECT_TRUE(result.stated.empty());
}

TEST(Merge, keeps_what_it_replaces) {
  const auto result = merged({1, 2, 3, 4}, 101, {7, 3, 8});
  EXPECT_EQ(result.counts, (PutResult{0, 1, 2, 0}));
  EXPECT_EQ(result.piece.values, (std::vector<double>{1, 7, 3, 8}));
  EXPECT_EQ(result.changed, (Slots{101, 104}));
  EXPECT_EQ(result.before.values, (std::vector<double>{2, 3, 4}));
  EXPECT_EQ(result.stated, (std::vector<Slots>{{101, 104}}));
}

TEST(Merge, never_lets_a_missing_value_replace_one_nor_claims_it) {
  const auto result = merged({1, 2, 3, 4, 5}, 100, {9, kNan, 9, 4, kNan});
  EXPECT_EQ(result.counts, (PutResult{0, 1, 2, 2}));
  EXPECT_EQ(result.piece.values, (std::vector<double>{9, 2, 9, 4, 5}));
  EXPECT_EQ(result.stated, (std::vector<Slots>{{100, 101}, {102, 103}}));
}

TEST(Merge, widens_to_both_sides_over_a_gap) {
  const auto after = merged({1}, 103, {4});
  EXPECT_EQ(after.piece.slots(), (Slots{100, 104}));
  EXPECT_TRUE(series::is_missing(after.piece.values[1]));
  const auto before = merged({1}, 98, {4});
  EXPECT_EQ(before.piece.slots(), (Slots{98, 101}));
  EXPECT_EQ(before.piece.values.back(), 1.0);
}

}  // namespace
}  // namespace ebb::store
