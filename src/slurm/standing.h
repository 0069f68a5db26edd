#pragma once

#include <string>
#include <string_view>

#include "exec/executor.h"
#include "slurm/job.h"

namespace ebb::slurm {

/// How a job of squeue or sacct stands, as an executor tells it. `now` is the present by this machine's clock, which
/// should agree with that of slurmctld to a second.
///
/// Time in pause is what Slurm counted (suspend), or ebb wrote into the job's comment (SIGSTOP). A job whose node
/// failed is kLost. One that Slurm ended itself (time limit, memory, preemption) never has exit code 0. Energy is
/// Slurm's ConsumedEnergyRaw, of whole nodes, where there is one.
exec::Observation standing_of(const Job& job, time::Instant now);

/// What a paused job keeps from others, and what goes on (docs/slurm.md), in a sentence.
std::string_view held_while_suspended();
std::string_view held_while_stopped();

}  // namespace ebb::slurm
