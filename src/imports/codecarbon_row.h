#pragma once

#include <optional>
#include <string>

#include "base/expected.h"
#include "imports/local_time.h"
#include "imports/text_table.h"
#include "units/quantity.h"

namespace ebb::imports {

/// One row of CodeCarbon's emissions.csv: everything since the run's begin.
///
/// CodeCarbon multiplies every energy by the PUE that it was given before it writes it (emissions_tracker.py, "Apply
/// the PUE of the datacenter to the consumed energy"); here they are at the equipment, divided by it again.
struct CarbonRow {
  std::size_t line = 0;
  std::string run_id;  ///< column run_id, before version 2 experiment_id
  std::string project;
  LocalMoment end;
  time::Duration duration{0};
  units::Energy all;                 ///< energy_consumed
  std::optional<units::Energy> cpu;  ///< nothing: no such column, or empty
  std::optional<units::Energy> gpu;
  std::optional<units::Energy> ram;
  double pue = 1.0;
  std::string stated_kg;  ///< emissions, as they stand
  std::string version;
  std::string cpu_model;
  std::string gpu_model;
  std::string tracking_mode;
  bool short_row = false;  ///< it has fewer fields than the header: what lies between energies and on_cloud is lost

  [[nodiscard]] units::Energy parts() const {
    return cpu.value_or(units::Energy{}) + gpu.value_or(units::Energy{}) + ram.value_or(units::Energy{});
  }
};

/// kBadData, without file and line, where the header is of no emissions.csv, or of the tasks of a run.
base::Status check_carbon_header(const TextTable& table);

/// Reads one line. In append mode CodeCarbon leaves columns without a value out of the row, so that it is shorter than
/// the header; such a row is taken where its own figures prove which fields its energies are (cpu + gpu + ram =
/// energy_consumed, and Y or N in on_cloud, counted from the end), and refused else.
///
/// kBadData, without file and line: a field that is no number or negative, parts larger than the whole, a PUE below 1.
/// kUsage where a time needs --time-zone.
base::Expected<CarbonRow> read_carbon_row(const TextTable& table, TableLine line, const LocalZone& zone);

}  // namespace ebb::imports
