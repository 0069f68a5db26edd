#include <fmt/format.h>

#include <unordered_map>

#include "imports/codecarbon_run.h"
#include "imports/readers.h"
#include "imports/run_id.h"

namespace ebb::imports {
namespace {

struct Rows {
  std::vector<std::vector<CarbonRow>> runs;  // in the order of their first rows
  std::size_t rows = 0;
  std::size_t short_rows = 0;
  bool has_pue = false;
  bool has_parts = false;
};

base::Expected<Rows> read_rows(std::string_view text, const std::string& name, const LocalZone& zone) {
  EBB_TRY(auto table, TextTable::open(text, name, ','));
  if (const auto status = check_carbon_header(table); !status) return status.error().in(name);
  Rows read;
  read.has_pue = table.has("pue");
  read.has_parts = table.has("cpu_energy");
  std::unordered_map<std::string, std::size_t> numbers;
  while (true) {
    EBB_TRY(auto line, table.next());
    if (!line) return read;
    const auto number = line->number;
    auto row = read_carbon_row(table, *std::move(line), zone);
    if (!row) return row.error().in(fmt::format("{}:{}", name, number));
    const auto [known, is_new] = numbers.emplace(row->run_id, read.runs.size());
    if (is_new) read.runs.emplace_back();
    ++read.rows;
    read.short_rows += row->short_row ? 1 : 0;
    read.runs[known->second].push_back(*std::move(row));
  }
}

std::vector<std::string> understood(const Rows& read, const LocalZone& zone) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("timestamp: the end of a run, {}",
                              zone.name().empty() ? "with a zone of its own" : "local time of " + zone.name()));
  lines.emplace_back("duration: seconds since the run's begin");
  lines.push_back(fmt::format("{}: kWh{}", read.has_parts ? "cpu_energy, gpu_energy, ram_energy" : "energy_consumed",
                              read.has_pue ? ", divided by the row's pue, which CodeCarbon has in them" : ""));
  lines.emplace_back("emissions: kg, kept as a note; powers, rate and place are not used");
  lines.push_back(fmt::format("{} rows are {} runs; of several rows of one run_id the last is the total", read.rows,
                              read.runs.size()));
  return lines;
}

}  // namespace

base::Expected<Imported> import_codecarbon(std::string_view text, const std::string& name,
                                           const ImportOptions& options) {
  EBB_TRY(const auto zone, LocalZone::from_option(options.time_zone));
  EBB_TRY(const auto read, read_rows(text, name, zone));
  if (read.runs.size() > 1 && !options.run_id.empty()) {
    return base::usage_error(
        fmt::format("--run-id: {} holds {} runs, which have ids of their own", name, read.runs.size()));
  }
  Imported imported;
  imported.understood = understood(read, zone);
  if (read.short_rows > 0) {
    imported.warnings.push_back(
        fmt::format("{} rows have fewer fields than the header (CodeCarbon leaves out what has "
                    "no value): their energies are proved by their sum, their models are lost",
                    read.short_rows));
  }
  RunBuilder builder(name);
  for (const auto& rows : read.runs) {
    auto draft = draft_carbon_run(rows, header_of(Format::kCodeCarbon, name, options), node_of(options));
    if (!draft) return base::Error{draft.error().kind, fmt::format("{}:{}", name, draft.error().message)};
    EBB_TRY(draft->header.run_id, chosen_run_id(options, draft->header.run_id));
    if (draft->parts.empty()) {
      imported.warnings.push_back(fmt::format("run {} (line {}) has no known energy: left out",
                                              base::in_quotes(rows.back().run_id), rows.back().line));
      continue;
    }
    EBB_TRY(auto run, builder.build(*draft));
    imported.runs.push_back(std::move(run));
  }
  return imported;
}

}  // namespace ebb::imports
