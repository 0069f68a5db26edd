#include "imports/codecarbon_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ebb::imports {
namespace {

// The parts are printed with all their digits: what is more is no rounding.
constexpr double kRounding = 1e-6;
constexpr double kLongestSeconds = 100.0 * 366 * 86400;

base::Expected<std::optional<units::Energy>> part_of(const TextTable& table, const TableLine& line,
                                                     std::string_view column, double pue) {
  const auto text = table.field(line, column);
  if (text.empty()) return std::optional<units::Energy>();
  EBB_TRY(const double kwh, amount(text, column));
  return std::optional(units::kilowatt_hours(kwh) / pue);
}

/// Moves the fields behind the lost ones to their columns; the lost ones become empty.
base::Status straighten(const TextTable& table, TableLine& line) {
  const auto& header = table.header();
  const auto complaint = fmt::format("{} fields, but the header has {}", line.fields.size(), header.size());
  const auto cloud = table.column("on_cloud");
  const auto energy = table.column("energy_consumed");
  if (line.fields.size() > header.size() || !cloud || !energy || *cloud < *energy) return base::bad_data(complaint);
  const std::size_t tail = header.size() - *cloud;
  const auto lost = base::bad_data(
      complaint +
      ": CodeCarbon leaves out what has no value when it appends a row, and here it cannot be told what stands where");
  if (line.fields.size() < *energy + 1 + tail) return lost;
  const auto number = [&](std::string_view column) { return base::parse_number(table.field(line, column)); };
  const auto cpu = number("cpu_energy");
  const auto gpu = number("gpu_energy");
  const auto ram = number("ram_energy");
  const auto all = number("energy_consumed");
  if (!cpu || !gpu || !ram || !all) return lost;
  const auto flag = base::trimmed(line.fields[line.fields.size() - tail]);
  const bool sums = std::fabs(*cpu + *gpu + *ram - *all) <= kRounding * *all && *all > 0.0;
  if (!sums || (flag != "Y" && flag != "N")) return lost;
  std::vector<std::string> fields(header.size());
  std::copy_n(line.fields.begin(), *energy + 1, fields.begin());
  std::copy_n(line.fields.end() - static_cast<std::ptrdiff_t>(tail), tail,
              fields.end() - static_cast<std::ptrdiff_t>(tail));
  line.fields = std::move(fields);
  return base::Done{};
}

base::Status check_sum(const CarbonRow& row) {
  const auto rest = row.all - row.parts();
  if (rest < units::joules(-1e-6) - kRounding * row.all) {
    return base::bad_data(fmt::format("cpu_energy + gpu_energy + ram_energy are {} kWh, more than energy_consumed, {}",
                                      units::in_kwh(row.parts()) * row.pue, units::in_kwh(row.all) * row.pue));
  }
  return base::Done{};
}

base::Status read_times(const TextTable& table, const TableLine& line, const LocalZone& zone, CarbonRow& row) {
  EBB_TRY(row.end, zone.moment(table.field(line, "timestamp")));
  EBB_TRY(const double seconds, amount(table.field(line, "duration"), "duration"));
  if (seconds > kLongestSeconds) return base::bad_data("duration is longer than 100 years");
  row.duration = time::from_seconds(seconds);
  return base::Done{};
}

}  // namespace

base::Status check_carbon_header(const TextTable& table) {
  if (table.has("task_name")) {
    return base::bad_data(
        "it has a column task_name: these are the tasks of a run that emissions.csv holds as a whole; import that");
  }
  for (const auto* column : {"timestamp", "duration", "emissions", "energy_consumed"}) {
    if (!table.has(column)) return base::bad_data(fmt::format("there is no column {}: it is no emissions.csv", column));
  }
  if (table.has("run_id") || table.has("experiment_id")) return base::Done{};
  return base::bad_data("there is no column run_id or experiment_id to tell the runs apart");
}

base::Expected<CarbonRow> read_carbon_row(const TextTable& table, TableLine line, const LocalZone& zone) {
  CarbonRow row;
  row.line = line.number;
  row.short_row = line.fields.size() != table.header().size();
  if (row.short_row) EBB_TRY_DO(straighten(table, line));
  const auto text = [&](std::string_view column) { return clean_text(table.field(line, column)); };
  row.run_id = table.field(line, table.has("run_id") ? "run_id" : "experiment_id");
  if (row.run_id.empty()) return base::bad_data("run_id is empty");
  EBB_TRY_DO(read_times(table, line, zone, row));
  if (!table.field(line, "pue").empty()) {
    EBB_TRY(row.pue, amount(table.field(line, "pue"), "pue"));
    if (row.pue < 1.0 || row.pue > 100.0) return base::bad_data(fmt::format("pue is {}: not 1 to 100", row.pue));
  }
  EBB_TRY(const double kwh, amount(table.field(line, "energy_consumed"), "energy_consumed"));
  row.all = units::kilowatt_hours(kwh) / row.pue;
  EBB_TRY(row.cpu, part_of(table, line, "cpu_energy", row.pue));
  EBB_TRY(row.gpu, part_of(table, line, "gpu_energy", row.pue));
  EBB_TRY(row.ram, part_of(table, line, "ram_energy", row.pue));
  EBB_TRY_DO(check_sum(row));
  row.project = text("project_name");
  row.stated_kg = text("emissions");
  row.version = text("codecarbon_version");
  row.cpu_model = text("cpu_model");
  row.gpu_model = text("gpu_model");
  row.tracking_mode = text("tracking_mode");
  return row;
}

}  // namespace ebb::imports
