#include "policy/together.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "policy/free_room.h"

namespace ebb::policy {
namespace {

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  double between(double a, double b) { return std::uniform_real_distribution<double>(a, b)(random_); }

  std::vector<Contender> jobs(std::size_t count, std::size_t slots, int longest) {
    std::vector<double> day(slots);
    for (std::size_t i = 0; i < slots; ++i) {
      day[i] = 200.0 + 100.0 * std::sin(6.28 * static_cast<double>(i) / 24.0) + between(-30.0, 30.0);
    }
    std::vector<Contender> made;
    for (std::size_t i = 0; i < count; ++i) {
      Contender job;
      job.length = static_cast<std::size_t>(1 + below(longest));
      job.first = static_cast<std::size_t>(below(static_cast<int>(slots) / 2 + 1));
      job.deadline =
          std::min(slots + 1, job.first + job.length + static_cast<std::size_t>(below(static_cast<int>(slots))));
      job.needs = {1.0, 0.5 * below(5), 0.0, static_cast<double>(below(3))};
      const double kw = between(0.1, 2.0);
      for (std::size_t start = job.first; start + job.length <= job.deadline; ++start) {
        double grams = 0.0;
        for (std::size_t slot = start; slot < start + job.length; ++slot) grams += kw * day[std::min(slot, slots - 1)];
        if (below(20) == 0) grams = Amount::kUnlimited;
        job.grams.push_back(below(8) == 0 ? 100.0 : grams);
      }
      made.push_back(std::move(job));
    }
    return made;
  }
  std::vector<Amount> room(std::size_t slots) {
    std::vector<Amount> made;
    Amount amount{1.0 + below(3), 1.0 + below(3), Amount::kUnlimited, 1.0 + below(3)};
    for (std::size_t i = 0; i < slots; ++i) {
      if (below(4) == 0) amount.jobs = below(3);
      if (below(4) == 0) amount.gpus = below(4);
      made.push_back(amount);
    }
    return made;
  }

 private:
  std::mt19937_64 random_;
};

/// Every placement: the fewest late ones, then the least grams.
class BruteForce {
 public:
  BruteForce(const std::vector<Contender>& jobs, const std::vector<Amount>& room) : jobs_(jobs), room_(room) {
    place(0, 0, 0.0);
  }
  std::size_t late = static_cast<std::size_t>(-1);
  double grams = 0.0;

 private:
  void place(std::size_t job, std::size_t late_so_far, double grams_so_far) {
    if (job == jobs_.size()) {
      if (late_so_far < late || (late_so_far == late && grams_so_far < grams)) {
        late = late_so_far;
        grams = grams_so_far;
      }
      return;
    }
    place(job + 1, late_so_far + 1, grams_so_far);
    for (std::size_t i = 0; i < jobs_[job].grams.size(); ++i) {
      starts_.push_back({job, jobs_[job].first + i});
      if (std::isfinite(jobs_[job].grams[i]) && holds())
        place(job + 1, late_so_far, grams_so_far + jobs_[job].grams[i]);
      starts_.pop_back();
    }
  }
  [[nodiscard]] bool holds() const {
    const auto& [newest, at] = starts_.back();
    if (at + jobs_[newest].length > room_.size()) return false;
    for (std::size_t slot = at; slot < at + jobs_[newest].length; ++slot) {
      Amount used;
      for (const auto& [job, start] : starts_) {
        if (slot < start || slot >= start + jobs_[job].length) continue;
        used.jobs += jobs_[job].needs.jobs;
        used.cpus += jobs_[job].needs.cpus;
        used.gpus += jobs_[job].needs.gpus;
      }
      if (used.jobs > room_[slot].jobs || used.cpus > room_[slot].cpus || used.gpus > room_[slot].gpus) return false;
    }
    return true;
  }

  const std::vector<Contender>& jobs_;
  const std::vector<Amount>& room_;
  std::vector<std::pair<std::size_t, std::size_t>> starts_;
};

/// That nobody is where he may not be, and nowhere is more taken than there is.
void expect_sound(const Together& placed, const std::vector<Contender>& jobs, const std::vector<Amount>& room) {
  FreeRoom free(room);
  double total = 0.0;
  std::size_t late = 0;
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    const auto start = placed.start[job];
    if (!start) {
      ++late;
      continue;
    }
    ASSERT_GE(*start, jobs[job].first);
    ASSERT_LE(*start + jobs[job].length, jobs[job].deadline);
    ASSERT_TRUE(free.fits(jobs[job], *start));
    free.take(jobs[job], *start);
    total += jobs[job].grams[*start - jobs[job].first];
  }
  EXPECT_EQ(placed.late, late);
  EXPECT_LE(placed.least_late, late);
  EXPECT_NEAR(placed.total, total, 1e-9 * std::max(1.0, total));
  EXPECT_LE(placed.lower_bound, placed.total);
}

TEST(Together, few_jobs_equal_brute_force) {
  std::size_t some_late = 0;
  for (unsigned seed = 1; seed < 3000; ++seed) {
    Maker maker(seed);
    const auto slots = static_cast<std::size_t>(4 + maker.below(6));
    const auto jobs = maker.jobs(static_cast<std::size_t>(1 + maker.below(5)), slots, 3);
    const auto room = maker.room(slots);
    const BruteForce brute(jobs, room);
    const auto placed = place_together(jobs, room);
    ASSERT_TRUE(placed.ok()) << placed.error().message;
    expect_sound(*placed, jobs, room);
    EXPECT_TRUE(placed->exact) << "seed " << seed;
    EXPECT_EQ(placed->late, brute.late) << "seed " << seed;
    EXPECT_NEAR(placed->total, brute.grams, 1e-9 * std::max(1.0, brute.grams)) << "seed " << seed;
    some_late += brute.late > 0 ? 1 : 0;
    // Without a proof it keeps its bounds.
    const auto guessed = place_together(jobs, room, {0, 60});
    expect_sound(*guessed, jobs, room);
    EXPECT_FALSE(guessed->exact);
    EXPECT_LE(guessed->least_late, brute.late) << "seed " << seed;
    EXPECT_GE(guessed->late, brute.late) << "seed " << seed;
    if (guessed->late == brute.late) {
      EXPECT_LE(guessed->lower_bound, brute.grams + 1e-9 * std::max(1.0, brute.grams)) << "seed " << seed;
      EXPECT_GE(guessed->total, brute.grams - 1e-9 * std::max(1.0, brute.grams)) << "seed " << seed;
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(some_late, 300U);
}

TEST(Together, many_jobs_stay_within_a_small_gap_of_the_bound) {
  double worst = 0.0;
  double sum = 0.0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    Maker maker(seed);
    const std::size_t slots = 96;
    auto jobs = maker.jobs(60, slots, 8);
    for (auto& job : jobs) job.needs = {1.0, 1.0 + maker.below(6), 0.0, static_cast<double>(maker.below(2))};
    const std::vector<Amount> room(slots, Amount{4.0, 16.0, Amount::kUnlimited, 3.0});
    const auto placed = place_together(jobs, room, {0, 120});
    ASSERT_TRUE(placed.ok());
    expect_sound(*placed, jobs, room);
    const double gap = (placed->total - placed->lower_bound) / placed->total;
    worst = std::max(worst, gap);
    sum += gap;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_LT(sum / 12.0, 0.02);
  EXPECT_LT(worst, 0.10);
}

TEST(Together, says_who_cannot_make_it_and_keeps_the_cheap_places_for_those_who_can_use_them) {
  // One board; three jobs of two slots in a window of five: two fit.
  const auto job = [](std::size_t first, std::size_t deadline, std::vector<double> grams) {
    return Contender{first, deadline, 2, {1.0, 0.0, 0.0, 1.0}, std::move(grams)};
  };
  const std::vector<Contender> jobs = {job(0, 5, {9, 1, 9, 9}), job(0, 5, {9, 2, 9, 9}), job(0, 5, {9, 3, 9, 8})};
  const std::vector<Amount> room(5, Amount{9.0, 0.0, 0.0, 1.0});
  const auto placed = place_together(jobs, room);
  ASSERT_TRUE(placed.ok());
  EXPECT_TRUE(placed->exact);
  EXPECT_EQ(placed->late, 1U);
  EXPECT_EQ(placed->least_late, 1U);
  EXPECT_EQ(placed->total, 9.0) << "1 in the cheap place, 8 at the end";
  EXPECT_FALSE(placed->start[1]);
  // Taken from the start: nobody fits.
  const auto full = place_together(jobs, std::vector<Amount>(5, Amount{}));
  EXPECT_EQ(full->late, 3U);
  EXPECT_EQ(full->total, 0.0);
  EXPECT_EQ(place_together({}, room)->late, 0U);
  EXPECT_EQ(place_together(jobs, {})->late, 3U);
}

TEST(Together, a_job_with_the_only_late_place_gets_it_though_another_would_save_more_there) {
  const std::vector<Contender> jobs = {{0, 3, 1, {1.0}, {100, 100, 1}}, {2, 3, 1, {1.0}, {90}}};
  const auto placed = place_together(jobs, std::vector<Amount>(3, Amount{1.0, 0.0, 0.0, 0.0}));
  EXPECT_EQ(placed->late, 0U) << "deadlines come before grams";
  EXPECT_EQ(placed->total, 190.0);
  EXPECT_EQ(placed->start[1], 2U);
}

TEST(Together, grams_by_start_are_sums_over_slots_and_no_start_touches_what_is_missing) {
  const series::Series series({"TEST", series::kMarginalDirect, "", "", {}}, time::Instant{}, std::chrono::hours(1),
                              {100, 200, 300, series::kMissing, 500});
  const auto profile =
      workload::Profile({{std::chrono::hours(1), units::watts(1000)}, {std::chrono::minutes(90), units::watts(2000)}});
  const auto grams = start_grams(profile, series, 0, 5);
  ASSERT_EQ(grams.size(), 4U);
  EXPECT_DOUBLE_EQ(grams[0], 100.0 + 200.0);
  EXPECT_DOUBLE_EQ(grams[1], 200.0 + 300.0);
  EXPECT_EQ(grams[2], Amount::kUnlimited);
  EXPECT_EQ(grams[3], Amount::kUnlimited);
  EXPECT_TRUE(start_grams(profile, series, 4, 5).empty());
  EXPECT_EQ(start_grams(profile, series, 4, 6).front(), Amount::kUnlimited) << "behind the series' end";
}

TEST(Together, what_contradicts_itself_is_refused) {
  const std::vector<Amount> room(3, Amount::unlimited());
  const auto refused = [&](const Contender& job) {
    const auto placed = place_together(std::vector<Contender>{job}, room);
    return !placed.ok() && placed.error().kind == base::ErrorKind::kUsage;
  };
  EXPECT_TRUE(refused({0, 3, 0, {}, {1, 1, 1}}));
  EXPECT_TRUE(refused({0, 3, 1, {}, {1, 1}}));
  EXPECT_TRUE(refused({0, 3, 1, {-1.0}, {1, 1, 1}}));
  EXPECT_TRUE(refused({0, 3, 1, {NAN}, {1, 1, 1}}));
  EXPECT_FALSE(refused({0, 3, 1, {}, {1, 1, 1}}));
  EXPECT_FALSE(refused({2, 1, 1, {}, {}})) << "it is late, that is all";
  EXPECT_FALSE(place_together({}, std::vector<Amount>{{-1.0}}).ok());
}

}  // namespace
}  // namespace ebb::policy
