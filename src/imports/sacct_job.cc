#include "imports/sacct_job.h"

#include <utility>

#include "imports/run_id.h"
#include "imports/text_table.h"

namespace ebb::imports {
namespace {

constexpr std::string_view kMeter = "the energy plugin of that cluster (RAPL, IPMI, ...)";

/// Without a column End only the state tells.
bool is_running(const SacctRow& row) {
  if (row.end) return false;
  if (row.state.empty()) return true;
  for (const auto* state : {"RUNNING", "SUSPENDED", "STOPPED", "COMPLETING", "RESIZING", "SIGNALING", "STAGE_OUT"}) {
    if (row.state.starts_with(state)) return true;
  }
  return false;
}

}  // namespace

RunDraft draft_job(const SacctJob& job, time::Interval when, const JobEnergy& energy, trace::Header header,
                   const std::string& node) {
  const auto& row = job.row;
  RunDraft draft;
  draft.header = std::move(header);
  auto& tags = draft.header.tags;
  draft.header.run_id = safe_run_id("slurm", row.cluster.empty() ? row.job : row.cluster + "-" + row.job);
  draft.header.user = row.user;
  if (draft.header.project.empty()) draft.header.project = row.account;
  if (draft.header.command.empty() && !row.name.empty()) draft.header.command = {row.name};
  tags["slurm.job"] = clean_text(row.job);
  if (!row.state.empty()) tags["slurm.state"] = row.state;
  if (!row.tres.empty()) tags["slurm.tres"] = row.tres;
  draft.when = when;
  draft.shape_known = false;
  if (!is_running(row)) {
    draft.exit_code = row.exit_code;
  } else {
    tags["import.state"] = "running";
    draft.notes.emplace_back("it was running when sacct was asked: the energy is that until then");
  }
  RunDraft::Part part;
  part.node = row.nodes.empty() ? node : row.nodes;
  part.component.name = "nodes";
  part.component.method = "imported:slurm-consumed-energy";
  assume_error(part.component, kMeter);
  part.component.high_factor *= energy.high_factor;
  part.stretches.push_back({when, energy.energy});
  draft.parts.push_back(std::move(part));
  draft.notes.emplace_back(
      "Slurm's energy is that of whole nodes: where other jobs ran on them at the same time, theirs is in it");
  if (!energy.note.empty()) draft.notes.push_back(energy.note);
  return draft;
}

}  // namespace ebb::imports
