#include "providers/pieces.h"

#include <gtest/gtest.h>

#include "time/text.h"

namespace ebb::providers {
namespace {

time::Instant at(const char* text) { return *time::parse_instant(text); }

TEST(Pieces, AreJoinedAndNoneIsLongerThanAllowed) {
  for (const auto longest : {std::chrono::hours(24), std::chrono::hours(7), std::chrono::hours(24 * 30)}) {
    const time::Interval whole{at("2024-01-03T05:00:00Z"), at("2024-04-01T17:00:00Z")};
    const auto pieces = pieces_of(whole, longest);
    ASSERT_FALSE(pieces.empty());
    EXPECT_EQ(pieces.front().begin, whole.begin);
    EXPECT_EQ(pieces.back().end, whole.end);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      EXPECT_LE(pieces[i].length(), longest);
      EXPECT_GT(pieces[i].length(), time::Duration{0});
      if (i > 0) {
        EXPECT_EQ(pieces[i].begin, pieces[i - 1].end);
      }
    }
  }
}

TEST(Pieces, InnerEdgesOfDaysAreAtMidnight) {
  const auto pieces = pieces_of({at("2024-01-03T05:00:00Z"), at("2024-02-01T00:00:00Z")}, std::chrono::days(10));
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[0].end, at("2024-01-13T00:00:00Z"));
  EXPECT_EQ(pieces[1].end, at("2024-01-23T00:00:00Z"));
}

TEST(Pieces, NothingHasNoPieces) {
  EXPECT_TRUE(pieces_of({at("2024-01-03T05:00:00Z"), at("2024-01-03T05:00:00Z")}, std::chrono::days(1)).empty());
}

TEST(Pieces, WholeHoursHoldTheInterval) {
  EXPECT_EQ(in_whole_hours({at("2024-01-03T05:10:00Z"), at("2024-01-03T06:00:00.5Z")}),
            (time::Interval{at("2024-01-03T05:00:00Z"), at("2024-01-03T07:00:00Z")}));
  EXPECT_EQ(in_whole_hours({at("2024-01-03T05:00:00Z"), at("2024-01-03T06:00:00Z")}),
            (time::Interval{at("2024-01-03T05:00:00Z"), at("2024-01-03T06:00:00Z")}));
}

TEST(Pieces, WhatIsYoungerThanSevenDaysIsNotSettled) {
  const auto now = at("2024-02-20T12:30:00Z");
  const time::Interval old{at("2024-01-01T00:00:00Z"), at("2024-01-11T00:00:00Z")};
  EXPECT_EQ(settled_part(old, now), old);
  const auto half = settled_part({at("2024-02-10T00:00:00Z"), at("2024-02-20T00:00:00Z")}, now);
  EXPECT_EQ(half.end, at("2024-02-13T12:00:00Z"));
  EXPECT_EQ(settled_part({at("2024-02-18T00:00:00Z"), at("2024-02-20T00:00:00Z")}, now).length(), time::Duration{0});
}

}  // namespace
}  // namespace ebb::providers
