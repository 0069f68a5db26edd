#include "exec/pause.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/prctl.h>

#include <algorithm>
#include <fstream>

#include "exec/test_processes.h"

namespace ebb::exec {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): what this room's tests share

bool comes_true(const std::function<bool()>& question) {
  const time::SystemClock clock;
  for (const auto end = clock.steady() + kGenerous; clock.steady() < end; ::poll(nullptr, 0, 1)) {
    if (question()) return true;
  }
  return false;
}

/// A job that is paused in one way: its group, its Pauser, and a body that runs in the place of a command.
class PausedBy : public testing::TestWithParam<PauseWay> {
 protected:
  void SetUp() override {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1L);
    const GroupKind kinds[] = {GroupKind::kV2, GroupKind::kV1, GroupKind::kNone};
    group_options_.name = fmt::format("test-{}-pause-{}", ::getpid(), name_of(GetParam()));
    group_options_.prefer = kinds[static_cast<int>(GetParam())];
    options_.name = group_options_.name;
    options_.prefer = GetParam();
    group_.emplace(*JobGroup::create(group_options_));
    open();
    if (pauser_->way() != GetParam()) {
      GTEST_SKIP() << "not " << name_of(GetParam())
                   << " here: " << fmt::format("{}", fmt::join(pauser_->why_not_better(), "; "));
    }
  }
  void TearDown() override {
    if (pauser_) static_cast<void>(pauser_->resume());
    for (const pid_t pid : pids_) ::kill(pid, SIGKILL);
    while (::waitpid(-1, nullptr, 0) > 0) {
    }
    const std::string left = "/sys/fs/cgroup/freezer/ebb-" + options_.name;
    // One whose end came before the job's leaves its group, as processes were in it.
    if (!pauser_) ::rmdir(left.c_str());
    pauser_.reset();
    EXPECT_FALSE(std::filesystem::exists(left));
    static_cast<void>(group_->remove());
    EXPECT_TRUE(group_->path().empty() || !std::filesystem::exists(group_->path()));
    ::prctl(PR_SET_CHILD_SUBREAPER, 0L);
  }
  void open() { pauser_.emplace(*Pauser::open(*group_, options_, waiting_)); }

  /// `body` ends by saying its pids with tell().
  pid_t start(const std::function<void()>& body) {
    return fork_child([&] {
      if (!group_->join_from_child()) ::_exit(1);
      const rlimit limit{60, 60};
      ::setrlimit(RLIMIT_CPU, &limit);
      body();
    });
  }
  void tell() { write_text(ready_.write.get(), std::to_string(::getpid()) + "\n"); }
  pid_t told() {
    pids_.push_back(std::atoi(read_line(ready_.read.get()).c_str()));
    return pids_.back();
  }
  /// A command, a child with a session of its own, and an orphan of a double fork: all three burn.
  void start_family() {
    start([&] {
      fork_child([&] {
        ::setsid();
        tell();
        burn_on();
      });
      wait_for(fork_child([&] {
        fork_child([&] {
          ::setsid();
          tell();
          burn_on();
        });
      }));
      tell();
      burn_on();
    });
    for (int i = 0; i < 3; ++i) told();
  }
  [[nodiscard]] time::Duration cpu() const {
    time::Duration sum{0};
    for (const pid_t pid : pids_) {
      const auto stat = read_proc_stat("/proc", pid);
      sum += stat ? stat->cpu : time::Duration(0);
    }
    // To the nanosecond where there is a group: a tick would hide a little.
    return group_->kind() == GroupKind::kNone ? sum : *group_->cpu_time();
  }
  [[nodiscard]] static char state(pid_t pid) { return read_proc_stat("/proc", pid).value_or(ProcStat{}).state; }
  PauseAnswer pause() {
    const auto answer = pauser_->pause();
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    return answer ? *answer : PauseAnswer{};
  }
  PauseAnswer resume() {
    const auto answer = pauser_->resume();
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    return answer ? *answer : PauseAnswer{};
  }
  void expect_stands_still(time::Duration ending = time::Duration(0)) {
    const auto before = cpu();
    ::poll(nullptr, 0, 50);
    EXPECT_LE(cpu() - before, ending);
  }
  void expect_runs() {
    const auto before = cpu();
    EXPECT_TRUE(comes_true([&] { return cpu() > before + std::chrono::milliseconds(10); }));
  }

  time::SystemClock clock_;
  Waiting waiting_{clock_};
  GroupOptions group_options_;
  PauserOptions options_;
  std::optional<JobGroup> group_;
  std::optional<Pauser> pauser_;
  Pipe ready_ = make_pipe();
  std::vector<pid_t> pids_;
};

TEST_P(PausedBy, the_whole_family_stands_still_and_goes_on) {
  start_family();
  const auto paused = pause();
  EXPECT_EQ(paused.way, GetParam());
  EXPECT_EQ(paused.processes, 3U);
  EXPECT_TRUE(paused.changed);
  EXPECT_GT(paused.took, time::Duration(0));
  expect_stands_still();
  EXPECT_FALSE(pause().changed);
  const auto resumed = resume();
  EXPECT_EQ(resumed.processes, 3U);
  EXPECT_TRUE(resumed.changed);
  expect_runs();
  EXPECT_FALSE(resume().changed);
}

TEST_P(PausedBy, a_job_that_ignores_what_can_be_ignored_is_paused_all_the_same) {
  start([&] {
    for (const int signal : {SIGTERM, SIGTSTP, SIGINT, SIGHUP, SIGTTIN, SIGTTOU, SIGCONT}) ::signal(signal, SIG_IGN);
    tell();
    burn_on();
  });
  told();
  EXPECT_EQ(pause().processes, 1U);
  expect_stands_still();
  resume();
  expect_runs();
}

TEST_P(PausedBy, one_that_was_stopped_before_stays_so) {
  start_family();
  ::kill(pids_[0], SIGSTOP);
  ASSERT_TRUE(comes_true([&] { return state(pids_[0]) == 'T'; }));
  EXPECT_EQ(pause().processes, 3U);
  resume();
  expect_runs();
  EXPECT_EQ(state(pids_[0]), 'T');
}

TEST_P(PausedBy, a_job_that_has_ended_is_an_answer) {
  EXPECT_TRUE(pause().job_ended);
  start_family();
  EXPECT_FALSE(pause().job_ended);
  for (const pid_t pid : pids_) ::kill(pid, SIGKILL);
  EXPECT_TRUE(comes_true([&] {
    // What was killed while it was held dies when it is let go, in v1.
    resume();
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    const auto answer = pause();
    return answer.job_ended && !answer.changed && !pauser_->paused();
  }));
  pids_.clear();
}

TEST_P(PausedBy, a_job_that_ends_while_being_paused_never_hangs) {
  for (int i = 0; i < 50; ++i) {
    const pid_t child = start([&] { ::poll(nullptr, 0, i % 3); });
    const auto answer = pauser_->pause();
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_TRUE(pauser_->resume().ok());
    wait_for(child);
  }
}

TEST_P(PausedBy, a_storm_of_short_children_stands_still) {
  for (int i = 0; i < 3; ++i) {
    start([&] {
      tell();
      for (;;) {
        const pid_t child = fork_child([] {});
        if (child > 0) ::waitpid(child, nullptr, 0);
      }
    });
    told();
  }
  for (int i = 0; i < 5; ++i) {
    EXPECT_GE(pause().processes, 3U);
    // A child that is at its end already is let end by the kernel: some microseconds.
    expect_stands_still(std::chrono::milliseconds(2));
    resume();
  }
}

TEST_P(PausedBy, its_end_lets_the_job_go_on) {
  start_family();
  pause();
  expect_stands_still();
  pauser_.reset();
  expect_runs();
}

TEST_P(PausedBy, what_a_killed_one_left_paused_is_found_again) {
  start_family();
  const pid_t other = fork_child([&] {
    options_.command = GetParam() == PauseWay::kSignals ? std::optional(pids_[2]) : std::nullopt;
    open();
    ::_exit(pauser_->pause().ok() ? 0 : 1);
  });
  // It ends without any destructor, as by SIGKILL.
  EXPECT_EQ(wait_for(other), 0);
  EXPECT_EQ(state(pids_[2]) == 'T', GetParam() == PauseWay::kSignals);
  pids_ = GetParam() == PauseWay::kSignals ? std::vector{pids_[2], pids_[0], pids_[1]} : pids_;
  options_.command = GetParam() == PauseWay::kSignals ? std::optional(pids_[0]) : std::nullopt;
  const auto answer = thaw_left_behind(group_options_, options_, waiting_);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_TRUE(answer->changed);
  EXPECT_FALSE(answer->job_ended);
  expect_runs();
  EXPECT_FALSE(thaw_left_behind(group_options_, options_, waiting_)->changed);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kUnderSanitizer = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kUnderSanitizer = true;
#else
constexpr bool kUnderSanitizer = false;
#endif
#else
constexpr bool kUnderSanitizer = false;
#endif

TEST_P(PausedBy, a_thousand_cycles_leave_nothing_behind) {
  start([&] {
    tell();
    burn_on();
  });
  told();
  const auto descriptors = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  const auto pages = [] {
    std::size_t total = 0;
    std::size_t resident = 0;
    std::ifstream("/proc/self/statm") >> total >> resident;
    return resident;
  };
  for (int i = 0; i < 10; ++i) pause(), resume();
  const auto median_us = [](std::vector<time::Duration>& all) {
    std::sort(all.begin(), all.end());
    return time::in_seconds(all[all.size() / 2]) * 1e6;
  };
  const auto open_before = descriptors();
  const auto pages_before = pages();
  std::vector<time::Duration> pausing(1000);
  std::vector<time::Duration> resuming(1000);
  for (std::size_t i = 0; i < pausing.size(); ++i) {
    pausing[i] = pause().took;
    resuming[i] = resume().took;
  }
  EXPECT_EQ(descriptors(), open_before);
  // 1 MiB: a leak of a kilobyte a cycle. A sanitizer keeps what was freed, and looks for leaks itself.
  if (!kUnderSanitizer) {
    EXPECT_LE(pages(), pages_before + 256);
  }
  fmt::print("{}: pause {:.0f} us, resume {:.0f} us (median of 1000)\n", name_of(GetParam()), median_us(pausing),
             median_us(resuming));
}

INSTANTIATE_TEST_SUITE_P(Ways, PausedBy, testing::Values(PauseWay::kFreezeV2, PauseWay::kFreezeV1, PauseWay::kSignals),
                         [](const auto& way) {
                           if (way.param == PauseWay::kFreezeV2) return "v2";
                           return way.param == PauseWay::kFreezeV1 ? "v1" : "signals";
                         });

}  // namespace
}  // namespace ebb::exec
