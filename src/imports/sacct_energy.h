#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "imports/sacct_row.h"

namespace ebb::imports {

/// A job's row and those of its steps.
struct SacctJob {
  SacctRow row;
  std::vector<SacctRow> steps;
};

/// What a job drew, once.
struct JobEnergy {
  units::Energy energy;
  double high_factor = 1.0;  ///< what Slurm stated, as a factor of it
  std::string note;          ///< where it is not simply the job's row
};

/// The energy of a job, once.
///
/// A step's energy is that of its nodes for its time: batch, extern and numbered steps run beside each other and count
/// the same joules. Slurm's job row holds extern's where PrologFlags=Contain is set, else the sum of all steps
/// (step_mgr.c, _internal_step_complete), which then counts twice. So: the job's row, unless it is such a sum of steps
/// that overlap; then, or where it is empty, extern, or batch on one node, or the numbered steps where no two overlap.
/// Nothing where none of these is known.
std::optional<JobEnergy> energy_of(const SacctJob& job);

/// From Start to End, or to Start + Elapsed where it runs still or End is not asked for; of two times that a clock
/// showed, those that Elapsed fits. Nothing where it has not begun; kBadData where it ends before it begins.
base::Expected<std::optional<time::Interval>> time_of(const SacctRow& row);

}  // namespace ebb::imports
