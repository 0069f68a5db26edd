#pragma once

#include <string>
#include <vector>

#include "account/embodied.h"
#include "base/expected.h"
#include "carbon/uncertainty.h"
#include "cli/command.h"
#include "hardware/component.h"
#include "hardware/power_range.h"

namespace ebb::cli {

/// A part of the hardware that was named, with its mean power while the job runs.
struct EstimatedPart {
  std::string name;  ///< "gpu"
  hardware::ComponentKind kind = hardware::ComponentKind::kOther;
  std::string device;  ///< "8 x A100 SXM4 40GB"
  hardware::PowerRange power;
  std::string source;  ///< of the power
};

/// Hardware as a person describes it.
struct JobHardware {
  std::vector<EstimatedPart> parts;
  std::string description;  ///< "8 x A100 SXM4 40GB working 70% of the time; 64 GB"
  std::string provider;     ///< "aws" where an instance was named
  std::vector<account::EmbodiedShare> embodied;
  carbon::Uncertain<units::Emissions> embodied_interval;  ///< from the published ranges, of the sum
  std::vector<std::string> warnings;
};

/// The rows of the options below.
const std::vector<Option>& hardware_options();

/// What --hardware, --gpu, --gpus, --cpu, --cores, --memory, --instance, --instances, --power, --utilisation,
/// --cpu-utilisation and
/// --embodied say. `held`: how long the hardware is held, for the embodied share.
///
/// The power of parts whose utilisation is not said spans what it may be: GPUs work 50 to 100% of the time (75% in the
/// middle), CPUs 10 to 100% (50%), CPUs beside GPUs 0 to 100% (25%): judgements (docs/estimate.md).
/// kUsage: nothing named, what contradicts itself, an unknown name (with the nearest), a bad number.
base::Expected<JobHardware> hardware_of(const Arguments& arguments, time::Duration held);

}  // namespace ebb::cli
