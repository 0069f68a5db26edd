#pragma once

#include <string>

#include "imports/run_draft.h"
#include "imports/sacct_energy.h"

namespace ebb::imports {

/// The job as a run, with the time and the energy that sacct_energy.h found. Where other jobs had the same nodes, their
/// energy is in it: a note says so.
RunDraft draft_job(const SacctJob& job, time::Interval when, const JobEnergy& energy, trace::Header header,
                   const std::string& node);

}  // namespace ebb::imports
