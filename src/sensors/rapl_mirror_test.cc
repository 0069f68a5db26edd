#include "sensors/rapl_mirror.h"

#include <gtest/gtest.h>

#include "support/fake_raw_source.h"

namespace ebb::sensors {
namespace {

using Looks = std::shared_ptr<std::uint64_t>;

TEST(Mirrored, one_register_shown_twice_is_seen_although_it_moves_between_the_looks) {
  const Looks looks = std::make_shared<std::uint64_t>(0);
  test::MovingRegister a(looks, 1000, 61);
  test::MovingRegister b(looks, 1000, 61);
  EXPECT_TRUE(mirrored(a, b, true));
  EXPECT_LT(*looks, 100U);
}

TEST(Mirrored, counters_that_begin_alike_and_move_apart_are_two) {
  const Looks looks = std::make_shared<std::uint64_t>(0);
  test::MovingRegister a(looks, 1000, 61);
  test::MovingRegister b(looks, 1000, 62);
  EXPECT_FALSE(mirrored(a, b, true));
}

TEST(Mirrored, different_values_are_told_apart_at_the_first_look) {
  const Looks looks = std::make_shared<std::uint64_t>(0);
  test::MovingRegister a(looks, 1000, 61);
  test::MovingRegister b(looks, 1061, 61);
  EXPECT_FALSE(mirrored(a, b, true));
  EXPECT_LE(*looks, 6U);
}

TEST(Mirrored, counters_since_they_were_opened_are_compared_by_their_moves) {
  const Looks looks = std::make_shared<std::uint64_t>(0);
  test::MovingRegister a(looks, 500, 61);
  test::MovingRegister b(looks, 3, 61);
  EXPECT_TRUE(mirrored(a, b, false));
}

TEST(Mirrored, counters_that_stand_still_are_one_only_where_they_show_the_same_since_boot) {
  const auto still = [](std::uint64_t a, std::uint64_t b, bool since_boot) {
    test::FakeRawSource one({test::raw_value(a)});
    test::FakeRawSource other({test::raw_value(b)});
    return mirrored(one, other, since_boot);
  };
  EXPECT_TRUE(still(7, 7, true));
  EXPECT_FALSE(still(0, 0, true));
  EXPECT_FALSE(still(7, 8, true));
  EXPECT_FALSE(still(0, 0, false));
}

TEST(Mirrored, a_counter_that_cannot_be_read_mirrors_nothing) {
  test::FakeRawSource good({test::raw_value(7)});
  test::FakeRawSource bad({test::raw_failure(GapCause::kReadFailed, "EIO")});
  EXPECT_FALSE(mirrored(good, bad, true));
  EXPECT_FALSE(mirrored(bad, good, true));
}

}  // namespace
}  // namespace ebb::sensors
