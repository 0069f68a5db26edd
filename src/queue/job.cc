#include "queue/job.h"

#include <algorithm>
#include <array>

namespace ebb::queue {
namespace {

constexpr std::array<std::string_view, 8> kStates{"waiting",  "held",   "running",   "paused",
                                                  "finished", "failed", "cancelled", "lost"};

}  // namespace

std::string_view name_of(State state) { return kStates[static_cast<std::size_t>(state)]; }

std::optional<State> parse_state(std::string_view text) {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == text) return static_cast<State>(i);
  }
  return std::nullopt;
}

bool is_open(const std::vector<time::Interval>& runs) { return !runs.empty() && runs.back().end == runs.back().begin; }

void begin_run(std::vector<time::Interval>& runs, time::Instant at) {
  if (!is_open(runs)) runs.push_back({at, at});
}

void end_run(std::vector<time::Interval>& runs, time::Instant at) {
  // An end at its begin would read as open.
  if (is_open(runs)) runs.back().end = std::max(at, runs.back().begin + time::Duration(1));
}

std::optional<units::Energy> Job::energy() const {
  if (!seen.energy && energy_kwh_before == 0.0) return std::nullopt;
  return units::kilowatt_hours(energy_kwh_before) + seen.energy.value_or(units::Energy{});
}

}  // namespace ebb::queue
