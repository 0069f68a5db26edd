#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "exec/executor.h"
#include "queue/foresight.h"
#include "queue/queue.h"
#include "time/clock.h"

namespace ebb::queue::test {

inline constexpr time::Instant kMidnight{std::chrono::seconds(1'577'836'800)};  // 2020-01-01T00:00:00Z

/// Thrown where a kill is meant: nothing of the queue that it goes through is used afterwards.
struct Killed {};

/// Counts down to a kill.
struct Fate {
  int left = -1;  ///< negative: never
  void step() {
    if (left >= 0 && left-- == 0) throw Killed{};
  }
};

/// Jobs that run as time passes, whoever watches: what the queue must bring where it wants it.
class FakeExecutor final : public exec::Executor {
 public:
  struct Command {
    time::Duration needs{0};  ///< running time in all
    time::Duration ran{0};
    int code = 0;
    std::map<int, int> starts;  ///< of each attempt
    int attempt = 0;            ///< the one that lives or lived
    exec::TaskState state = exec::TaskState::kUnknown;
    bool checkpointed = false;
    time::Instant begun, ended;
    time::Duration ran_before{0};
    std::size_t running_at_once = 0;
  };

  FakeExecutor(const time::FakeClock& clock, Fate& fate) : clock_(clock), fate_(fate) {}
  [[nodiscard]] std::string_view name() const override { return "local"; }

  base::Expected<std::string> start(const exec::Task& task) override {
    fate_.step();
    if (refuses > 0) return --refuses, base::service_error("the engine is down");
    pass();
    auto& command = commands[task.id];
    if (task.attempt > command.attempt) {
      command.attempt = task.attempt;
      ++command.starts[task.attempt];
      command.state = exec::TaskState::kRunning;
      command.checkpointed = false;
      command.begun = clock_.now();
      command.ran_before = command.ran;
      command.needs = std::chrono::minutes(std::stoi(task.argv.at(0)));
      most_at_once = std::max(most_at_once, running());
      environment = task.environment;
      boards[task.id] = task.boards;
    }
    fate_.step();
    return "handle-" + task.id;
  }
  base::Status pause(const exec::Task& task, const exec::TaskRef&) override {
    fate_.step();
    pass();
    auto& command = commands[task.id];
    if (command.state == exec::TaskState::kRunning) {
      const bool checkpoint = task.pausable == exec::Pausable::kCheckpoint;
      command.state = checkpoint ? exec::TaskState::kEnded : exec::TaskState::kPaused;
      command.checkpointed = checkpoint;
      command.ended = clock_.now();
    }
    fate_.step();
    return base::Done{};
  }
  base::Status resume(const exec::Task& task, const exec::TaskRef&) override {
    fate_.step();
    pass();
    auto& command = commands[task.id];
    if (command.state == exec::TaskState::kPaused) command.state = exec::TaskState::kRunning;
    most_at_once = std::max(most_at_once, running());
    fate_.step();
    return base::Done{};
  }
  base::Status cancel(const exec::Task& task, const exec::TaskRef&) override {
    fate_.step();
    pass();
    auto& command = commands[task.id];
    if (command.state != exec::TaskState::kEnded && command.state != exec::TaskState::kUnknown) {
      command.state = exec::TaskState::kEnded;
      command.code = 143;
      command.ended = clock_.now();
    }
    return base::Done{};
  }
  base::Expected<std::vector<exec::Observation>> observe(std::span<const exec::TaskRef> refs) override {
    pass();
    std::vector<exec::Observation> all;
    for (const auto& ref : refs) {
      exec::Observation seen;
      const auto found = commands.find(ref.id);
      if (found != commands.end() && found->second.attempt == ref.attempt) {
        const auto& command = found->second;
        seen.state = lost ? exec::TaskState::kLost : command.state;
        seen.begun = command.begun;
        seen.ran = command.ran - command.ran_before;
        seen.energy = units::watts(1000.0) * time::as_quantity(seen.ran);
        seen.run_id = "run-" + ref.id + "-" + std::to_string(ref.attempt);
        seen.checkpointed = command.checkpointed;
        if (command.state == exec::TaskState::kEnded) {
          seen.ended = command.ended;
          seen.exit_code = command.code;
        }
      }
      all.push_back(seen);
    }
    return all;
  }

  [[nodiscard]] std::size_t running() const {
    return static_cast<std::size_t>(std::count_if(commands.begin(), commands.end(), [](const auto& one) {
      return one.second.state == exec::TaskState::kRunning;
    }));
  }

  std::map<std::string, Command> commands;
  std::map<std::string, std::vector<int>> boards;
  std::vector<std::string> environment;
  std::size_t most_at_once = 0;
  int refuses = 0;
  bool lost = false;

 private:
  /// Commands run on since they were last looked at.
  void pass() {
    const auto now = clock_.now();
    for (auto& [id, command] : commands) {
      if (command.state == exec::TaskState::kRunning) {
        const auto left = command.needs - command.ran;
        const auto by = std::min(left, now - std::max(last_, command.begun));
        command.ran += std::max(by, time::Duration(0));
        if (command.ran >= command.needs) {
          command.state = exec::TaskState::kEnded;
          command.ended = now - (now - std::max(last_, command.begun) - by);
        }
      }
    }
    last_ = now;
  }

  const time::FakeClock& clock_;
  Fate& fate_;
  time::Instant last_{};
};

/// A grid that is known in advance.
class KnownGrid final : public Foresight {
 public:
  KnownGrid(std::vector<double> values, time::Duration step = std::chrono::minutes(30))
      : grid_({"XX", {series::SignalKind::kMarginal, series::SignalScope::kDirect}, "a test", "1", {}}, kMidnight, step,
              std::move(values)) {}
  std::shared_ptr<const policy::Outlook> outlook(const std::string&, time::Instant now) override {
    if (blind) return nullptr;
    const auto slot = grid_.slot_at(now);
    if (!slot) return nullptr;
    policy::Outlook outlook{grid_.slice(grid_.time_of(*slot), grid_.end()), {}, {}, {}, "hindsight", now, true};
    return std::make_shared<const policy::Outlook>(std::move(outlook));
  }
  std::optional<series::Series> actual(const std::string&, time::Interval when) override {
    if (when.end > grid_.end()) return std::nullopt;
    return grid_;
  }
  bool blind = false;

 private:
  series::Series grid_;
};

/// A queue with its world; a killed one is opened again on the same journal.
class World {
 public:
  explicit World(std::vector<double> grid, Options options = {})
      : grid_(std::move(grid)), options_(std::move(options)) {
    options_.poll = std::chrono::minutes(1);
    if (options_.limits.empty()) options_.limits["local"] = Limits{2, 0.0, 0, 0, false, 0, {}};
  }
  ~World() {
    queue.reset();
    journal_.reset();
    std::filesystem::remove_all(folder_);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void open() {
    queue.reset();
    journal_.reset();
    std::filesystem::create_directories(folder_);
    auto journal = open_journal(folder_ + "/queue.db");
    CHECK(journal.ok());
    journal_ = std::make_unique<FatefulJournal>(*std::move(journal), fate);
    auto opened = Queue::open(*journal_, {{"local", &executor}}, grid_, clock, options_);
    CHECK(opened.ok());
    queue.emplace(*std::move(opened));
  }

  /// A job of so many minutes, at 1 kW.
  static Submission job(int minutes, time::Duration slack, exec::Pausable pausable = exec::Pausable::kNo) {
    Submission what;
    what.task.argv = {std::to_string(minutes)};
    what.task.environment = {"SECRET=1"};
    what.task.pausable = pausable;
    what.zone = "XX";
    what.strategy = pausable == exec::Pausable::kNo ? plan::Strategy::kFlexibleStart : plan::Strategy::kPauseResume;
    what.duration = std::chrono::minutes(minutes);
    what.power = units::watts(1000.0);
    what.deadline = kMidnight + std::chrono::minutes(minutes) + slack;
    return what;
  }

  /// Lets time pass as the queue asks to be called, a minute at most.
  void pass(time::Duration length) {
    const auto end = clock.now() + length;
    while (clock.now() < end) {
      const auto due = queue->tick();
      CHECK(due.ok());
      clock.advance(std::clamp<time::Duration>(*due - clock.now(), std::chrono::seconds(1), std::chrono::minutes(1)));
    }
  }
  const Job& job(const std::string& id) const {
    const auto* found = queue->find(id);
    CHECK(found != nullptr);
    return *found;
  }

  time::FakeClock clock{kMidnight};
  Fate fate;
  FakeExecutor executor{clock, fate};
  std::optional<Queue> queue;
  int failing_puts = 0;

 private:
  class FatefulJournal final : public Journal {
   public:
    FatefulJournal(std::unique_ptr<Journal> inner, Fate& fate) : inner_(std::move(inner)), fate_(fate) {}
    base::Status add(const Job& job, const Event& event) override { return around(inner_->add(job, event)); }
    base::Status put(const std::vector<Change>& changes) override {
      fate_.step();
      return around(inner_->put(changes));
    }
    base::Expected<std::vector<Job>> load_open() override { return inner_->load_open(); }
    base::Expected<std::vector<Job>> load_final(std::size_t limit) override { return inner_->load_final(limit); }
    base::Expected<std::optional<Job>> load(const std::string& id) override { return inner_->load(id); }
    base::Expected<std::vector<std::string>> environment(const std::string& id) override {
      return inner_->environment(id);
    }
    base::Expected<std::vector<Event>> events(const std::string& id) override { return inner_->events(id); }
    base::Expected<std::int64_t> next_number() override { return inner_->next_number(); }

   private:
    base::Status around(base::Status status) {
      fate_.step();
      return status;
    }
    std::unique_ptr<Journal> inner_;
    Fate& fate_;
  };

  static std::string new_folder() {
    static std::random_device random;
    return (std::filesystem::temp_directory_path() / ("ebb-queue-" + std::to_string(random()))).string();
  }

  std::string folder_ = new_folder();
  KnownGrid grid_;
  Options options_;
  std::unique_ptr<Journal> journal_;
};

}  // namespace ebb::queue::test
