#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "exec/executor.h"
#include "time/clock.h"

namespace ebb::simulate {

/// A clock that stands still until it is set forward.
class SimulatedClock final : public time::Clock {
 public:
  explicit SimulatedClock(time::Instant now) : now_(now) {}
  [[nodiscard]] time::Instant now() const override { return now_; }
  [[nodiscard]] time::Duration steady() const override { return now_.time_since_epoch(); }
  [[nodiscard]] time::Duration asleep() const override { return time::Duration(0); }
  /// Never backwards.
  void set(time::Instant now);

 private:
  time::Instant now_;
};

/// Jobs that take the time they take: an Executor without processes, on a simulated clock.
///
/// Everything that is asked happens at once; a job ends `length` of running time after its start, restarts not counted.
/// Its last state stays known until it is forgotten. O(log jobs) a call. Thread safety: none.
class SimulatedExecutor final : public exec::Executor {
 public:
  /// How long the job of a task runs in truth, and how long it takes to go on after a pause.
  struct Truth {
    time::Duration length{0};
    time::Duration restart{0};
  };
  /// `clock` outlives it.
  SimulatedExecutor(const time::Clock& clock, std::function<Truth(const exec::Task&)> truth);

  [[nodiscard]] std::string_view name() const override { return "simulated"; }
  base::Expected<std::string> start(const exec::Task& task) override;
  base::Status pause(const exec::Task& task, const exec::TaskRef& ref) override;
  base::Status resume(const exec::Task& task, const exec::TaskRef& ref) override;
  base::Status cancel(const exec::Task& task, const exec::TaskRef& ref) override;
  base::Expected<std::vector<exec::Observation>> observe(std::span<const exec::TaskRef> refs) override;

  /// When the next running job ends, as things stand.
  std::optional<time::Instant> next_end();
  /// How many starts, pauses, resumes and ends by command there were: it moves where a state was changed.
  [[nodiscard]] std::size_t acts() const { return acts_; }
  void forget(const std::string& id) { tasks_.erase(id); }

 private:
  struct Entry {
    Truth truth;
    time::Instant begun;
    time::Instant since;  ///< of the present state
    time::Duration ran{0};
    time::Duration paused{0};
    time::Duration restarting{0};  ///< at the begin of the present stretch of running
    exec::TaskState state = exec::TaskState::kRunning;
    std::size_t pauses = 0;
    int attempt = 1;
    std::uint64_t version = 0;  ///< of its planned end
    time::Instant end;          ///< of one that runs: planned; of one that ended: real
    bool cancelled = false;
  };
  struct End {
    time::Instant at;
    std::string id;
    std::uint64_t version = 0;
    friend bool operator>(const End& a, const End& b) { return a.at > b.at || (a.at == b.at && a.id > b.id); }
  };
  Entry* find(const exec::TaskRef& ref);
  void settle(Entry& entry) const;
  void plan_end(const std::string& id, Entry& entry);

  const time::Clock* clock_;
  std::function<Truth(const exec::Task&)> truth_;
  std::unordered_map<std::string, Entry> tasks_;
  std::size_t acts_ = 0;
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_;
};

}  // namespace ebb::simulate
