#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "hardware/power_range.h"

namespace ebb::hardware {

/// A training that keeps a board busy takes this much of its power limit: mean, and 90% interval, of measured trainings
/// on two boards. docs/power-model.md says which; a test computes them anew.
inline constexpr double kBusyOfLimit = 0.67;
inline constexpr double kBusyOfLimitLow = 0.15;
inline constexpr double kBusyOfLimitHigh = 0.92;
/// Idle power, where no source gives one, as a share of the limit: the boards of which one is known.
inline constexpr double kIdleOfLimit = 0.12;
inline constexpr double kIdleOfLimitLow = 0.05;
inline constexpr double kIdleOfLimitHigh = 0.30;
/// A board that holds a model and runs nothing takes up to so many times its idle power.
inline constexpr double kHeldOfIdle = 3.0;

/// A board: a row of data/gpu_power.csv, which explains its figures.
struct GpuPower {
  std::string name;
  std::vector<std::string> also;  ///< other names
  std::string kind;               ///< "gpu", "tpu"
  units::Power limit;             ///< the board's power limit (TDP)
  units::Power limit_low;         ///< low and high: where one name stands for several boards or limits
  units::Power limit_high;
  units::Power idle;  ///< 0: no source gives one
  double memory_gb = 0.0;
  std::string source;
};

/// The row that has the most words, all of which stand in `name`, whatever their order and case: "NVIDIA A100 80GB
/// PCIe" is "A100 PCIe 80GB", "NVIDIA A100-SXM4-40GB" is "A100 SXM4 40GB", "A1000" is no A100. A laptop's board is none
/// of these, though its name holds theirs. kUsage with the nearest names.
base::Expected<GpuPower> find_gpu(std::string_view name);

/// Every row that ships.
const std::vector<GpuPower>& gpu_powers();

/// The mean power of a board. `utilisation`: the share of time in which it works, 0 to 1; more is taken as 1. It does
/// not say how hard it works, so the interval at 1 is that of all measured trainings. Finite: the caller's duty.
PowerRange gpu_power(const GpuPower& gpu, double utilisation);

/// kBadData names file, line, what and why: low <= limit <= high, idle below low, a source in every row, no name twice.
base::Expected<std::vector<GpuPower>> parse_gpu_powers(std::string_view text, const std::string& name);

}  // namespace ebb::hardware
