#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "plan/problem.h"
#include "series/series.h"
#include "simulate/job_trace.h"
#include "units/quantity.h"

namespace ebb::simulate {

enum class Policy {
  kAtOnce,         ///< as soon as there is room: what is without ebb
  kFlexibleStart,  ///< the best start by the deadline
  kPauseResume,    ///< ... and pauses, with what they cost
  kWaitingHour,    ///< the start that saves most for each hour; lengths are not known, only averages of users' jobs
};
std::string_view name_of(Policy policy);  ///< "at-once", "flexible-start", "pause-resume", "waiting-hour"
std::optional<Policy> parse_policy(std::string_view text);

/// What the queue foresees of the grid.
enum class Knowledge {
  kPerfect,    ///< what will be: the most that any forecast could bring
  kYesterday,  ///< each hour as 24 hours before: the least that a forecast should bring
};
std::string_view name_of(Knowledge knowledge);  ///< "perfect", "yesterday"
std::optional<Knowledge> parse_knowledge(std::string_view text);

struct Setup {
  time::Instant zero;                             ///< the moment that the trace's times count from
  int gpus = 0;                                   ///< of the cluster; 0: no limit
  double cpus = 0.0;                              ///< of the cluster; 0: no limit
  units::Power gpu_power = units::watts(300.0);   ///< of one that works; flat
  units::Power cpu_power = units::watts(10.0);    ///< of one CPU of a job that has no GPU
  time::Duration slack = std::chrono::hours(24);  ///< of jobs without a deadline in the trace
  bool trace_deadlines = true;                    ///< take those that there are
  bool from_real_start = false;                   ///< jobs come when they really began, not when they were submitted
  plan::Costs costs;                              ///< of pauses; pause_power is of a job that stands still
  Knowledge knowledge = Knowledge::kPerfect;
  /// Lengths are planned with an error: true length x exp(error x a standard normal number). Not for waiting-hour.
  double length_error = 0.0;
  std::uint64_t seed = 1;
};

/// What became of a job.
struct JobOutcome {
  enum class Fate : unsigned char { kRan, kTooLarge, kBeyondData, kUnpriced };
  Fate fate = Fate::kRan;
  bool impossible = false;  ///< its deadline could not be kept from the moment it came: told then, run at once
  bool missed = false;      ///< another's deadline
  std::size_t pauses = 0;
  double grams = 0.0;
  double kwh = 0.0;
  time::Duration delay{0};  ///< of its end, behind a start at once
};

struct Outcome {
  Policy policy = Policy::kAtOnce;
  std::vector<JobOutcome> jobs;  ///< as in the trace
};

/// Runs a trace through the queue (queue/), on a simulated clock and a cluster of limited size, on what the grid did.
///
/// A job's power is flat: its GPUs x gpu_power, or its CPUs x cpu_power where it has none. Emissions are those of its
/// runs, its restarts and its pauses on `grid`. Jobs whose deadline lies behind the grid's end are left out
/// (kBeyondData), those that are larger than the cluster too; one that touches a missing slot has no grams (kUnpriced).
/// Deterministic: the same bytes for the same setup and seed. One thread; different policies may run side by side.
/// Errors: kNoData, no job lies within the grid's data; kUsage.
base::Expected<Outcome> simulate(const JobTrace& trace, const series::Series& grid, Policy policy, const Setup& setup);

/// Totals of an outcome, beside those of running at once. Both have the same jobs; only those that both priced count.
struct Summary {
  Policy policy = Policy::kAtOnce;
  std::size_t jobs = 0;         ///< that count
  std::size_t beyond_data = 0;  ///< left out
  std::size_t too_large = 0;
  std::size_t unpriced = 0;
  double grams = 0.0;
  double kwh = 0.0;
  double saved_grams = 0.0;  ///< against running at once; negative: more
  time::Duration delay_mean{0};
  time::Duration delay_p95{0};
  std::size_t impossible = 0;
  std::size_t missed = 0;
  std::size_t harmed = 0;  ///< emit more than 1% more than at once
  std::size_t pauses = 0;
  /// Saved for each hour that jobs end later than at once, all hours together; nothing where they do not.
  std::optional<double> saved_grams_per_hour;
};
Summary summary_of(const Outcome& outcome, const Outcome& at_once);

/// The most GPUs and CPUs that ran at one moment, as it really was; needs TraceJob::start, or takes the submission.
struct Peak {
  int gpus = 0;
  double cpus = 0.0;
};
Peak peak_of(const JobTrace& trace);

}  // namespace ebb::simulate
