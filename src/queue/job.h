#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exec/executor.h"
#include "plan/problem.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::queue {

/// Where a job is in its life (docs/queue.md). What is written is what is *wanted*; the executor is brought there.
enum class State {
  kWaiting,    ///< for its time, or for room
  kHeld,       ///< by its user; its deadline goes on
  kRunning,    ///< wanted to run
  kPaused,     ///< begun, and wanted to stand still
  kFinished,   ///< with exit code 0
  kFailed,     ///< with another, or it could not be started
  kCancelled,  ///< by its user
  kLost,       ///< it was started and nobody can say how it ended
};
std::string_view name_of(State state);  ///< "waiting", "held", ...
std::optional<State> parse_state(std::string_view text);
[[nodiscard]] constexpr bool is_final(State state) { return state >= State::kFinished; }

/// What was asked for; it does not change.
struct Submission {
  exec::Task task;  ///< its environment may be left in the journal
  std::string executor = "local";
  std::string user;  ///< who submitted it, for people; task.uid is who it runs as
  std::string project;
  std::string zone;
  plan::Strategy strategy = plan::Strategy::kFlexibleStart;
  std::optional<time::Duration> duration;  ///< running time that is planned with; nothing: not known
  std::string duration_from;              ///< "as given", "12 earlier runs of this command: 5h to 7h"; empty: not known
  time::Duration margin{0};               ///< kept free before the deadline, because it may take longer
  units::Power power;                     ///< flat
  std::string power_from;                 ///< "as given", "earlier runs", "guessed"
  std::optional<time::Instant> deadline;  ///< hard; nothing: it runs at once
  plan::Costs costs;
  bool restartable = false;  ///< may be run again from its begin after it was lost
};

/// What a plan said, in grams by its forecast, from a moment to the job's end.
struct Promise {
  time::Instant at;
  std::string made_by;  ///< of the outlook
  double planned_g = 0.0;
  double at_once_g = 0.0;
  std::optional<std::pair<double, double>> saving_90_g;

  friend bool operator==(const Promise&, const Promise&) = default;
};

/// What it came to, priced by what the grid then did; each of the same job: its real length and mean power.
struct Saved {
  double realised_g = 0.0;
  double at_once_g = 0.0;  ///< run through from its submission
  double best_g = 0.0;     ///< of the same strategy, with hindsight
  std::string source;      ///< of the intensities

  friend bool operator==(const Saved&, const Saved&) = default;
};

/// A job as the queue keeps it.
struct Job {
  Submission what;
  time::Instant submitted;
  State state = State::kWaiting;
  time::Instant since;           ///< of `state`
  bool cancelling = false;       ///< its end is wanted; not yet there
  int attempt = 0;               ///< the last one that was wanted; 0: none yet
  std::string handle;            ///< of that attempt
  std::vector<int> boards;       ///< GPUs that it has
  time::Duration ran_before{0};  ///< by earlier attempts
  exec::Observation seen;        ///< of the last attempt
  std::size_t pauses = 0;
  std::vector<time::Interval> runs;  ///< when it really ran
  std::vector<std::string> run_ids;  ///< in the ledger, one an attempt
  double energy_kwh_before = 0.0;    ///< of earlier attempts
  std::optional<int> exit_code;
  std::optional<time::Instant> ended;
  std::optional<Promise> promise;  ///< at submission
  std::string reason;              ///< why it is as it is, as last decided
  std::string rule;                ///< name of that decision's rule
  std::optional<time::Instant> next_change;
  std::optional<time::Instant> planned_end;
  std::optional<Saved> saved;  ///< once the grid's figures are there
  std::string not_settled;     ///< why not, where they never will be

  [[nodiscard]] const std::string& id() const { return what.task.id; }
  /// Running time so far, pauses not counted.
  [[nodiscard]] time::Duration ran() const { return ran_before + seen.ran; }
  [[nodiscard]] std::optional<units::Energy> energy() const;
};

/// Runs of a job, in order; the last one is open (its end not known) while its end is its begin.
[[nodiscard]] bool is_open(const std::vector<time::Interval>& runs);
/// Begins another one, unless one is open.
void begin_run(std::vector<time::Interval>& runs, time::Instant at);
/// Ends the open one, if there is one.
void end_run(std::vector<time::Interval>& runs, time::Instant at);

[[nodiscard]] inline bool has_begun(const Job& job) { return job.attempt > 0; }
/// Its command wrote down what it has and ended (or is to begin anew); the next attempt goes on from there.
[[nodiscard]] inline bool is_checkpointed(const Job& job) {
  return job.seen.state == exec::TaskState::kEnded && job.seen.checkpointed;
}
/// It runs, or stands still with its memory and boards; what wrote a checkpoint and ended holds nothing.
[[nodiscard]] inline bool holds_room(const Job& job) {
  return has_begun(job) && !is_final(job.state) && !is_checkpointed(job) && job.seen.state != exec::TaskState::kUnknown;
}

/// Something that happened to a job; kept for ever.
struct Event {
  std::string job;
  time::Instant at;
  std::string what;  ///< "submitted", "start", "pause", "resume", "ended", "plan", ...
  std::string text;  ///< for a person, the reason

  friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace ebb::queue
