#include <fmt/format.h>

#include "slurm/executor.h"
#include "slurm/standing.h"

namespace ebb::slurm {
namespace {

Adopted adopted_of(const Job& job, time::Instant now) {
  Adopted adopted;
  const auto handle = job.handle();
  auto& task = adopted.task;
  task.id = "slurm-" + handle;
  task.name = job.name;
  if (!job.command.empty()) task.argv = {job.command};
  task.folder = job.folder;
  task.output = job.output;
  task.uid = job.uid.value_or(0);
  task.gid = job.gid.value_or(0);
  task.resources = {job.cpus, job.memory_bytes, job.gpus};
  adopted.ref = {task.id, task.attempt, std::string(kAdopted) + handle};
  adopted.now = standing_of(job, now);
  adopted.now.handle = adopted.ref.handle;
  adopted.user = job.user;
  adopted.partition = job.partition;
  adopted.time_limit = job.time_limit;
  adopted.deadline = job.deadline;
  adopted.submitted = job.submitted;
  adopted.held = job.state.state == JobState::kPending && job.is_held();
  if (adopted.now.state == exec::TaskState::kPending && job.eligible && *job.eligible > now) {
    task.not_before = job.eligible;
  }
  return adopted;
}

}  // namespace

base::Expected<std::vector<Adopted>> SlurmExecutor::adopt(std::string_view text) {
  EBB_TRY(const auto name, parse_job_name(text));
  EBB_TRY(auto jobs, cluster_.queue());
  const JobIndex index(std::move(jobs), std::nullopt);
  const auto found = index.named(name);
  if (found.empty()) {
    return base::usage_error(fmt::format("job {}: Slurm knows no such job (ended ones are forgotten soon)", text));
  }
  std::vector<Adopted> adopted;
  for (const auto& job : found) {
    if (job.heterogeneous != 0) {
      return base::usage_error(fmt::format(
          "job {} has several parts that Slurm starts together (heterogeneous): ebb cannot hold them", text));
    }
    if (job.name.starts_with("ebb:")) {
      return base::usage_error(fmt::format("job {} was started by ebb: it is in ebb's queue already", text));
    }
    adopted.push_back(adopted_of(job, clock_->now()));
  }
  return adopted;
}

}  // namespace ebb::slurm
