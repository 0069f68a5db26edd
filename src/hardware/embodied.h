#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::hardware {

/// An amount with the range of the published figures (or of a judgement) around it: no confidence interval.
struct EmissionsRange {
  units::Emissions low;
  units::Emissions value;
  units::Emissions high;
};

/// What making one device emitted, whole life: a row of data/embodied.csv, which explains its figures.
struct EmbodiedFactor {
  std::string device;         ///< "V100", "server", "memory"
  std::string kind;           ///< gpu, server, cpu, memory, ssd, hdd
  bool per_gigabyte = false;  ///< else per unit
  EmissionsRange each;
  double lifetime_years = 4.0;  ///< over which the device's embodied emissions are spread, where nobody says otherwise
  std::string vintage;
  std::string licence;
  std::string range;  ///< where low and high come from
  std::string source;
  std::string weakness;  ///< what is known to be wrong with the figure
};

/// A row of the table whose name stands in `device` as whole words, whatever their case: "NVIDIA A100-SXM4-80GB" is
/// "A100", "A1000" is not. The longest such name; kUsage with the nearest names where there is none: a model that no
/// source has is `any-gpu` only where the caller says so.
base::Expected<EmbodiedFactor> find_embodied(std::string_view device);

/// Every row that ships.
const std::vector<EmbodiedFactor>& embodied_factors();

/// kBadData names file, line, what and why; low <= value <= high, and every row has a source, a licence, a vintage.
base::Expected<std::vector<EmbodiedFactor>> parse_embodied(std::string_view text, const std::string& name);

/// The parts of a whole server. Defaults: nothing but the base of one CPU and 16 GB.
struct ServerParts {
  int cpus = 1;
  double memory_gb = 16.0;
  int ssds = 0;
  int hdds = 0;
  int gpus = 0;
  std::string gpu = "any-gpu";
};

/// The whole server: base + 100 kg a further CPU + 1.388 kg a GB beyond 16 + drives + GPUs, as Cloud Carbon Footprint
/// adds them up. low and high add up as well: the parts' errors are taken to point the same way. kUsage: an unknown
/// GPU, or a count below what the base holds (no CPU) or below 0.
base::Expected<EmissionsRange> server_embodied(const ServerParts& parts);

/// A year of a lifetime: 8,760 h, as the SCI guide and Cloud Carbon Footprint count (4 years are 35,040 h).
inline constexpr time::Duration kLifetimeYear = std::chrono::hours(8760);

/// The part of `total` that a job takes on itself. Software Carbon Intensity specification 1.1 (ISO/IEC 21031:2024):
/// M = TE x TS x RS with TS = reserved / lifetime, RS = `resource_share`, 0 to 1 of the device (one GPU of a server
/// with eight: 1/8; without it the whole server would be charged). Reserved time counts waiting and pauses in which the
/// device is kept (law 12). lifetime > 0, reserved >= 0: a programmer's duty.
EmissionsRange embodied_share(EmissionsRange total, time::Duration reserved, time::Duration lifetime,
                              double resource_share = 1.0);

/// The share of `count` devices (or gigabytes) over `reserved`. lifetime_years <= 0: the row's own lifetime.
/// kUsage: an unknown device, a count that is negative or no number.
base::Expected<EmissionsRange> embodied_share(std::string_view device, double count, time::Duration reserved,
                                              double lifetime_years = 0.0);

}  // namespace ebb::hardware
