#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "measure/control.h"
#include "measure/sensor_set.h"
#include "measure/world.h"
#include "time/instant.h"

namespace ebb::measure {

/// Environment of a controlled command: the how-many-th start of it in this run.
inline constexpr const char* kAttemptVariable = "EBB_ATTEMPT";

struct Request {
  std::vector<std::string> command;  ///< empty with `attach`
  std::optional<pid_t> attach;       ///< measure this process instead, until it ends
  std::string data_folder;           ///< traces go to data_folder/runs/RUN_ID
  std::string run_id;                ///< empty: made here; a batch system's job names its own
  std::string project;
  std::map<std::string, std::string> tags;
  std::string parent_run;
  time::Duration period = std::chrono::seconds(1);
  bool whole_machine = false;
  SensorChoice sensors;
  std::string options_json;  ///< kept in the header: what pricing was asked for
  std::string version;
  std::optional<std::vector<std::string>> environment;  ///< of the command, "NAME=value"; nothing: this process's own
  Control* control = nullptr;  ///< may be null: the command starts at once and nobody holds it. Not with `attach`
};

/// A run on this node, measured; its figures are in its traces.
struct Outcome {
  std::string run_id;
  std::string folder;         ///< of the traces of all nodes
  int exit_code = 0;          ///< the command's own, or 128 + signal
  bool started = true;        ///< false: by its control's wish, or by a signal (exit_code), it never was
  bool checkpointed = false;  ///< it ended for a checkpoint, and its control did not start it again
  bool ended = false;         ///< its control ended it
  Standing standing;          ///< at the end; only with a control
  bool leads = true;  ///< false: another rank on this node measured it (trap 11), there is nothing of ours to report
  bool last_node = true;      ///< every expected node has a trace with an end by now
  bool threads_left = false;  ///< a driver is still opening: leave the process without waiting for it
  std::vector<std::string> warnings;
};

/// Runs the command and measures everything that it and its descendants use.
///
/// The command has our stdin, stdout, stderr, terminal and signals, and starts before any driver is loaded. The trace
/// is written record by record: killed at any moment, ebb loses at most the interval that it was in, and the command
/// goes on. Where the disk fills up the command goes on, records wait, and it is said.
///
/// With a control the command starts, is held and goes on as that wishes; what is drawn meanwhile is metered on, and
/// counts as the run's. Started again after a checkpoint it stays the same run, in the same trace; the command sees
/// EBB_ATTEMPT. The run ends with the command, or when the control ends it. While a job is held, INT, TERM, HUP and
/// QUIT let it go on for 10 s so that it sees them (Control::lets_signal_through).
///
/// Errors: exec::kNotFound and kNotExecutable (127, 126) as `env`; else what stopped ebb before the command started,
/// as exec::kNotStarted (125). kUsage: a run id that is none.
base::Expected<Outcome> measure(const Request& request, const World& world);

}  // namespace ebb::measure
