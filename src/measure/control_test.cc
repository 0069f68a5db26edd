#include "measure/control.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "measure/measure.h"
#include "trace/reader.h"

namespace ebb::measure {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kGenerous = seconds(60);

std::string text_of_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool is_alive_process(pid_t pid) {
  const auto stat = exec::read_proc_stat("/proc", pid);
  return stat && stat->state != 'Z' && stat->state != 'X';
}

/// A control that a test writes as one function.
class Scripted final : public Control {
 public:
  using Script = std::function<Order(const Standing&)>;
  Scripted(const time::Clock& clock, Script script)
      : clock_(clock), script_(std::move(script)), end_(clock.steady() + kGenerous) {}
  Order ask(const Standing& standing) override {
    seen_.push_back(standing);
    auto order = script_(standing);
    order.ask_again = clock_.steady() + milliseconds(5);
    if (clock_.steady() > end_) {
      ADD_FAILURE() << "the script did not come to its end";
      order.wish = Wish::kEnd;
    }
    return order;
  }
  bool lets_signal_through(const Standing&, int signal) override {
    signals_.push_back(signal);
    return through_;
  }
  std::vector<Standing> seen_;
  std::vector<int> signals_;
  bool through_ = true;

 private:
  const time::Clock& clock_;
  Script script_;
  time::Duration end_;
};

Order wish(Wish what) {
  Order order;
  order.wish = what;
  return order;
}

class Controlled : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "ebb-measure-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    host_.environment = [](const std::string&) { return std::nullopt; };
  }
  void TearDown() override {
    std::error_code none;
    std::filesystem::remove_all(folder_, none);
  }
  Outcome run(const std::string& script, const Scripted::Script& decide) {
    control_.emplace(clock_, decide);
    control_->through_ = through_;
    // Two tests at once must not take one another's group for their own.
    const World world{clock_, host_, "node", "user", [] { return static_cast<std::uint64_t>(::getpid()); }};
    Request request;
    request.command = {"/bin/sh", "-c", "cd " + folder_ + "; " + script};
    request.data_folder = folder_;
    request.sensors.automatic = false;
    request.sensors.names = {"model"};
    request.period = milliseconds(50);
    request.control = &*control_;
    const auto outcome = measure(request, world);
    EXPECT_TRUE(outcome.ok()) << outcome.error().message;
    return outcome ? *outcome : Outcome{};
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ + "/" + name; }
  [[nodiscard]] bool is_there(const std::string& name) const { return std::filesystem::exists(file(name)); }
  [[nodiscard]] auto size(const std::string& name) const {
    std::error_code none;
    const auto bytes = std::filesystem::file_size(file(name), none);
    return none ? std::uintmax_t{0} : bytes;
  }
  [[nodiscard]] pid_t pid_in(const std::string& name) const { return std::atoi(text_of_file(file(name)).c_str()); }
  [[nodiscard]] trace::Trace trace(const Outcome& outcome) const {
    auto loaded = trace::load_trace(outcome.folder + "/node.trace");
    EXPECT_TRUE(loaded.ok());
    return loaded ? *std::move(loaded) : trace::Trace{};
  }

  time::SystemClock clock_;
  sensors::Host host_;
  std::string folder_;
  std::optional<Scripted> control_;
  bool through_ = true;
};

constexpr const char* kWrites = "while :; do echo x >> out; sleep 0.005; done";

TEST_F(Controlled, it_starts_when_it_is_told_to) {
  int asked = 0;
  const auto outcome = run("echo \"$EBB_ATTEMPT\" > out; exit 7", [&](const Standing& standing) {
    if (asked < 3) {
      EXPECT_EQ(standing.state, RunState::kWaiting);
      EXPECT_TRUE(standing.run_id.empty());
      EXPECT_FALSE(is_there("out"));
    }
    return wish(++asked <= 3 ? Wish::kPause : Wish::kRun);
  });
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_TRUE(outcome.started);
  EXPECT_EQ(outcome.standing.attempt, 1);
  EXPECT_EQ(text_of_file(file("out")), "1\n");
  EXPECT_EQ(trace(outcome).pauses.size(), 0U);
}

TEST_F(Controlled, one_that_is_given_up_before_its_start_leaves_nothing) {
  const auto outcome = run("touch out", [](const Standing&) { return wish(Wish::kEnd); });
  EXPECT_FALSE(outcome.started);
  EXPECT_EQ(outcome.exit_code, 143);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(Controlled, a_signal_to_one_that_waits_is_its_end) {
  const auto outcome = run("touch out", [](const Standing&) {
    ::kill(::getpid(), SIGINT);
    return wish(Wish::kPause);
  });
  EXPECT_FALSE(outcome.started);
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_FALSE(is_there("out"));
}

TEST_F(Controlled, held_it_stands_still_and_its_time_does_not_count) {
  std::uintmax_t before = 0;
  time::Duration held_since{0};
  time::Duration held{0};
  bool was_held = false;
  const auto outcome = run(kWrites, [&](const Standing& standing) {
    if (!was_held && size("out") < 4) return wish(Wish::kRun);
    if (held == time::Duration{0}) {
      if (standing.state != RunState::kPaused) return wish(Wish::kPause);
      if (!was_held) {
        was_held = true;
        before = size("out");
        held_since = clock_.steady();
      }
      if (clock_.steady() - held_since < milliseconds(120)) return wish(Wish::kPause);
      EXPECT_EQ(size("out"), before);
      held = clock_.steady() - held_since;
      return wish(Wish::kRun);
    }
    return wish(size("out") > before + 4 ? Wish::kEnd : Wish::kRun);
  });
  EXPECT_TRUE(outcome.ended);
  EXPECT_EQ(outcome.exit_code, 143);
  EXPECT_EQ(outcome.standing.pauses, 1U);
  EXPECT_GE(outcome.standing.paused, held);
  const auto kept = trace(outcome);
  ASSERT_EQ(kept.pauses.size(), 2U);
  EXPECT_TRUE(kept.pauses[0].paused);
  EXPECT_FALSE(kept.pauses[1].paused);
  const auto by_trace = kept.pauses[1].steady - kept.pauses[0].steady;
  EXPECT_NEAR(time::in_seconds(outcome.standing.paused), time::in_seconds(by_trace), 0.05);
  // Metered on: an interval that lies within the pause, with next to no CPU time of the job.
  bool metered = false;
  for (const auto& interval : kept.intervals) {
    if (interval.from < kept.pauses[0].steady || interval.to > kept.pauses[1].steady) continue;
    metered = metered || interval.to - interval.from > milliseconds(20);
    // The kernel counts a tick late, of each process; running it would be the whole interval.
    EXPECT_LE(interval.job_cpu, milliseconds(40));
  }
  EXPECT_TRUE(metered);
}

TEST_F(Controlled, held_it_sees_the_signal_that_comes_for_it) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    bool sent = false;
    std::filesystem::remove(file("ready"));
    const auto outcome =
        run("trap 'exit 9' TERM INT HUP; touch ready; while :; do sleep 0.01; done", [&](const Standing& standing) {
          if (!is_there("ready")) return wish(Wish::kRun);
          if (standing.state == RunState::kPaused && !sent) {
            sent = true;
            // From a process that is not the job's, as `kill` would, and that is gone when it is looked for.
            const pid_t sender = ::fork();
            if (sender == 0) ::_exit(::kill(::getppid(), signal));
            ::waitpid(sender, nullptr, 0);
          }
          return wish(Wish::kPause);
        });
    EXPECT_EQ(outcome.exit_code, 9) << signal;
    EXPECT_EQ(control_->signals_, std::vector<int>{signal});
  }
}

TEST_F(Controlled, its_control_may_keep_a_signal_to_itself) {
  through_ = false;
  bool sent = false;
  const auto outcome = run(kWrites, [&](const Standing& standing) {
    if (size("out") < 2) return wish(Wish::kRun);
    if (standing.state == RunState::kPaused && !control_->signals_.empty()) return wish(Wish::kEnd);
    if (standing.state == RunState::kPaused && !sent) {
      sent = true;
      ::kill(::getpid(), SIGHUP);
    }
    return wish(Wish::kPause);
  });
  EXPECT_TRUE(outcome.ended);
  EXPECT_EQ(control_->signals_, std::vector<int>{SIGHUP});
}

TEST_F(Controlled, killed_while_it_is_held_it_has_ended_and_its_children_go_on) {
  const auto outcome = run(
      "setsid sh -c 'echo $$ > child; while :; do echo x >> out; sleep 0.005; done' & echo $$ > self; exec sleep 60",
      [&](const Standing& standing) {
        if (pid_in("child") == 0 || pid_in("self") == 0 || size("out") == 0) return wish(Wish::kRun);
        if (standing.state == RunState::kPaused) ::kill(standing.job.pid, SIGKILL);
        return wish(Wish::kPause);
      });
  EXPECT_EQ(outcome.exit_code, 137);
  const pid_t child = pid_in("child");
  const auto before = size("out");
  const auto end = clock_.steady() + kGenerous;
  while (size("out") <= before && clock_.steady() < end) ::poll(nullptr, 0, 1);
  EXPECT_GT(size("out"), before);
  ::kill(child, SIGKILL);
}

TEST_F(Controlled, ended_all_of_it_ends_also_what_ignores_that_and_what_moved_away) {
  for (const bool held : {false, true}) {
    for (const char* name : {"deaf", "orphan", "self"}) std::filesystem::remove(file(name));
    const auto outcome = run(
        "trap '' TERM; setsid sh -c 'trap \"\" TERM; echo $$ > deaf; while :; do sleep 0.01; done' & "
        "(setsid sh -c 'echo $$ > orphan; while :; do sleep 0.01; done' &) ; echo $$ > self; while :; do sleep 0.01; "
        "done",
        [&](const Standing& standing) {
          if (pid_in("deaf") == 0 || pid_in("orphan") == 0 || pid_in("self") == 0) return wish(Wish::kRun);
          if (held && standing.state != RunState::kPaused) return wish(Wish::kPause);
          auto order = wish(Wish::kEnd);
          order.end_grace = milliseconds(50);
          return order;
        });
    EXPECT_TRUE(outcome.ended);
    EXPECT_EQ(outcome.exit_code, 137);
    for (const char* name : {"deaf", "orphan", "self"}) EXPECT_FALSE(is_alive_process(pid_in(name))) << name;
  }
}

TEST_F(Controlled, after_a_checkpoint_it_is_started_again_in_the_same_run) {
  int waited = 0;
  const auto outcome =
      run("echo \"$EBB_ATTEMPT\" >> attempts; test \"$EBB_ATTEMPT\" = 2 && exit 5; trap 'exit 0' USR1; touch ready; "
          "while :; do sleep 0.01; done",
          [&](const Standing& standing) {
            if (!standing.checkpointed && standing.attempt < 2) {
              auto order = wish(is_there("ready") ? Wish::kCheckpoint : Wish::kRun);
              order.checkpoint.grace = kGenerous;
              return order;
            }
            if (standing.state == RunState::kWaiting) {
              EXPECT_EQ(standing.exit_code, 0);
            }
            return wish(++waited < 4 ? Wish::kPause : Wish::kRun);
          });
  EXPECT_EQ(outcome.exit_code, 5);
  EXPECT_FALSE(outcome.checkpointed);
  EXPECT_EQ(outcome.standing.attempt, 2);
  EXPECT_EQ(text_of_file(file("attempts")), "1\n2\n");
  const auto kept = trace(outcome);
  ASSERT_EQ(kept.pauses.size(), 2U);
  ASSERT_TRUE(kept.end.has_value());
  EXPECT_EQ(kept.end->exit_code, 5);
}

TEST_F(Controlled, a_checkpoint_may_be_the_end_of_the_run_and_a_held_job_sees_the_asking) {
  const auto outcome = run("trap 'echo saved > out; exit 3' USR1; touch ready; while :; do sleep 0.01; done",
                           [&](const Standing& standing) {
                             if (!is_there("ready")) return wish(Wish::kRun);
                             if (standing.checkpointed) return wish(Wish::kEnd);
                             auto order = wish(standing.pauses == 0 ? Wish::kPause : Wish::kCheckpoint);
                             order.checkpoint.grace = kGenerous;
                             return order;
                           });
  EXPECT_TRUE(outcome.checkpointed);
  EXPECT_FALSE(outcome.ended);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(text_of_file(file("out")), "saved\n");
}

TEST_F(Controlled, one_that_the_asking_killed_has_written_nothing) {
  const auto outcome = run("echo > ready; exec sleep 60", [&](const Standing&) {
    auto order = wish(is_there("ready") ? Wish::kCheckpoint : Wish::kRun);
    order.checkpoint.grace = kGenerous;
    return order;
  });
  EXPECT_FALSE(outcome.checkpointed);
  EXPECT_EQ(outcome.exit_code, 128 + SIGUSR1);
}

TEST_F(Controlled, one_that_does_not_follow_goes_on_and_it_is_said) {
  const auto outcome = run("trap '' USR1; touch ready; while test ! -e stop; do sleep 0.01; done; exit 4",
                           [&](const Standing& standing) {
                             if (!is_there("ready")) return wish(Wish::kRun);
                             if (!standing.trouble.empty()) std::ofstream(file("stop")) << "";
                             auto order = wish(Wish::kCheckpoint);
                             order.checkpoint.grace = milliseconds(40);
                             return order;
                           });
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_FALSE(outcome.checkpointed);
  EXPECT_NE(outcome.standing.trouble.find("did not end within"), std::string::npos) << outcome.standing.trouble;
}

TEST_F(Controlled, a_command_of_the_users_may_do_the_asking) {
  const auto outcome = run("trap 'exit 6' USR2; touch ready; while :; do sleep 0.01; done", [&](const Standing& s) {
    if (!is_there("ready")) return wish(Wish::kRun);
    if (s.checkpointed) return wish(Wish::kEnd);
    auto order = wish(Wish::kCheckpoint);
    order.checkpoint.grace = kGenerous;
    order.checkpoint.how = std::vector<std::string>{"/bin/sh", "-c", "kill -USR2 $EBB_JOB_PID"};
    return order;
  });
  EXPECT_TRUE(outcome.checkpointed);
  EXPECT_EQ(outcome.exit_code, 6);
}

TEST_F(Controlled, short_jobs_that_are_held_at_any_moment_all_end) {
  for (int i = 0; i < 20; ++i) {
    int asked = 0;
    const auto outcome = run("exit 3", [&](const Standing& standing) {
      if (standing.state == RunState::kWaiting) return wish(Wish::kRun);
      return wish(++asked % 2 == i % 2 ? Wish::kPause : Wish::kRun);
    });
    EXPECT_EQ(outcome.exit_code, 3);
  }
}

}  // namespace
}  // namespace ebb::measure
