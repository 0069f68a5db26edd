#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hardware/component.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::trace {

/// What a run is, written before its command starts. One trace is one run on one node.
struct Header {
  std::string run_id;
  std::string node;  ///< the host's (or Slurm's) name of this node
  std::vector<std::string> command;
  std::string project;  ///< may be empty
  std::map<std::string, std::string> tags;
  std::string parent_run;  ///< may be empty
  std::string user;
  std::vector<std::string> expected_nodes;  ///< every node that should report; empty = this one only
  time::Instant utc;                        ///< wall clock at `steady`
  time::Duration steady{0};
  std::string machine_json;  ///< CPU, memory, boards as ebb found them; one JSON object
  std::string options_json;  ///< what the run was asked for (zone, PUE, ...); one JSON object
  std::string version;       ///< of ebb
};

/// A component that the trace has energies of; written when its sensor has opened. Numbered from 0 in order.
struct Component {
  std::string name;  ///< "gpu0"
  hardware::ComponentKind kind = hardware::ComponentKind::kOther;
  std::string device;       ///< model name; may be empty
  std::string id;           ///< UUID or path; may be empty
  std::string method;       ///< "measured:nvml-counter"
  double low_factor = 1.0;  ///< 90% interval of an energy, as factors of it
  double high_factor = 1.0;
  std::string source;
};

/// Energy of one component over [from, to) and whose it is: job + idle + others = measured (conservation).
struct ComponentEnergy {
  std::uint32_t component = 0;
  time::Duration from{0};  ///< steady
  time::Duration to{0};
  units::Energy job;       ///< used by the job's work
  units::Energy job_idle;  ///< idle draw that is allocated to the job (law 12)
  units::Energy idle;      ///< idle draw that is nobody's
  units::Energy others;    ///< used by other work on the machine
  [[nodiscard]] units::Energy measured() const { return job + job_idle + idle + others; }
};

/// One sampling.
struct Interval {
  time::Duration from{0};  ///< steady time of the sampling before
  time::Duration to{0};
  std::vector<ComponentEnergy> energies;
  time::Duration job_cpu{0};       ///< CPU time of the job in it
  time::Duration machine_busy{0};  ///< CPU time of everything
  time::Duration machine_idle{0};
  time::Duration machine_steal{0};
  time::Duration meter_cpu{0};  ///< of ebb itself
};

/// Time without a reading; of one component, or of all (component = nothing).
struct Gap {
  std::optional<std::uint32_t> component;
  time::Duration from{0};
  time::Duration to{0};
  std::string cause;  ///< sensors::GapCause by name: "read-failed", "reset", ...
  std::string detail;
  bool recovered = false;  ///< a later reading of the counter holds this stretch's energy
};

/// An edge of a region inside the run.
struct Mark {
  enum class Kind { kBegin, kEnd };
  time::Duration steady{0};
  Kind kind = Kind::kBegin;
  std::string name;
};

/// The job was frozen or went on.
struct PauseEdge {
  time::Duration steady{0};
  bool paused = true;
};

/// From here on `steady` corresponds to `utc`: written when the wall clock was set, or the machine slept.
struct Anchor {
  time::Duration steady{0};
  time::Instant utc;
};

/// Something a person should be told, once.
struct Note {
  time::Duration steady{0};
  std::string text;
};

/// The command has ended.
struct End {
  time::Duration steady{0};
  int exit_code = 0;          ///< 128 + signal where it was killed
  time::Duration job_cpu{0};  ///< of all its processes
  time::Duration meter_cpu{0};
};

using Record = std::variant<Header, Component, Interval, Gap, Mark, PauseEdge, Anchor, Note, End>;

}  // namespace ebb::trace
