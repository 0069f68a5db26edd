#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "hardware/cpu.h"
#include "hardware/embodied.h"

namespace ebb::hardware {

/// A type of virtual machine that a cloud sells: a row of data/instances.csv, which explains its figures.
struct Instance {
  std::string provider;  ///< aws, azure, gcp
  std::string name;      ///< "p3.2xlarge", "NC6s_v3", "a2-highgpu-1g"
  double vcpus = 0.0;    ///< below 1 on shared cores
  double memory_gb = 0.0;
  std::string gpu;               ///< a name of find_gpu, or an accelerator of which no power is published; "" without
  double gpus = 0.0;             ///< boards: a half of a K80 or M60 where the provider counts each of its two GPUs
  std::vector<std::string> cpu;  ///< those it may run on, each a name of find_cpu_by_name; none where nobody says
  double host_vcpus = 0.0;       ///< of the whole host
  EmissionsRange host_embodied;  ///< of making the whole host
  EmissionsRange embodied;       ///< the part of this instance: its GPUs, and its share of the rest by vCPUs
  std::string source;
};

/// "p3.2xlarge", "aws:p3.2xlarge", "azure:Standard_NC6s_v3", whatever the case; SageMaker's "ml." is taken off. kUsage:
/// unknown, with the nearest names; or a name of several providers, which are all named.
base::Expected<Instance> find_instance(std::string_view name);

/// The power of the CPU that the instance runs on: its machine is `vcpus` logical CPUs of it. Where it may run on
/// several, the mean by thread, with an interval that holds theirs; where nobody says, unknown_cpu.
CpuPower instance_cpu(const Instance& instance);

/// kBadData names file, line, what and why: counts above 0, embodied <= host_embodied, a known provider, a GPU's name
/// and number together, a source in every row, rows in rising order of the name in lower case.
base::Expected<std::vector<Instance>> parse_instances(std::string_view text, const std::string& name);

/// find_instance on another table, which parse_instances accepts. `text` outlives the call.
base::Expected<Instance> find_instance_in(std::string_view text, std::string_view name);

/// The table that ships.
std::string_view instance_table();

}  // namespace ebb::hardware
