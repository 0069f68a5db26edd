#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "workload/profile.h"

namespace ebb::workload {

/// A job with a name: what `ebb study` evaluates and `ebb plan --experiment` plans.
struct Experiment {
  std::string name;
  Profile profile;
  std::string hardware;  ///< "4x V100"; empty where not stated
  std::string note;
  bool extrapolated = false;  ///< scaled from a part of a run, not measured
};

/// Every experiment that ships: the paper's eleven and `6b-transformer-full` (data/experiments.csv has the source).
const std::vector<Experiment>& known_experiments();

/// The paper's eleven (Table 2, GPU energy only), in its order: `dodge2022`.
std::vector<Experiment> dodge2022_experiments();

/// One of known_experiments() by name. kUsage with the nearest names where there is none such.
base::Expected<Experiment> find_experiment(std::string_view name);

/// Reads an experiments CSV: header with `experiment,hours,energy_kwh` (flat power) or `experiment,profile` (a profile
/// file, relative to `folder`), in any order, other columns ignored but gpu, gpu_count, note, extrapolated.
/// kBadData names file, line, what and why.
base::Expected<std::vector<Experiment>> parse_experiments(std::string_view text, const std::string& name,
                                                          const std::string& folder);

/// `dodge2022`, or the path of an experiments CSV.
base::Expected<std::vector<Experiment>> load_experiments(const std::string& name_or_path);

}  // namespace ebb::workload
