#include "sensors/counter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace ebb::sensors {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kRange = 262143328850;  // uJ, of an Intel server package

CounterUnwrapper::Rules rapl_rules() {
  return {.unit = units::joules(1e-6), .range = kRange, .max_power = units::watts(1000)};
}
CounterUnwrapper::Rules nvml_rules() {
  return {.unit = units::joules(1e-3), .range = {}, .max_power = units::watts(3000)};
}
double joules_of(const Step& step) { return units::in_joules(step.energy); }

TEST(CounterUnwrapper, the_first_value_and_the_first_after_a_reset_is_a_baseline) {
  CounterUnwrapper counter(nvml_rules());
  EXPECT_EQ(counter.add(5000, seconds(10)).verdict, Verdict::kFirst);
  const Step step = counter.add(7500, seconds(11));
  EXPECT_EQ(step.verdict, Verdict::kEnergy);
  EXPECT_DOUBLE_EQ(joules_of(step), 2.5);
  EXPECT_EQ(step.since, seconds(10));
  counter.reset();
  EXPECT_EQ(counter.add(9000, seconds(12)).verdict, Verdict::kFirst);
}

TEST(CounterUnwrapper, a_wrap_inside_an_interval_and_at_its_edge_is_corrected) {
  CounterUnwrapper inside(rapl_rules());
  inside.add(kRange - 40'000'000, seconds(0));
  const Step wrapped = inside.add(59'999'999, seconds(1));
  EXPECT_EQ(wrapped.verdict, Verdict::kEnergy);
  EXPECT_DOUBLE_EQ(joules_of(wrapped), 100.0);

  CounterUnwrapper edge(rapl_rules());
  edge.add(kRange - 50'000'000, seconds(0));
  EXPECT_DOUBLE_EQ(joules_of(edge.add(kRange, seconds(1))), 50.0);  // the last value before the wrap
  EXPECT_DOUBLE_EQ(joules_of(edge.add(0, seconds(2))), 1e-6);       // the first after it: one count more
  EXPECT_DOUBLE_EQ(joules_of(edge.add(30'000'000, seconds(3))), 30.0);
}

TEST(CounterUnwrapper, a_counter_of_64_bits_wraps_without_overflow) {
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  CounterUnwrapper counter({.unit = units::joules(1e-6), .range = kMost, .max_power = units::watts(100)});
  counter.add(kMost - 9, seconds(0));
  EXPECT_DOUBLE_EQ(joules_of(counter.add(10, seconds(1))), 20e-6);
}

TEST(CounterUnwrapper, a_counter_that_starts_anew_is_a_reset_and_never_negative_or_huge) {
  CounterUnwrapper nvml(nvml_rules());
  nvml.add(90'000'000, seconds(0));
  const Step reset = nvml.add(100, seconds(1));
  EXPECT_EQ(reset.verdict, Verdict::kReset);
  EXPECT_EQ(joules_of(reset), 0.0);
  EXPECT_DOUBLE_EQ(joules_of(nvml.add(200'100, seconds(2))), 200.0);  // goes on from the new value

  CounterUnwrapper rapl(rapl_rules());
  rapl.add(kRange / 2, seconds(0));
  EXPECT_EQ(rapl.add(100, seconds(1)).verdict, Verdict::kReset);  // 131 kJ in a second is no wrap
}

TEST(CounterUnwrapper, a_rise_beyond_any_power_is_implausible) {
  CounterUnwrapper counter(nvml_rules());
  counter.add(0, seconds(0));
  EXPECT_EQ(counter.add(6'000'001, seconds(1)).verdict, Verdict::kImplausible);
  EXPECT_DOUBLE_EQ(joules_of(counter.add(6'300'001, seconds(2))), 300.0);

  CounterUnwrapper outside(rapl_rules());
  outside.add(5, seconds(0));
  EXPECT_EQ(outside.add(kRange + 1, seconds(1)).verdict, Verdict::kImplausible);
  EXPECT_EQ(outside.add(5, seconds(2)).verdict, Verdict::kReset);
  EXPECT_EQ(outside.add(6, seconds(3)).verdict, Verdict::kEnergy);
}

TEST(CounterUnwrapper, energy_that_a_counter_held_back_for_a_step_is_plausible) {
  CounterUnwrapper counter(nvml_rules());
  counter.add(0, milliseconds(0));
  EXPECT_EQ(joules_of(counter.add(0, milliseconds(95))), 0.0);
  EXPECT_DOUBLE_EQ(joules_of(counter.add(70'000, milliseconds(100))), 70.0);  // 700 W over 100 ms, told at once
}

TEST(CounterUnwrapper, after_a_time_in_which_it_may_wrap_twice_nothing_is_guessed) {
  CounterUnwrapper counter(rapl_rules());
  counter.add(1000, seconds(0));
  const Step late = counter.add(2000, seconds(270));  // 1 kW fills the range in 262 s
  EXPECT_EQ(late.verdict, Verdict::kTooLong);
  EXPECT_EQ(late.since, seconds(0));
  EXPECT_EQ(counter.add(3000, seconds(271)).verdict, Verdict::kEnergy);
}

/// A machine whose energy is known: reads of a random counter, some of which fail, wrap or come after a restart.
class TrueCounter {
 public:
  TrueCounter(unsigned seed, std::optional<std::uint64_t> range)
      : random_(seed), range_(range), value_(range ? below(*range) : below(1'000'000'000)) {}

  struct Look {
    time::Duration at{0};
    bool failed = false;
    bool restarted = false;
    std::uint64_t value = 0;
    std::uint64_t used_uj = 0;  // since the look before
  };
  Look look() {
    Look look;
    at_ += milliseconds(1 + static_cast<int>(below(20'000)));
    look.at = at_;
    look.used_uj = below(static_cast<std::uint64_t>((at_ - last_).count() / 1000) * 900);  // up to 900 W
    last_ = at_;
    value_ += look.used_uj;
    if (range_) value_ %= *range_ + 1;
    look.failed = below(7) == 0;
    // Far enough back that no wrap explains it.
    if (below(15) == 0 && value_ < range_.value_or(value_ + 1) / 2 && value_ > 1'000'000'000) {
      value_ = below(1000);
      look.restarted = true;
    }
    look.value = value_;
    return look;
  }

 private:
  std::uint64_t below(std::uint64_t n) { return std::uniform_int_distribution<std::uint64_t>(0, n - 1)(random_); }

  std::mt19937_64 random_;
  std::optional<std::uint64_t> range_;
  std::uint64_t value_;
  time::Duration at_{0};
  time::Duration last_{0};
};

TEST(CounterUnwrapper, agrees_with_a_machine_whose_energy_is_known) {
  int wraps = 0;
  int resets = 0;
  int seen_resets = 0;
  int failures = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    const std::optional<std::uint64_t> range = seed % 2 == 0 ? std::optional(kRange) : std::nullopt;
    TrueCounter machine(seed, range);
    CounterUnwrapper counter({.unit = units::joules(1e-6), .range = range, .max_power = units::watts(1000)});
    std::uint64_t owed_uj = 0;
    bool restarted = false;
    std::optional<TrueCounter::Look> last;
    for (int i = 0; i < 200; ++i) {
      const auto look = machine.look();
      owed_uj += look.used_uj;
      restarted = restarted || look.restarted;
      if (look.failed) {
        ++failures;
        continue;
      }
      const Step step = counter.add(look.value, look.at);
      ASSERT_GE(joules_of(step), 0.0);
      if (!last) {
        ASSERT_EQ(step.verdict, Verdict::kFirst);
      } else if (restarted) {
        ASSERT_NE(step.verdict, Verdict::kFirst) << "seed " << seed << " look " << i;
        // Where a restart cannot be told from a little use, it takes energy away and never adds any.
        ASSERT_LE(joules_of(step), static_cast<double>(owed_uj) * 1e-6 + 1e-3) << "seed " << seed << " look " << i;
        if (step.verdict == Verdict::kReset) ++seen_resets;
        ++resets;
      } else {
        ASSERT_EQ(step.verdict, Verdict::kEnergy) << "seed " << seed << " look " << i;
        ASSERT_NEAR(joules_of(step), static_cast<double>(owed_uj) * 1e-6, 1e-6);
        ASSERT_EQ(step.since, last->at);
        if (look.value < last->value) ++wraps;
      }
      last = look;
      owed_uj = 0;
      restarted = false;
    }
  }
  EXPECT_GT(wraps, 300);
  EXPECT_GT(resets, 500);
  EXPECT_GT(seen_resets, resets * 9 / 10);
  EXPECT_GT(failures, 5000);
}

TEST(PowerIntegral, is_made_of_trapezoids) {
  PowerIntegral integral(seconds(5));
  EXPECT_EQ(integral.add(units::watts(100), seconds(0)).verdict, Verdict::kFirst);
  EXPECT_DOUBLE_EQ(joules_of(integral.add(units::watts(300), seconds(2))), 400.0);
  EXPECT_DOUBLE_EQ(joules_of(integral.add(units::watts(300), seconds(2))), 0.0);
  EXPECT_DOUBLE_EQ(joules_of(integral.add(units::watts(0), seconds(7))), 750.0);
}

TEST(PowerIntegral, a_late_power_is_a_gap_and_not_an_extrapolation) {
  PowerIntegral integral(seconds(5));
  integral.add(units::watts(300), seconds(0));
  const Step late = integral.add(units::watts(300), seconds(6));
  EXPECT_EQ(late.verdict, Verdict::kTooLong);
  EXPECT_EQ(joules_of(late), 0.0);
  EXPECT_DOUBLE_EQ(joules_of(integral.add(units::watts(300), seconds(7))), 300.0);
}

TEST(PowerIntegral, a_power_that_is_none_is_a_gap_and_no_baseline) {
  for (const double bad : {-1.0, std::nan(""), std::numeric_limits<double>::infinity(), 1e16}) {
    PowerIntegral integral(seconds(5));
    integral.add(units::watts(300), seconds(0));
    const Step step = integral.add(units::watts(bad), seconds(1));
    EXPECT_EQ(step.verdict, Verdict::kImplausible);
    EXPECT_EQ(step.since, seconds(0));
    EXPECT_EQ(integral.add(units::watts(300), seconds(2)).verdict, Verdict::kFirst);
  }
}

TEST(ReadingOf, a_step_is_an_energy_or_a_gap_with_its_cause) {
  EXPECT_FALSE(reading_of(0, {Verdict::kFirst, {}, seconds(1)}, seconds(1), "x"));
  const auto energy = reading_of(2, {Verdict::kEnergy, units::joules(5), seconds(1)}, seconds(3), "x");
  ASSERT_TRUE(energy && energy->energy);
  EXPECT_EQ(energy->channel, 2U);
  EXPECT_EQ(energy->from, seconds(1));
  EXPECT_EQ(energy->to, seconds(3));
  const auto reset = reading_of(0, {Verdict::kReset, {}, seconds(1)}, seconds(3), "energy_uj of intel-rapl:0");
  ASSERT_TRUE(reset && !reset->energy);
  EXPECT_EQ(reset->cause, GapCause::kReset);
  EXPECT_EQ(reset->detail, "energy_uj of intel-rapl:0 went back without wrapping: it started anew");
  EXPECT_EQ(reading_of(0, {Verdict::kTooLong, {}, seconds(1)}, seconds(9), "x")->cause, GapCause::kUnread);
}

TEST(GapCause, names_read_back) {
  for (const auto cause :
       {GapCause::kUnread, GapCause::kReadFailed, GapCause::kReset, GapCause::kLost, GapCause::kSuspended}) {
    EXPECT_EQ(parse_gap_cause(name_of(cause)), cause);
  }
  EXPECT_FALSE(parse_gap_cause("asleep"));
}

}  // namespace
}  // namespace ebb::sensors
