#include "exec/pause_signals.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <functional>
#include <map>

namespace ebb::exec {
namespace {

using State = JobProcess::State;

/// A job of the test's own; a log of what was sent.
class FakeJob final : public JobProcesses {
 public:
  base::Expected<std::vector<JobProcess>> list() override {
    ++looks;
    if (looks == fail_at) return base::service_error("the list is gone");
    if (before_look) before_look(looks);
    std::vector<JobProcess> out;
    for (const auto& [pid, p] : alive) out.push_back(p);
    return out;
  }
  Sent send(const ProcessRef& to, int signal) override {
    if (!alive.contains(to.pid)) return Sent::kEnded;
    if (to.pid == forbidden) return Sent::kForbidden;
    log.emplace_back(to.pid, signal);
    auto& state = alive[to.pid].state;
    if (state != State::kWaits) state = signal == SIGSTOP ? State::kStopped : State::kRuns;
    return Sent::kDone;
  }
  void add(pid_t pid, pid_t parent, State state = State::kRuns) { alive[pid] = {{pid, 1}, parent, state}; }

  std::map<pid_t, JobProcess> alive;
  std::vector<std::pair<pid_t, int>> log;
  std::function<void(int)> before_look;
  int looks = 0;
  int fail_at = 0;
  pid_t forbidden = 0;
};

class FakeWaiting final : public Waiting {
 public:
  FakeWaiting() : Waiting(clock_) {}
  void nap(time::Duration at_most, int /*fd*/) override { clock_.advance(at_most); }

 private:
  time::FakeClock clock_{time::Instant{}};
};

using Log = std::vector<std::pair<pid_t, int>>;
constexpr auto kDeadline = std::chrono::milliseconds(100);

TEST(SignalStopper, parents_are_stopped_first_and_continued_last) {
  FakeJob job;
  FakeWaiting waiting;
  job.add(30, 1);
  job.add(10, 30);
  job.add(20, 10);
  SignalStopper stopper;
  const auto count = stopper.stop(job, waiting, kDeadline);
  ASSERT_TRUE(count.ok());
  EXPECT_EQ(count->processes, 3U);
  EXPECT_TRUE(count->changed);
  EXPECT_FALSE(stopper.stop(job, waiting, kDeadline)->changed);
  EXPECT_EQ(stopper.go_on(job).processes, 3U);
  EXPECT_EQ(stopper.go_on(job).processes, 0U);
  EXPECT_EQ(job.log, (Log{{30, SIGSTOP}, {10, SIGSTOP}, {20, SIGSTOP}, {20, SIGCONT}, {10, SIGCONT}, {30, SIGCONT}}));
}

TEST(SignalStopper, one_that_was_stopped_before_is_left_alone) {
  FakeJob job;
  FakeWaiting waiting;
  job.add(10, 1);
  job.add(20, 10, State::kStopped);
  SignalStopper stopper;
  EXPECT_EQ(stopper.stop(job, waiting, kDeadline)->processes, 2U);
  EXPECT_EQ(stopper.go_on(job).processes, 1U);
  EXPECT_EQ(job.log, (Log{{10, SIGSTOP}, {10, SIGCONT}}));
}

TEST(SignalStopper, what_was_forked_meanwhile_is_stopped_too) {
  FakeJob job;
  FakeWaiting waiting;
  job.add(10, 1);
  job.before_look = [&](int look) {
    if (look >= 2 && look <= 5) job.add(10 + look, 10);
  };
  SignalStopper stopper;
  EXPECT_EQ(stopper.stop(job, waiting, kDeadline)->processes, 5U);
  for (const auto& [pid, p] : job.alive) EXPECT_EQ(p.state, State::kStopped) << pid;
}

TEST(SignalStopper, a_job_that_forks_faster_than_it_can_be_stopped_goes_on_whole) {
  FakeJob job;
  FakeWaiting waiting;
  job.before_look = [&](int look) { job.add(100 + look, 1); };
  SignalStopper stopper;
  const auto count = stopper.stop(job, waiting, kDeadline);
  ASSERT_FALSE(count.ok());
  EXPECT_NE(count.error().message.find("new ones come too fast"), std::string::npos) << count.error().message;
  for (const auto& [pid, p] : job.alive) EXPECT_EQ(p.state, State::kRuns) << pid;
}

TEST(SignalStopper, one_that_may_not_be_signalled_lets_all_go_on) {
  FakeJob job;
  FakeWaiting waiting;
  job.add(10, 1);
  job.add(20, 10);
  job.forbidden = 20;
  SignalStopper stopper;
  const auto count = stopper.stop(job, waiting, kDeadline);
  ASSERT_FALSE(count.ok());
  EXPECT_NE(count.error().message.find("process 20"), std::string::npos);
  EXPECT_EQ(job.log, (Log{{10, SIGSTOP}, {10, SIGCONT}}));
}

TEST(SignalStopper, a_list_that_fails_at_any_look_lets_all_go_on) {
  for (int look = 1; look <= 3; ++look) {
    FakeJob job;
    FakeWaiting waiting;
    job.add(10, 1);
    job.fail_at = look;
    SignalStopper stopper;
    EXPECT_FALSE(stopper.stop(job, waiting, kDeadline).ok());
    EXPECT_EQ(job.alive[10].state, State::kRuns);
  }
}

TEST(SignalStopper, one_that_waits_in_the_kernel_counts_once_it_was_told) {
  FakeJob job;
  FakeWaiting waiting;
  job.add(10, 1, State::kWaits);
  SignalStopper stopper;
  ASSERT_TRUE(stopper.stop(job, waiting, kDeadline).ok());
  EXPECT_EQ(stopper.go_on(job).processes, 1U);
}

TEST(SignalStopper, a_job_that_has_ended_is_no_failure) {
  FakeJob job;
  FakeWaiting waiting;
  job.add(10, 1);
  job.before_look = [&](int look) {
    if (look == 2) job.alive.clear();
  };
  SignalStopper stopper;
  EXPECT_EQ(stopper.stop(job, waiting, kDeadline)->processes, 0U);
}

TEST(SignalStopper, what_another_left_stopped_can_be_taken_over) {
  FakeJob job;
  job.add(10, 1, State::kStopped);
  job.add(20, 10, State::kRuns);
  SignalStopper stopper;
  EXPECT_EQ(*stopper.adopt(job), 1U);
  EXPECT_EQ(stopper.go_on(job).processes, 1U);
  EXPECT_EQ(job.log, (Log{{10, SIGCONT}}));
}

}  // namespace
}  // namespace ebb::exec
