#pragma once

#include <cmath>
#include <string>

#include "account/measured.h"
#include "account/price.h"
#include "imports/run_id.h"

/// What every imported run must be, for tests and fuzzers: energies finite and not negative, the slots' sum the
/// component's to 1e-9, readings and gaps inside the run, factors of an interval, an id that is a name for a folder,
/// and a record that price() makes.
namespace ebb::imports {

/// Equal to 1e-9.
inline bool near(units::Energy a, units::Energy b) {
  return std::fabs(units::in_joules(a - b)) <= 1e-9 * std::fabs(units::in_joules(b)) + 1e-12;
}

inline std::string fault_of(const account::Measured::ComponentSum& sum, const time::Interval& when) {
  const double joules = units::in_joules(sum.job);
  if (!std::isfinite(joules) || joules < 0.0) return "an energy of " + std::to_string(joules) + " J";
  units::Energy slots;
  for (const auto& [slot, energy] : sum.by_slot) {
    if (!(units::in_joules(energy) >= -1e-9 * joules)) return "a slot below 0";
    if (account::slot_begin(slot + 1) <= when.begin || account::slot_begin(slot) > when.end) return "a slot outside";
    slots += energy;
  }
  if (!near(slots, sum.job)) return "slots of another energy: " + std::to_string(joules) + " J";
  if (sum.covered > when.length()) return "readings for longer than the run";
  const auto& component = sum.component;
  const bool factors = component.low_factor > 0.0 && component.low_factor <= 1.0 && component.high_factor >= 1.0 &&
                       std::isfinite(component.high_factor);
  if (!factors) return "factors that are no interval";
  if (component.name.empty() || sum.node.empty()) return "a component without a name or node";
  if (!component.method.starts_with("imported:") || component.source.empty()) return "no method or source";
  return {};
}

/// Energy of all components.
inline units::Energy energy_of(const account::Measured& run) {
  units::Energy all;
  for (const auto& sum : run.components) all += sum.job;
  return all;
}

/// Empty, or what is wrong.
inline std::string fault_of(const account::Measured& run) {
  const auto when = run.when();
  if (when.end < when.begin) return "it ends before it begins";
  if (run.components.empty()) return "no components";
  for (const auto& sum : run.components) {
    if (auto fault = fault_of(sum, when); !fault.empty()) return sum.component.name + ": " + fault;
  }
  ImportOptions id;
  id.run_id = run.header.run_id;
  if (const auto chosen = chosen_run_id(id, ""); !chosen || chosen->empty()) return "a run id that is no name";
  for (const auto& gap : run.gaps) {
    if (gap.when.begin < when.begin || gap.when.end > when.end || gap.when.end < gap.when.begin) return "a gap outside";
  }
  const auto record = account::price(run, {});
  if (!record) return record.error().message;
  if (!near(record->energy, energy_of(run))) return "a record of another energy";
  return {};
}

}  // namespace ebb::imports
