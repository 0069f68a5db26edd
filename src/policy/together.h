#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/expected.h"
#include "series/series.h"
#include "workload/profile.h"

namespace ebb::policy {

/// How much of what is limited: jobs at once, CPUs, memory, boards. In any unit, the same on both sides.
struct Amount {
  static constexpr std::size_t kKinds = 4;
  static constexpr double kUnlimited = std::numeric_limits<double>::infinity();

  double jobs = 0.0;
  double cpus = 0.0;
  double memory_bytes = 0.0;
  double gpus = 0.0;

  [[nodiscard]] std::array<double, kKinds> all() const { return {jobs, cpus, memory_bytes, gpus}; }
  static Amount unlimited() { return {kUnlimited, kUnlimited, kUnlimited, kUnlimited}; }
};

/// A job that wants room, in slots. It runs through once started.
struct Contender {
  std::size_t first = 0;     ///< the slot that it may start in at the earliest
  std::size_t deadline = 0;  ///< it has ended before this slot begins: hard
  std::size_t length = 1;    ///< slots that it takes
  Amount needs;              ///< in each of them
  /// Grams by start: in `first`, first + 1, ..., deadline - length; infinite or missing: not there.
  std::vector<double> grams;
};

/// Grams of a job by its start, in slots of a series from `first` on, as Contender::grams wants them; empty where it
/// cannot end by the deadline. Starts over a missing slot, or behind the series' end, are infinite.
std::vector<double> start_grams(const workload::Profile& profile, const series::Series& series, std::size_t first,
                                std::size_t deadline);

/// When each starts.
struct Together {
  std::vector<std::optional<std::size_t>> start;  ///< slot, by job; nothing: it cannot make its deadline here
  std::size_t late = 0;                           ///< how many cannot
  std::size_t least_late = 0;                     ///< no placement has fewer
  double total = 0.0;                             ///< grams of those that are placed
  double lower_bound = 0.0;                       ///< no placement with as many late ones emits less
  bool exact = false;                             ///< proven: the fewest late ones, and the least grams among those
};

struct TogetherOptions {
  /// Nodes of the search for a proof, fewer where each is large (many jobs with many starts); 0: none is tried. Beyond
  /// them the best that was found stands, with its bound.
  std::size_t most_nodes = 20000;
  std::size_t rounds = 200;  ///< of raising prices on what is short (subgradient steps)
};

/// The placement with the fewest jobs that miss their deadline, and of those the one that emits least.
///
/// `room`: what is free in each slot, jobs that run already taken off; nothing runs behind its end. Few jobs: proven by
/// branch and bound. Many: prices on the amounts that are short (Lagrangian relaxation, Held and Karp's subgradient)
/// give a lower bound and an order; the placement is repaired job by job and improved by moving one at a time.
/// Deterministic: the earlier slot, then the earlier job, wins a tie. Errors: kUsage: a length of nothing, grams that
/// do not fit the window, an amount below zero.
base::Expected<Together> place_together(std::span<const Contender> jobs, std::span<const Amount> room,
                                        const TogetherOptions& options = {});

}  // namespace ebb::policy
