#pragma once

#include <tuple>

#include "trace/record.h"

namespace ebb::trace {

// Two records are equal when every field is.

inline bool operator==(const Header& a, const Header& b) {
  return std::tie(a.run_id, a.node, a.command, a.project, a.tags, a.parent_run, a.user, a.expected_nodes, a.utc,
                  a.steady, a.machine_json, a.options_json,
                  a.version) == std::tie(b.run_id, b.node, b.command, b.project, b.tags, b.parent_run, b.user,
                                         b.expected_nodes, b.utc, b.steady, b.machine_json, b.options_json, b.version);
}
inline bool operator==(const Component& a, const Component& b) {
  return std::tie(a.name, a.kind, a.device, a.id, a.method, a.low_factor, a.high_factor, a.source) ==
         std::tie(b.name, b.kind, b.device, b.id, b.method, b.low_factor, b.high_factor, b.source);
}
inline bool operator==(const ComponentEnergy& a, const ComponentEnergy& b) {
  return std::tie(a.component, a.from, a.to, a.job, a.job_idle, a.idle, a.others) ==
         std::tie(b.component, b.from, b.to, b.job, b.job_idle, b.idle, b.others);
}
inline bool operator==(const Interval& a, const Interval& b) {
  return std::tie(a.from, a.to, a.energies, a.job_cpu, a.machine_busy, a.machine_idle, a.machine_steal, a.meter_cpu) ==
         std::tie(b.from, b.to, b.energies, b.job_cpu, b.machine_busy, b.machine_idle, b.machine_steal, b.meter_cpu);
}
inline bool operator==(const Gap& a, const Gap& b) {
  return std::tie(a.component, a.from, a.to, a.cause, a.detail, a.recovered) ==
         std::tie(b.component, b.from, b.to, b.cause, b.detail, b.recovered);
}
inline bool operator==(const Mark& a, const Mark& b) {
  return std::tie(a.steady, a.kind, a.name) == std::tie(b.steady, b.kind, b.name);
}
inline bool operator==(const PauseEdge& a, const PauseEdge& b) {
  return std::tie(a.steady, a.paused) == std::tie(b.steady, b.paused);
}
inline bool operator==(const Anchor& a, const Anchor& b) {
  return std::tie(a.steady, a.utc) == std::tie(b.steady, b.utc);
}
inline bool operator==(const Note& a, const Note& b) {
  return std::tie(a.steady, a.text) == std::tie(b.steady, b.text);
}
inline bool operator==(const End& a, const End& b) {
  return std::tie(a.steady, a.exit_code, a.job_cpu, a.meter_cpu) ==
         std::tie(b.steady, b.exit_code, b.job_cpu, b.meter_cpu);
}

}  // namespace ebb::trace
