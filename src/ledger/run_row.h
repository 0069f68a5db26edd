#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::ledger {

enum class RunState {
  kRunning,   ///< begun; its figures are not there yet
  kFinished,  ///< its command has ended, its figures stand
  kLost,      ///< neither runs nor ended: ebb or the machine was killed; the figures are those of its trace
};
std::string_view name_of(RunState state);                        ///< "running", "finished", "lost"
std::optional<RunState> parse_run_state(std::string_view text);  ///< nothing for an unknown word

/// One run as the ledger keeps it: what is looked for and summed; everything else is in `record_json`.
struct RunRow {
  std::string run_id;   ///< not empty
  std::string project;  ///< may be empty, as every text below
  std::string user;
  int node_count = 1;
  std::string command;
  std::map<std::string, std::string> tags;
  std::string parent_run;
  time::Instant begin;
  std::optional<time::Instant> end;  ///< nothing while it runs; before `begin` where the clock was set back
  std::optional<int> exit_code;
  units::Energy energy;  ///< at the equipment
  std::optional<units::Emissions> operational;
  std::optional<units::Emissions> embodied;
  std::optional<units::Emissions> emissions;  ///< nothing where it is not priced
  std::string zone;
  std::string signal;  ///< kind and scope: "marginal direct" (law 5); empty where it is not priced
  std::string source;  ///< of the intensities
  std::string vintage;
  std::string record_json;   ///< the full document (docs/ledger.md)
  std::string trace_folder;  ///< where its traces lie
  RunState state = RunState::kRunning;

  friend bool operator==(const RunRow&, const RunRow&) = default;
};

/// One line of JSON with every field, from which parse_run_row() makes the same row; bytes that are no UTF-8 become
/// U+FFFD.
std::string json_of(const RunRow& row);
/// kBadData where it is no such JSON.
base::Expected<RunRow> parse_run_row(std::string_view json);

}  // namespace ebb::ledger
