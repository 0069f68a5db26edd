#include "queue/queue.h"

#include <gtest/gtest.h>

#include "queue/job_json.h"
#include "queue/task_bytes.h"
#include "queue/test_world.h"

namespace ebb::queue {
namespace {

using exec::Pausable;
using std::chrono::hours;
using std::chrono::minutes;
using test::kMidnight;
using test::World;

/// Two days of half hours, dirty but for 06:00 to 08:00 and 20:00 to 22:00.
std::vector<double> two_dips() {
  std::vector<double> values(96, 500.0);
  for (std::size_t slot = 12; slot < 16; ++slot) values[slot] = 100.0;
  for (std::size_t slot = 40; slot < 44; ++slot) values[slot] = 50.0;
  return values;
}

Options one_at_once() {
  Options options;
  options.limits["local"] = Limits{1, 0.0, 0, 0, false, 0, {}};
  return options;
}

TEST(Queue, runs_a_job_without_deadline_at_once_and_keeps_how_it_ended) {
  World world(two_dips());
  world.open();
  auto what = World::job(10, hours(0));
  what.deadline.reset();
  const auto ticket = world.queue->submit(what);
  ASSERT_TRUE(ticket.ok()) << ticket.error().message;
  world.pass(minutes(15));
  const auto& job = world.job(ticket->id);
  EXPECT_EQ(job.state, State::kFinished);
  EXPECT_EQ(job.exit_code, 0);
  ASSERT_EQ(job.runs.size(), 1U);
  EXPECT_EQ(job.runs[0], (time::Interval{kMidnight, kMidnight + minutes(10)}));
  EXPECT_EQ(job.run_ids, std::vector<std::string>{"run-1-1"});
  EXPECT_EQ(world.executor.environment, std::vector<std::string>{"SECRET=1"});
}

TEST(Queue, starts_a_job_when_it_is_clean_and_says_what_that_saved) {
  World world(two_dips());
  world.open();
  const auto ticket = world.queue->submit(World::job(60, hours(10)));
  ASSERT_TRUE(ticket.ok()) << ticket.error().message;
  EXPECT_FALSE(ticket->decision.run);
  EXPECT_EQ(ticket->decision.next_change, kMidnight + hours(6));
  EXPECT_NEAR(units::in_grams(*ticket->decision.planned), 100.0, 1e-6);
  world.pass(hours(12));
  const auto& job = world.job(ticket->id);
  ASSERT_EQ(job.state, State::kFinished);
  EXPECT_EQ(job.runs[0].begin, kMidnight + hours(6));
  ASSERT_TRUE(job.saved) << job.not_settled;
  EXPECT_NEAR(job.saved->realised_g, 100.0, 1e-6);
  EXPECT_NEAR(job.saved->at_once_g, 500.0, 1e-6);
  EXPECT_NEAR(job.saved->best_g, 100.0, 1e-6);
}

TEST(Queue, pauses_and_resumes_by_plan_frozen_and_from_checkpoints) {
  for (const auto pausable : {Pausable::kFreeze, Pausable::kCheckpoint}) {
    World world(two_dips());
    world.open();
    const auto ticket = world.queue->submit(World::job(180, hours(23), pausable));
    ASSERT_TRUE(ticket.ok());
    world.pass(hours(27));
    const auto& job = world.job(ticket->id);
    ASSERT_EQ(job.state, State::kFinished) << name_of(job.state) << ": " << job.reason;
    EXPECT_EQ(job.pauses, 1U);
    ASSERT_EQ(job.runs.size(), 2U);
    EXPECT_EQ(job.ran(), minutes(180));
    EXPECT_EQ(job.attempt, pausable == Pausable::kFreeze ? 1 : 2);
    EXPECT_EQ(job.run_ids.size(), pausable == Pausable::kFreeze ? 1U : 2U);
    ASSERT_TRUE(job.saved) << job.not_settled;
    // A minute between looks: what is resumed is seen a minute later at most.
    EXPECT_NEAR(job.saved->realised_g, 2 * 50.0 + 100.0, 10.0);
    EXPECT_LE(job.saved->best_g, job.saved->realised_g);
    EXPECT_NEAR(units::in_kwh(*job.energy()), 3.0, 1e-9);
  }
}

TEST(Queue, refuses_what_cannot_end_in_time_and_what_never_fits) {
  Options options;
  options.limits["local"] = Limits{1, 4.0, 0, 2, true, 0, {}};
  World world(two_dips(), options);
  world.open();
  auto late = World::job(60, hours(0));
  late.deadline = kMidnight + minutes(59);
  EXPECT_EQ(world.queue->submit(late).error().kind, base::ErrorKind::kInfeasible);
  auto large = World::job(60, hours(1));
  large.task.resources.gpus = 3;
  EXPECT_EQ(world.queue->submit(large).error().kind, base::ErrorKind::kInfeasible);
  auto elsewhere = World::job(60, hours(1));
  elsewhere.executor = "nowhere";
  EXPECT_EQ(world.queue->submit(elsewhere).error().kind, base::ErrorKind::kUsage);
  EXPECT_EQ(world.queue->open_count(), 0U);
}

TEST(Queue, hands_out_boards_once) {
  Options options;
  options.limits["local"] = Limits{0, 0.0, 0, 3, true, 0, {}};
  World world(two_dips(), options);
  world.open();
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    auto what = World::job(30, hours(0));
    what.deadline.reset();
    what.task.resources.gpus = i == 1 ? 2 : 1;
    ids.push_back(world.queue->submit(what)->id);
  }
  world.pass(minutes(5));
  EXPECT_EQ(world.executor.boards[ids[0]], (std::vector<int>{0}));
  EXPECT_EQ(world.executor.boards[ids[1]], (std::vector<int>{1, 2}));
  EXPECT_EQ(world.job(ids[2]).state, State::kWaiting);
  EXPECT_NE(world.job(ids[2]).reason.find("3 of 3 GPUs"), std::string::npos) << world.job(ids[2]).reason;
  world.pass(minutes(90));
  for (const auto& id : ids) EXPECT_EQ(world.job(id).state, State::kFinished);
}

TEST(Queue, lets_a_job_go_first_whose_deadline_forces_it) {
  World world(std::vector<double>(96, 300.0), one_at_once());
  world.open();
  auto relaxed = World::job(60, hours(20));
  auto urgent = World::job(60, hours(1));
  const auto first = world.queue->submit(relaxed)->id;
  const auto second = world.queue->submit(urgent)->id;
  world.pass(hours(4));
  EXPECT_LT(world.job(second).runs.at(0).begin, world.job(first).runs.at(0).begin);
  EXPECT_LE(*world.job(second).ended, *world.job(second).what.deadline);
  EXPECT_EQ(world.executor.most_at_once, 1U);
}

TEST(Queue, does_not_start_all_at_once_where_a_ramp_is_given) {
  Options options;
  options.limits["local"] = Limits{0, 0.0, 0, 0, false, 2, {}};
  World world(std::vector<double>(96, 300.0), options);
  world.open();
  for (int i = 0; i < 6; ++i) {
    auto what = World::job(60, hours(0));
    what.deadline.reset();
    ASSERT_TRUE(world.queue->submit(what).ok());
  }
  world.pass(minutes(1));
  EXPECT_EQ(world.executor.running(), 2U);
  world.pass(minutes(5));
  EXPECT_EQ(world.executor.running(), 4U);
  world.pass(minutes(6));
  EXPECT_EQ(world.executor.running(), 6U);
}

TEST(Queue, holds_releases_and_cancels_wherever_a_job_is) {
  World world(std::vector<double>(96, 300.0));
  world.open();
  const auto submit = [&](Pausable pausable) { return world.queue->submit(World::job(60, hours(20), pausable))->id; };
  const auto held = submit(Pausable::kNo);
  ASSERT_TRUE(world.queue->hold(held).ok());
  world.pass(minutes(10));
  EXPECT_EQ(world.job(held).state, State::kHeld);
  EXPECT_EQ(world.executor.commands.count(held), 0U);
  ASSERT_TRUE(world.queue->release(held).ok());
  world.pass(minutes(10));
  EXPECT_EQ(world.job(held).state, State::kRunning);
  EXPECT_EQ(world.queue->hold(held).error().kind, base::ErrorKind::kUsage);

  const auto frozen = submit(Pausable::kFreeze);
  world.pass(minutes(10));
  ASSERT_TRUE(world.queue->hold(frozen).ok());
  world.pass(minutes(10));
  EXPECT_EQ(world.executor.commands.at(frozen).state, exec::TaskState::kPaused);
  ASSERT_TRUE(world.queue->cancel(frozen).ok());
  world.pass(minutes(2));
  EXPECT_EQ(world.job(frozen).state, State::kCancelled);
  EXPECT_EQ(world.queue->cancel(frozen).error().kind, base::ErrorKind::kUsage);
  EXPECT_EQ(world.queue->cancel("99").error().kind, base::ErrorKind::kNoData);

  const auto waiting = world.queue->submit(World::job(60, hours(20)), true)->id;
  ASSERT_TRUE(world.queue->cancel(waiting).ok());
  EXPECT_EQ(world.job(waiting).state, State::kCancelled);
}

TEST(Queue, asks_an_executor_that_fails_again) {
  World world(std::vector<double>(96, 300.0));
  world.open();
  world.executor.refuses = 3;
  const auto id = world.queue->submit(World::job(10, hours(5)))->id;
  world.pass(hours(1));
  EXPECT_EQ(world.job(id).state, State::kFinished);
  EXPECT_EQ(world.executor.commands.at(id).starts, (std::map<int, int>{{1, 1}}));
}

TEST(Queue, runs_a_lost_job_again_only_where_it_may) {
  for (const bool may : {false, true}) {
    World world(std::vector<double>(96, 300.0));
    world.open();
    auto what = World::job(30, hours(20));
    what.restartable = may;
    const auto id = world.queue->submit(what)->id;
    world.pass(minutes(5));
    world.executor.lost = true;
    world.pass(minutes(1));
    world.executor.lost = false;
    if (!may) {
      EXPECT_EQ(world.job(id).state, State::kLost);
      continue;
    }
    world.pass(hours(2));
    EXPECT_EQ(world.job(id).state, State::kFinished) << name_of(world.job(id).state);
    EXPECT_EQ(world.job(id).attempt, 2);
  }
}

TEST(Queue, runs_one_command_whatever_the_machines_clock_does) {
  World world(two_dips());
  world.open();
  const auto id = world.queue->submit(World::job(60, hours(8)))->id;
  world.pass(minutes(2));
  // Whatever the machine's clock does: a step forward makes the job run, one back lets it run on.
  world.clock.step(hours(9));
  world.pass(minutes(30));
  EXPECT_EQ(world.job(id).state, State::kRunning);
  world.clock.step(-hours(9));
  world.pass(hours(10));
  EXPECT_TRUE(is_final(world.job(id).state));
}

/// Killed at any moment and opened again: each attempt is started once, each job comes to its end in time, and the
/// limit holds.
TEST(Queue, killed_at_five_hundred_moments_it_runs_every_job_exactly_once) {
  std::mt19937 random(20200101);
  const auto below = [&](int end) { return std::uniform_int_distribution<int>(0, end - 1)(random); };
  int kills = 0;
  for (int round = 0; kills < 500; ++round) {
    ASSERT_LT(round, 400);
    World world(two_dips());
    world.open();
    std::vector<std::string> ids;
    const auto survive = [&](const auto& action) {
      for (;;) {
        if (world.fate.left < 0) world.fate.left = below(40);
        try {
          action();
          return;
        } catch (const test::Killed&) {
          ++kills;
          world.fate.left = -1;
          world.open();
        }
      }
    };
    for (int i = 0; i < 4; ++i) {
      const auto pausable = static_cast<Pausable>(below(3));
      auto what = World::job(30 + 30 * below(4), hours(8 + below(16)), pausable);
      world.fate.left = -1;
      ids.push_back(world.queue->submit(what)->id);
    }
    const auto cancelled = below(8);
    while (world.clock.now() < kMidnight + hours(40)) {
      survive([&] {
        if (cancelled < 4 && world.clock.now() > kMidnight + hours(3) &&
            !is_final(world.job(ids[static_cast<std::size_t>(cancelled)]).state)) {
          ASSERT_TRUE(world.queue->cancel(ids[static_cast<std::size_t>(cancelled)]).ok());
        }
        ASSERT_TRUE(world.queue->tick().ok());
      });
      world.clock.advance(minutes(below(10) + 1));
    }
    world.fate.left = -1;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto job = world.queue->look_up(ids[i]);
      ASSERT_TRUE(job.ok()) << job.error().message;
      SCOPED_TRACE(public_json(*job));
      const bool is_cancelled = static_cast<int>(i) == cancelled;
      ASSERT_TRUE(job->state == State::kFinished || is_cancelled);
      const auto found = world.executor.commands.find(ids[i]);
      if (found == world.executor.commands.end()) continue;
      for (const auto& [attempt, starts] : found->second.starts) EXPECT_EQ(starts, 1) << "attempt " << attempt;
      if (!is_cancelled) {
        EXPECT_EQ(found->second.ran, found->second.needs);
        EXPECT_EQ(job->ran(), found->second.needs);
      }
    }
    EXPECT_LE(world.executor.most_at_once, 2U);
  }
  EXPECT_GE(kills, 500);
}

TEST(Journal, gives_back_what_was_put_whatever_bytes_it_has) {
  World world(two_dips());
  world.open();
  auto what = World::job(60, hours(10), Pausable::kCheckpoint);
  what.task.name = "a\n\"b\" \xff\xfe ; rm -rf /";
  what.task.argv = {"60", "", "--x=\xc3\x28", "'quoted'\n"};
  what.task.folder = "/tmp/\xff";
  what.task.checkpoint_command = {"save", "now"};
  what.task.grace = minutes(7);
  what.task.run_options = {"--zone", "XX"};
  what.costs.pause_power = units::watts(33.0);
  what.costs.max_pauses = 3;
  const auto id = world.queue->submit(what)->id;
  world.pass(minutes(3));
  const auto before = world.job(id);
  world.open();
  const auto& after = world.job(id);
  EXPECT_EQ(state_json(after), state_json(before));
  EXPECT_EQ(bytes_of(after.what.task), bytes_of(before.what.task));
  EXPECT_EQ(after.what.task.argv, what.task.argv);
  EXPECT_EQ(after.what.task.name, what.task.name);
  EXPECT_EQ(after.promise, before.promise);
  const auto events = world.queue->events(id);
  ASSERT_TRUE(events.ok());
  ASSERT_FALSE(events->empty());
  EXPECT_EQ(events->front().what, "submitted");
}

TEST(Journal, has_one_owner_at_a_time) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("ebb-journal-" + std::to_string(std::random_device()()));
  std::filesystem::create_directories(folder);
  const auto path = (folder / "queue.db").string();
  {
    const auto first = open_journal(path);
    ASSERT_TRUE(first.ok());
    const auto second = open_journal(path);
    ASSERT_FALSE(second.ok());
    EXPECT_NE(second.error().message.find("another ebb serve"), std::string::npos);
  }
  EXPECT_TRUE(open_journal(path).ok());
  std::filesystem::remove_all(folder);
}

TEST(TaskBytes, refuses_bytes_that_are_cut_or_changed_without_reading_beyond) {
  exec::Task task;
  task.id = "7";
  task.argv = {"python", "train.py"};
  task.boards = {0, 3};
  task.not_before = kMidnight;
  const auto bytes = bytes_of(task);
  const auto back = parse_task(bytes);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(bytes_of(*back), bytes);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(parse_task(std::string_view(bytes).substr(0, length)).ok()) << length;
  }
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    auto changed = bytes;
    changed[random() % changed.size()] = static_cast<char>(random() % 256);
    const auto parsed = parse_task(changed);
    if (parsed.ok()) {
      EXPECT_EQ(bytes_of(*parsed).size(), bytes.size());
    }
  }
  EXPECT_FALSE(parse_job("{}", task).ok());
  EXPECT_FALSE(parse_job("no json", task).ok());
}

}  // namespace
}  // namespace ebb::queue
