#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "exec/executor.h"
#include "policy/decide.h"
#include "queue/foresight.h"
#include "queue/job.h"
#include "queue/journal.h"
#include "queue/limits.h"
#include "time/clock.h"

namespace ebb::queue {

/// Decides for one job; policy::decide unless somebody compares policies.
using Decider = std::function<base::Expected<policy::Decision>(const Job&, const policy::Situation&,
                                                               const policy::Outlook*, time::Instant)>;

struct Options {
  std::map<std::string, Limits> limits;  ///< by executor; one that is not named has none
  policy::Options policy;
  Decider decide;                                    ///< nothing: policy::decide with `policy`
  std::function<std::string(std::int64_t)> make_id;  ///< nothing: the number alone
  std::function<void(exec::Task&)> complete;         ///< what of a task depends on its id: its output
  std::function<void(const Job&)> on_final;          ///< told of each job that has ended, before it is forgotten
  time::Duration poll = std::chrono::seconds(1);     ///< between looks at jobs that run
  time::Duration settle_within = std::chrono::hours(24 * 8);  ///< then the grid's figures are given up
  std::size_t keep_final = 200;                               ///< of the newest, in memory
};

/// What became of a submission.
struct Ticket {
  std::string id;
  policy::Decision decision;          ///< of the job alone, as if there were room
  std::vector<std::string> warnings;  ///< what its user should know
};

/// Jobs that run by plan: the state machine, its limits and its re-planning, over any executor, on any clock.
///
/// Every change is written down before its effect, and every effect is idempotent, so that a process killed at any
/// instruction is followed by another one that goes on: it brings each executor to what is written.
/// Errors of all calls: kService where the journal cannot be written: then nothing was changed, what runs goes on, and
/// the call may be made again. Executors that fail are asked again, ever more rarely.
/// Thread safety: none; one thread owns it.
class Queue {
 public:
  /// Takes up what the journal holds. All references outlive the queue.
  static base::Expected<Queue> open(Journal& journal, std::map<std::string, exec::Executor*> executors,
                                    Foresight& foresight, const time::Clock& clock, Options options);
  Queue(Queue&&) noexcept = default;

  /// Takes a job in; its id and attempt are made here. When it returns the job is on the disk and will run.
  /// kInfeasible: it cannot end by its deadline, or needs more than there will ever be; kUsage: no such executor.
  base::Expected<Ticket> submit(Submission what, bool held = false);
  /// A job that the executor has already (adopted): `handle` is its name there, `seen` how it stands.
  base::Expected<Ticket> adopt(Submission what, const std::string& handle, const exec::Observation& seen);

  /// kUsage where the job has ended, or runs and cannot be paused (hold).
  base::Status hold(const std::string& id);
  base::Status release(const std::string& id);
  base::Status cancel(const std::string& id);

  /// Looks at what runs, decides what is due, starts, pauses and resumes. Gives back when to call it again at the
  /// latest; call it earlier when something happened.
  base::Expected<time::Instant> tick();
  /// Something outside changed (a new forecast): all decisions are made anew at the next tick.
  void reconsider();

  /// Open jobs, and the newest final ones, by order of submission. Null where there is none of that id.
  [[nodiscard]] std::vector<const Job*> jobs() const;
  [[nodiscard]] const Job* find(const std::string& id) const;
  /// The only id that begins so, up to its '-'; kNoData, kUsage where several do. Final jobs of the journal too.
  base::Expected<Job> look_up(const std::string& id_or_prefix);
  base::Expected<std::vector<Event>> events(const std::string& id) { return journal_->events(id); }

  [[nodiscard]] std::size_t open_count() const { return live_.size(); }
  /// Power of what runs now, as measured or as submitted.
  [[nodiscard]] units::Power running_power() const;

 private:
  /// A job that is not done with.
  struct Live {
    Job job;
    std::uint64_t order = 0;  ///< of submission
    time::Instant look;       ///< when to decide anew
    bool wants_run = false;   ///< by the last decision
    bool forced = false;      ///< ... because of its deadline
    time::Instant retry;      ///< not before: the executor failed
    int failures = 0;
    std::vector<Event> news;  ///< not written yet
    bool entered = false;     ///< of live_: not a trial
    bool asked = false;       ///< a pending one was held or released, as wanted now
  };
  struct ByOrder {
    bool operator()(const Live* a, const Live* b) const { return a->order < b->order; }
  };
  using Set = std::set<Live*, ByOrder>;
  using Lives = std::map<std::string, std::unique_ptr<Live>>;

  Queue(Journal& journal, std::map<std::string, exec::Executor*> executors, Foresight& foresight,
        const time::Clock& clock, Options options);
  base::Expected<Job> new_job(Submission what, time::Instant now);
  static Ticket ticket_of(const Live& live);
  Live& enter(Job job, time::Instant now);
  void note(Live& live, time::Instant at, std::string_view what, std::string text);
  void set_state(Live& live, State state, time::Instant now);
  void set_look(Live& live, time::Instant look);
  void file(Live& live);
  void touch(Live& live);

  void observe(time::Instant now);
  void take(Live& live, const exec::Observation& seen, time::Instant now);
  void take_end(Live& live, time::Instant now);
  void take_lost(Live& live, time::Instant now);

  [[nodiscard]] policy::Situation situation_of(const Live& live) const;
  void decide(Live& live, time::Instant now);
  void decide_due(time::Instant now);
  void admit(time::Instant now);
  bool may_start(Live& live, const Usage& usage, time::Instant now, std::string* why);
  void run(Live& live, const Usage& usage, time::Instant now);

  base::Status commit();
  void act(time::Instant now);
  base::Status bring_about(Live& live);
  void failed(Live& live, const base::Error& error, time::Instant now);
  void settle_due(time::Instant now);
  void forget_final();
  base::Expected<Live*> open_job(const std::string& id);
  [[nodiscard]] exec::Executor* executor_of(const Job& job) const;
  [[nodiscard]] const Limits& limits_of(const std::string& executor) const;
  static constexpr time::Duration kFar = std::chrono::hours(24 * 365);  ///< not to be looked at for now
  [[nodiscard]] bool has_herd_limits() const;
  [[nodiscard]] time::Instant next_due(time::Instant now) const;

  Journal* journal_;
  std::map<std::string, exec::Executor*> executors_;
  Foresight* foresight_;
  const time::Clock* clock_;
  Options options_;
  Lives live_;
  std::set<std::tuple<time::Instant, std::uint64_t, Live*>> looks_;  ///< of jobs that are to be decided
  Set active_;                                                       ///< the executor has something of these
  Set wanting_;                                                      ///< they want to run and do not
  Set touched_;                                                      ///< changed since the last commit
  Set unsettled_;                                                    ///< final, without the grid's figures
  Set done_;                ///< final and settled: to be forgotten once that is written
  std::vector<Job> final_;  ///< the newest
  std::map<std::string, std::vector<std::pair<time::Instant, units::Power>>> started_;  ///< lately, by executor
  std::uint64_t order_ = 0;
  time::Instant settle_next_{};
  bool room_due_ = true;  ///< something changed that may let a job run or make it pause
};

}  // namespace ebb::queue
