#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "slurm/command.h"
#include "slurm/job.h"

namespace ebb::slurm {

/// What Slurm's commands can do to a job, by its handle ("123", "123_4"). Every call ends within its time-out.
///
/// Errors: kService, Slurm did not answer or did not do it; kUsage, it does not let us, or knows no such job.
/// Thread safety: none.
class Cluster {
 public:
  /// `commands` outlives it.
  explicit Cluster(Commands& commands) : commands_(&commands) {}

  /// Every job that slurmctld knows: those that wait and run, and those that ended not long ago (MinJobAge).
  base::Expected<std::vector<Job>> queue();

  /// Jobs of the history by handle or by name. Nothing at all: this cluster keeps none (keeps_history() is false then).
  base::Expected<std::vector<Job>> history_of(const std::vector<std::string>& handles);
  base::Expected<std::vector<Job>> history_named(const std::string& name);
  /// Every job that was there between the two moments.
  base::Expected<std::vector<Job>> history_between(time::Instant from, time::Instant to);
  /// As far as was found out; true before anything was asked.
  [[nodiscard]] bool keeps_history() const { return keeps_history_; }

  /// Gives back the job's id.
  base::Expected<std::string> submit(const Call& submission);

  /// As Slurm pauses: SIGSTOP to its processes, its cores free for others, its time limit held. For operators.
  /// False: Slurm does not let this user.
  base::Expected<bool> suspend(const std::string& handle);
  base::Status resume(const std::string& handle);
  /// To every process of the job on all of its nodes: any user may, for his own jobs.
  base::Status signal_all(const std::string& handle, std::string_view signal);
  /// To its batch command alone.
  base::Status signal_command(const std::string& handle, int signal);
  /// A hold that its owner can undo too.
  base::Status hold(const std::string& handle);
  base::Status release(const std::string& handle);
  /// Ends its processes and puts it back into the queue, held.
  base::Status requeue_held(const std::string& handle);
  /// When it may start at the earliest; nothing: now.
  base::Status set_begin(const std::string& handle, std::optional<time::Instant> moment);
  base::Status set_comment(const std::string& handle, const std::string& comment);
  base::Status cancel(const std::string& handle);

 private:
  base::Status scontrol(std::vector<std::string> words, std::string_view what);
  base::Expected<std::vector<Job>> history(std::vector<std::string> words);

  Commands* commands_;
  bool keeps_history_ = true;
};

}  // namespace ebb::slurm
