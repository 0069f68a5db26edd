#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::slurm {

enum class JobState {
  kPending,
  kRunning,
  kSuspended,
  kCompleted,
  kCancelled,
  kFailed,
  kTimeout,
  kNodeFail,
  kPreempted,
  kBootFail,
  kDeadline,
  kOutOfMemory,
  kOther,  ///< a word that is not known: not taken for an end
};

/// What Slurm says of a state, whatever flags stand around it ("COMPLETING", "STOPPED", "CONFIGURING", ...).
struct StateWords {
  JobState state = JobState::kOther;
  bool stopped = false;     ///< its processes were sent SIGSTOP
  bool completing = false;  ///< its processes are being ended
  bool requeued = false;    ///< it will be started again
};
/// From one or more words, upper case; "CANCELLED by 1000" is one.
StateWords parse_state(const std::vector<std::string_view>& words);
std::string_view name_of(JobState state);  ///< "pending", "out-of-memory", ...
bool is_end(JobState state);

/// A job as squeue or sacct tells of it. What is not said is empty.
struct Job {
  std::uint64_t id = 0;                  ///< Slurm's number; of an element of an array its own one
  std::uint64_t array = 0;               ///< id of the array that it is an element of; 0: none
  std::optional<std::uint32_t> element;  ///< of the array
  std::vector<std::uint32_t> elements;   ///< of a record that stands for several elements that wait
  std::uint64_t heterogeneous = 0;       ///< id of the group of jobs that it belongs to; 0: none
  std::string name;
  std::string user;
  std::optional<uid_t> uid;
  std::optional<gid_t> gid;
  std::string account;
  std::string partition;
  std::string comment;
  StateWords state;
  std::string reason;            ///< why it waits: "Resources", "JobHeldUser", ...
  std::optional<int> exit_code;  ///< of one that ended: 128 + signal
  std::optional<time::Instant> submitted;
  std::optional<time::Instant> eligible;  ///< from when on it may start
  std::optional<time::Instant> begun;
  std::optional<time::Instant> ended;  ///< of one that runs: when its time limit ends it
  std::optional<time::Instant> deadline;
  std::optional<time::Instant> suspended_at;  ///< last suspended, or last resumed
  time::Duration before_suspension{0};        ///< ran before that
  std::optional<time::Duration> elapsed;      ///< sacct: begin to end, less what it was suspended
  time::Duration suspended{0};                ///< sacct
  std::optional<time::Duration> time_limit;   ///< nothing: none, or that of its partition
  double cpus = 0.0;
  int gpus = 0;
  std::uint64_t memory_bytes = 0;
  int nodes = 0;
  std::uint64_t restarts = 0;
  std::optional<units::Energy> energy;  ///< of its whole nodes
  std::string command;
  std::string folder;
  std::string output;

  /// "123", "123_4": what Slurm's commands take.
  [[nodiscard]] std::string handle() const;
  [[nodiscard]] bool is_held() const { return reason == "JobHeldUser" || reason == "JobHeldAdmin"; }
};

/// "cpu=8,mem=16G,node=1,gres/gpu:a100=2" into cpus, memory, nodes and gpus of the job.
void read_resources(std::string_view tres, Job& job);

/// "1,3-5,8-20:4%2": elements of an array. kBadData for what is no such list or has more than 1,000,000.
base::Expected<std::vector<std::uint32_t>> parse_elements(std::string_view text);

/// What a person may call a job: "123", "123_4".
struct JobName {
  std::uint64_t id = 0;
  std::optional<std::uint32_t> element;
};
/// kUsage for anything else; a part of a heterogeneous job ("123+1") and a step ("123.0") are told why.
base::Expected<JobName> parse_job_name(std::string_view text);

}  // namespace ebb::slurm
