#pragma once

#include <string>
#include <vector>

#include "base/expected.h"
#include "exec/executor.h"
#include "slurm/command.h"

namespace ebb::slurm {

/// The name that a task's Slurm job has: "ebb:ID:ATTEMPT". What is asked for before submitting, so that no attempt is
/// submitted twice; seen in squeue and kept by sacct.
std::string tag_of(const std::string& id, int attempt);

/// The run that `ebb run` makes of it in the ledger, where its options name none.
std::string run_id_of(const std::string& id, int attempt);

/// A word as the shell reads it back, byte for byte, without a line end in it: `ebb_nl` stands for one. So no line of a
/// script begins with what somebody else wrote, and sbatch finds neither "#SBATCH" nor a DOS line end there.
std::string shell_word(std::string_view text);

/// The `sbatch` call of a task. Names, paths, environment and arguments are data: they reach Slurm as words of argv, or
/// the script (on stdin) as shell_word().
///
/// `ebb`: path of the ebb that measures the job on its node; empty: the bare command.
/// Errors: kUsage, what Slurm cannot be told (a NUL byte, a backslash in the output's path, a command that begins with
/// '-', a checkpoint command), or an engine option that would undo what ebb relies on (--array, --wrap, --job-name,
/// ...).
base::Expected<Call> submission_of(const exec::Task& task, const std::string& ebb);

/// The batch script alone.
std::string script_of(const exec::Task& task, const std::string& ebb);

}  // namespace ebb::slurm
