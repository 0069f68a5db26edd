#include "cli/plan_control.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/plan_terminal.h"
#include "measure/measure.h"

namespace ebb::cli {
namespace {

using measure::RunState;
using measure::Wish;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Remembers what it was shown, and answers as it is told.
class FakeDisplay final : public PlanDisplay {
 public:
  void show(const PlanNews& news, bool changed, time::Instant now) override {
    if (changed) shown.push_back(news);
    last = now;
  }
  [[nodiscard]] int fd() const override { return there ? 0 : -1; }
  Answer answer() override { return std::exchange(next, Answer::kNone); }
  bool takes_interrupt() override { return there; }

  std::vector<PlanNews> shown;
  time::Instant last;
  Answer next = Answer::kNone;
  bool there = false;
};

const time::Instant kNoon = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + hours(12);

std::shared_ptr<const policy::Outlook> outlook_of(time::Instant begin, time::Duration step,
                                                  std::vector<double> values) {
  const series::Series mean{{"TEST", series::kMarginalDirect, "", "", {}}, begin, step, std::move(values)};
  return std::make_shared<policy::Outlook>(policy::Outlook{mean, {}, {}, {}, "measured", begin, true});
}

PlanWish wish_of(time::Duration duration, time::Instant submitted, time::Instant deadline) {
  PlanWish wish;
  wish.duration = duration;
  wish.power = units::watts(1000.0);
  wish.submitted = submitted;
  wish.deadline = deadline;
  wish.policy.min_saving_fraction = 0.0;
  wish.policy.switch_gain_fraction = 0.0;
  return wish;
}

/// A control on a clock that a test moves, and a run that does at once what it is told.
class Planned : public testing::Test {
 protected:
  void make(PlanWish wish, std::shared_ptr<const policy::Outlook> outlook) {
    control_.emplace(
        std::move(wish), [this, outlook](time::Instant) { return ++foreseen_, outlook; }, clock_, display_);
  }
  /// Asks, obeys, and lets the time go by until it is to be asked again, or until `end`.
  void run_until(time::Instant end) {
    while (clock_.now() < end && standing_.exit_code != 0) {
      const auto order = control_->ask(standing_);
      ASSERT_TRUE(order.ask_again.has_value());
      wishes_.push_back(order.wish);
      if (obey(order.wish)) continue;
      const auto until = std::min(*order.ask_again - clock_.steady(), end - clock_.now());
      ASSERT_GT(until, time::Duration{0});
      clock_.advance(until);
      if (standing_.state == RunState::kRunning) {
        standing_.ran += until;
        standing_.energy += units::watts(1000.0) * time::as_quantity(until);
      }
    }
  }
  bool obey(Wish wish) {
    const auto before = standing_.state;
    if (wish == Wish::kEnd) standing_.exit_code = 0;
    if (wish == Wish::kRun && before != RunState::kRunning) {
      standing_.state = RunState::kRunning;
      if (before == RunState::kWaiting) ++standing_.attempt;
    } else if (wish == Wish::kPause && before == RunState::kRunning) {
      standing_.state = RunState::kPaused;
      ++standing_.pauses;
    } else if (wish == Wish::kCheckpoint && before == RunState::kRunning) {
      standing_.state = RunState::kWaiting;
      standing_.checkpointed = true;
      ++standing_.pauses;
    }
    return standing_.state != before;
  }

  time::FakeClock clock_{kNoon};
  FakeDisplay display_;
  std::optional<PlanControl> control_;
  measure::Standing standing_;
  std::vector<Wish> wishes_;
  int foreseen_ = 0;
};

TEST_F(Planned, it_waits_for_the_clean_hour_and_says_so) {
  make(wish_of(hours(1), kNoon, kNoon + hours(4)), outlook_of(kNoon, hours(1), {500, 400, 100, 300}));
  run_until(kNoon + hours(2) + minutes(30));
  const auto runs = control_->runs(clock_.now());
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0], (time::Interval{kNoon + hours(2), kNoon + hours(2) + minutes(30)}));
  ASSERT_TRUE(control_->promise().has_value());
  EXPECT_NEAR(units::in_grams(*control_->promise()->planned), 100.0, 1e-9);
  EXPECT_NEAR(units::in_grams(*control_->promise()->at_once), 500.0, 1e-9);
  ASSERT_EQ(display_.shown.size(), 2U);
  EXPECT_EQ(display_.shown[0].state, RunState::kWaiting);
  EXPECT_EQ(display_.shown[0].decision.next_change, kNoon + hours(2));
  EXPECT_EQ(display_.shown[0].now_g_per_kwh, 500.0);
  EXPECT_NEAR(units::in_grams(display_.shown[0].promised.value_or(units::grams(0))), 400.0, 1e-9);
  EXPECT_EQ(display_.shown[1].state, RunState::kRunning);
  EXPECT_EQ(control_->foreseen_by(), "measured");
}

TEST_F(Planned, it_is_paused_over_the_dirty_hour_and_its_grams_add_up) {
  auto wish = wish_of(hours(2), kNoon, kNoon + hours(4));
  wish.pausable = exec::Pausable::kFreeze;
  make(wish, outlook_of(kNoon, hours(1), {100, 900, 200, 900}));
  run_until(kNoon + hours(3));
  const auto runs = control_->runs(clock_.now());
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0], (time::Interval{kNoon, kNoon + hours(1)}));
  EXPECT_EQ(runs[1], (time::Interval{kNoon + hours(2), kNoon + hours(3)}));
  EXPECT_EQ(display_.shown.back().state, RunState::kRunning);
  // Each stretch at what was foreseen of its end: within a stretch of the truth.
  ASSERT_TRUE(display_.shown.back().emitted.has_value());
  EXPECT_NEAR(units::in_grams(*display_.shown.back().emitted), 100.0, 100.0);
}

TEST_F(Planned, a_checkpointed_one_waits_and_is_started_again) {
  auto wish = wish_of(hours(2), kNoon, kNoon + hours(4));
  wish.pausable = exec::Pausable::kCheckpoint;
  wish.checkpoint_signal = SIGUSR2;
  make(wish, outlook_of(kNoon, hours(1), {100, 900, 200, 900}));
  run_until(kNoon + hours(3));
  EXPECT_EQ(standing_.attempt, 2);
  EXPECT_NE(std::find(wishes_.begin(), wishes_.end(), Wish::kCheckpoint), wishes_.end());
  EXPECT_EQ(control_->runs(clock_.now()).size(), 2U);
  EXPECT_EQ(std::get<int>(control_->ask(standing_).checkpoint.how), SIGUSR2);
}

TEST_F(Planned, the_deadline_is_kept_though_it_stays_dirty_till_then) {
  auto wish = wish_of(hours(1), kNoon, kNoon + hours(3));
  wish.margin = minutes(6);
  make(wish, outlook_of(kNoon, hours(1), {900, 800, 700, 100, 100}));
  run_until(kNoon + hours(3));
  const auto runs = control_->runs(clock_.now());
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_LE(runs[0].begin, kNoon + hours(2) - minutes(6));
}

TEST_F(Planned, with_nothing_foreseen_it_runs_at_once) {
  make(wish_of(hours(1), kNoon, kNoon + hours(9)), nullptr);
  run_until(kNoon + minutes(1));
  EXPECT_EQ(control_->runs(clock_.now()).front().begin, kNoon);
  EXPECT_TRUE(control_->foreseen_by().empty());
  ASSERT_EQ(display_.shown.size(), 1U);
  EXPECT_EQ(display_.shown[0].state, RunState::kRunning);
}

TEST_F(Planned, what_is_foreseen_is_asked_for_again_but_not_all_the_time) {
  std::vector<double> falling(48);
  for (std::size_t i = 0; i < falling.size(); ++i) falling[i] = 500.0 - static_cast<double>(i);
  make(wish_of(hours(1), kNoon, kNoon + hours(4)), outlook_of(kNoon, minutes(5), falling));
  run_until(kNoon + minutes(50));
  EXPECT_GE(foreseen_, 2);
  EXPECT_LE(foreseen_, 5);
}

TEST_F(Planned, a_person_may_have_it_run_now_or_give_it_up) {
  display_.there = true;
  make(wish_of(hours(1), kNoon, kNoon + hours(4)), outlook_of(kNoon, hours(1), {500, 400, 100, 300}));
  EXPECT_EQ(control_->ask(standing_).wish, Wish::kPause);
  EXPECT_FALSE(control_->lets_signal_through(standing_, SIGINT));
  EXPECT_TRUE(control_->lets_signal_through(standing_, SIGTERM));
  display_.next = PlanDisplay::Answer::kKeepWaiting;
  EXPECT_EQ(control_->ask(standing_).wish, Wish::kPause);
  display_.next = PlanDisplay::Answer::kRunNow;
  EXPECT_EQ(control_->ask(standing_).wish, Wish::kRun);
  EXPECT_TRUE(control_->was_overruled());
  obey(Wish::kRun);
  EXPECT_EQ(control_->ask(standing_).wish, Wish::kRun);
  display_.next = PlanDisplay::Answer::kGiveUp;
  EXPECT_EQ(control_->ask(standing_).wish, Wish::kEnd);
}

TEST_F(Planned, where_nobody_is_there_an_interrupt_is_the_end) {
  make(wish_of(hours(1), kNoon, kNoon + hours(4)), outlook_of(kNoon, hours(1), {500, 400, 100, 300}));
  EXPECT_TRUE(control_->lets_signal_through(standing_, SIGINT));
  EXPECT_TRUE(control_->descriptors().empty());
}

TEST_F(Planned, a_line_says_what_it_does_and_what_comes_next) {
  PlanNews news;
  news.decision.next_change = kNoon + hours(2);
  news.now_g_per_kwh = 412.4;
  news.promised = units::grams(120.0);
  EXPECT_EQ(live_line(news, kNoon), "waiting  412 g/kWh now  starts in 2.00 h, at 14:00 UTC  120 g less promised");
  news.state = RunState::kPaused;
  news.emitted = units::grams(41.0);
  news.trouble = "the job cannot be resumed";
  const auto line = live_line(news, kNoon + hours(3));
  EXPECT_TRUE(line.starts_with("paused  412 g/kWh now  goes on in ")) << line;
  EXPECT_NE(line.find("about 41.0 g so far"), std::string::npos) << line;
  EXPECT_TRUE(line.ends_with("the job cannot be resumed"));
}

/// A real command on slots of a second.
TEST(PlannedRun, a_real_command_runs_in_the_clean_slots_and_keeps_its_deadline) {
  const time::SystemClock clock;
  std::string folder = (std::filesystem::temp_directory_path() / "ebb-plan-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const auto begin = clock.now();
  // Clean from 0.6 to 1.2 s and from 2.4 to 3 s.
  const auto outlook = outlook_of(begin, milliseconds(600), {900, 100, 900, 900, 100, 900, 900, 900, 900, 900});
  auto wish = wish_of(milliseconds(1200), begin, begin + seconds(6));
  wish.margin = milliseconds(300);
  wish.pausable = exec::Pausable::kFreeze;
  FakeDisplay display;
  PlanControl control(
      wish, [&](time::Instant) { return outlook; }, clock, display);
  sensors::Host host;
  host.environment = [](const std::string&) { return std::nullopt; };
  const measure::World world{clock, host, "node", "user", [] { return static_cast<std::uint64_t>(::getpid()); }};
  measure::Request request;
  request.command = {"/bin/sh", "-c", "i=0; while test $i -lt 11; do sleep 0.1; i=$((i+1)); done; exit 6"};
  request.data_folder = folder;
  request.sensors.automatic = false;
  request.sensors.names = {"model"};
  request.control = &control;
  const auto outcome = measure::measure(request, world);
  const auto ended = clock.now();
  std::error_code none;
  std::filesystem::remove_all(folder, none);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->exit_code, 6);
  EXPECT_LE(ended, wish.deadline);
  EXPECT_EQ(outcome->standing.pauses, 1U);
  const auto runs = control.runs(ended);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_GE(runs[0].begin, begin + milliseconds(600));
  EXPECT_GE(runs[0].end, begin + milliseconds(1200));
  EXPECT_GE(runs[1].begin, begin + milliseconds(2400));
}

}  // namespace
}  // namespace ebb::cli
