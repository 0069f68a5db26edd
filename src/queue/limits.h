#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "exec/executor.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::queue {

/// How much may run at once on an executor; 0: no limit.
struct Limits {
  std::size_t jobs = 1;
  double cpus = 0.0;
  std::uint64_t memory_bytes = 0;
  int gpus = 0;  ///< boards that are handed out, by index from 0; a job that asks for one where there are none waits
  bool hands_out_boards = false;
  /// Against herding: of one slot of kHerdSlot. What the deadline forces does not wait for them.
  std::size_t starts_per_slot = 0;
  units::Power ramp_per_slot;

  [[nodiscard]] bool counts_gpus() const { return gpus > 0 || hands_out_boards; }
  [[nodiscard]] bool against_herding() const { return starts_per_slot > 0 || ramp_per_slot > units::Power{}; }
};
inline constexpr time::Duration kHerdSlot = std::chrono::minutes(5);
/// From here on many jobs move the grid's margin themselves: what is planned by marginal intensity no longer holds.
inline constexpr units::Power kMarginalNoLonger = units::watts(50e6);

/// What is taken of the limits just now.
class Usage {
 public:
  explicit Usage(const Limits& limits)
      : limits_(&limits), board_taken_(limits.gpus > 0 ? static_cast<std::size_t>(limits.gpus) : 0) {}

  /// Counts a job in that runs, or one that is frozen (`running` false: only what it holds).
  void add(const exec::Resources& resources, const std::vector<int>& boards, bool running);
  /// Whether a job fits now. `holds`: it has its memory and boards already.
  [[nodiscard]] bool fits(const exec::Resources& resources, bool holds) const {
    return lack(resources, holds) == Lack::kNothing;
  }
  /// Why a job does not fit now; empty: it does.
  [[nodiscard]] std::string why_not(const exec::Resources& resources, bool holds) const;
  /// That it never will, whatever ends.
  [[nodiscard]] std::string why_never(const exec::Resources& resources) const;
  /// The free boards of lowest index.
  [[nodiscard]] std::vector<int> hand_out(int count) const;

  [[nodiscard]] std::size_t jobs() const { return jobs_; }

 private:
  enum class Lack { kNothing, kJobs, kCpus, kMemory, kGpus };
  [[nodiscard]] Lack lack(const exec::Resources& resources, bool holds) const;

  const Limits* limits_;
  std::size_t jobs_ = 0;
  double cpus_ = 0.0;
  std::uint64_t memory_ = 0;
  int gpus_ = 0;
  std::vector<bool> board_taken_;
};

}  // namespace ebb::queue
