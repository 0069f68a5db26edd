#include <fmt/format.h>

#include <utility>

#include "trace/reader.h"

namespace ebb::trace {
namespace {

/// Puts each record where it belongs.
struct Collector {
  Trace& trace;

  void operator()(Header header) const { trace.header = std::move(header); }
  void operator()(Component component) const { trace.components.push_back(std::move(component)); }
  void operator()(Interval interval) const { trace.intervals.push_back(std::move(interval)); }
  void operator()(Gap gap) const { trace.gaps.push_back(std::move(gap)); }
  void operator()(Mark mark) const { trace.marks.push_back(std::move(mark)); }
  void operator()(PauseEdge edge) const { trace.pauses.push_back(edge); }
  void operator()(Anchor anchor) const { trace.anchors.push_back(anchor); }
  void operator()(Note note) const { trace.notes.push_back(std::move(note)); }
  void operator()(End end) const { trace.end = end; }
};

base::Error lost_header(const std::string& path, const Trace& trace, std::size_t records) {
  units::Energy energy;
  for (const auto& interval : trace.intervals) {
    for (const auto& component : interval.energies) energy += component.measured();
  }
  return base::bad_data(fmt::format(
      "{}: its first record, the header that says what ran and when, is destroyed, so that its energy cannot be set "
      "against the clock. Its {} other records are whole and hold {:.6g} kWh. Put a copy of the file back; if the run "
      "had finished, its figures are in the ledger (`ebb runs list`)",
      path, records, units::in_kwh(energy)));
}

}  // namespace

base::Expected<Trace> load_trace(const std::string& path) {
  EBB_TRY(auto reader, Reader::open(path));
  Trace trace;
  std::size_t records = 0;
  for (auto record = reader.next(); record; record = reader.next()) {
    std::visit(Collector{trace}, *std::move(record));
    ++records;
  }
  trace.damage = reader.damage();
  if (trace.damage.header_lost) return lost_header(path, trace, records);
  return trace;
}

}  // namespace ebb::trace
