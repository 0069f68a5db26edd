#pragma once

#include <optional>
#include <vector>

#include "sensors/sensor.h"
#include "time/instant.h"
#include "trace/record.h"
#include "units/quantity.h"

namespace ebb::meter {

/// The idle draw of one component: what it takes with nothing to do.
///
/// The lower of a figure known beforehand (a table's, the sensor's) and the lowest mean power seen. Without a figure
/// it is not known, and nothing is called idle: a board that was under load from the first reading on would else be
/// "idle" at its full power.
class IdleFloor {
 public:
  explicit IdleFloor(std::optional<units::Power> known) : floor_(known) {}
  /// A mean power over half a second and more counts; a shorter one is a counter's step.
  void observe(units::Energy energy, time::Duration over);
  /// The idle part of an energy: never more than all of it.
  [[nodiscard]] units::Energy part_of(units::Energy energy, time::Duration over) const;

 private:
  std::optional<units::Power> floor_;
};

/// CPU time over one stretch.
struct CpuUse {
  time::Duration job{0};
  time::Duration busy{0};  ///< of everything on the machine, the job included
  time::Duration idle{0};
};

/// How much of the machine is the job's, beside what it uses.
struct Allocation {
  bool whole_machine = false;
  /// CPUs given to the job / CPUs of the machine (a batch system's cpuset); nothing: nobody reserved any.
  std::optional<double> cpus;
};

/// Parts of one energy; they add up to it (conservation).
struct Parts {
  units::Energy job;
  units::Energy job_idle;
  units::Energy idle;
  units::Energy others;
};

/// A CPU package: what is above the idle draw goes by CPU time (job / all that was busy); the idle draw by the CPUs
/// given to the job, else by the share of the machine's capacity that it kept busy. Whole-machine takes all.
Parts attribute_package(units::Energy energy, units::Energy idle, const CpuUse& use, const Allocation& allocation);

/// Memory: by the share of the machine's memory that the job holds; what nobody holds is idle. Where the job's memory
/// cannot be read, by CPU time as a package without idle draw.
Parts attribute_memory(units::Energy energy, std::optional<double> job_memory, const CpuUse& use,
                       const Allocation& allocation);

/// Whose a board is.
struct BoardUse {
  bool given = false;  ///< reserved for the job: its idle draw is the job's, paused or not (law 12, trap 22)
  std::optional<double> job_share;  ///< of the work on the board, 0 to 1; nothing: the driver does not say who works
  bool used = true;                 ///< somebody works on it
};

/// A board: its work by the users' shares, its idle draw to whom it was given, else to whom works on it.
Parts attribute_board(units::Energy energy, units::Energy idle, const BoardUse& use);

/// The job's share among a board's users; nothing used: 0.
double job_share_of(const std::vector<sensors::BoardUser>& users, const std::vector<bool>& is_jobs);

}  // namespace ebb::meter
