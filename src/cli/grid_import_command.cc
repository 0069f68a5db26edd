#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "cli/common.h"
#include "grid/import.h"
#include "report/json.h"
#include "series/csv.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

base::Expected<grid::Imported> import_files(const std::string& format, const std::vector<std::string>& files) {
  if (format == "sgip") return grid::import_sgip(files);
  if (format == "electricity-maps-wide") {
    if (files.size() != 1) return base::usage_error("--format electricity-maps-wide takes one file");
    return grid::import_electricity_maps_wide(files.front());
  }
  return base::usage_error(fmt::format("--format: {} is none of sgip, electricity-maps-wide", base::in_quotes(format)));
}

report::Json describe(const grid::Imported& imported) {
  report::Json out;
  out["series"] = report::Json::array();
  for (const auto& series : imported.series) {
    const auto& from = series.provenance();
    out["series"].push_back({{"zone", from.zone},
                             {"signal", report::json_of(series.signal())},
                             {"source", from.source},
                             {"unit", "g/kWh"},
                             {"step_seconds", time::in_seconds(series.step())},
                             {"begin", time::text_of(series.begin())},
                             {"end", time::text_of(series.end())},
                             {"slots", series.size()},
                             {"missing", series.missing_count()},
                             {"mean_g_per_kwh", series.mean()}});
  }
  const auto& counts = imported.counts;
  out["rows"] = counts.rows;
  out["duplicates"] = counts.duplicates;
  out["left_out"] = counts.left_out;
  out["missing"] = counts.missing;
  out["zeros"] = counts.zeros;
  out["negatives"] = counts.negatives;
  return out;
}

std::string describe_text(const grid::Imported& imported) {
  std::string out;
  for (const auto& series : imported.series) {
    out +=
        fmt::format("{}  {}  {} slots of {}, {} to {}, {} missing, mean {:.1f} g/kWh\n", series.zone(),
                    series::text_of(series.signal()), series.size(), time::text_of(series.step()),
                    time::text_of(series.begin()), time::text_of(series.end()), series.missing_count(), series.mean());
  }
  const auto& counts = imported.counts;
  return out + fmt::format(
                   "{} rows read, {} duplicates that agree, {} outside the files' own months left out, {} zeros, "
                   "{} negatives\n",
                   counts.rows, counts.duplicates, counts.left_out, counts.zeros, counts.negatives);
}

base::Expected<int> run_import(const Arguments& arguments, const Context& context) {
  const auto files = arguments.all("FILE");
  const auto format = arguments.get("--format");
  if (files.empty()) return base::usage_error("name the files to import");
  if (!format) return base::usage_error("--format is missing: sgip or electricity-maps-wide");
  EBB_TRY(auto imported, import_files(*format, files));
  const auto wanted = arguments.all("--zone", true);
  if (!wanted.empty()) {
    std::vector<series::Series> chosen;
    std::vector<std::string> names;
    for (const auto& series : imported.series) names.push_back(series.zone());
    for (const auto& zone : wanted) {
      const auto found = std::find(names.begin(), names.end(), zone);
      if (found == names.end()) {
        return base::no_data(fmt::format("no zone {} in {}; nearest are {}", base::in_quotes(zone), files.front(),
                                         fmt::join(base::nearest_names(zone, names, 3), ", ")));
      }
      chosen.push_back(imported.series[static_cast<std::size_t>(found - names.begin())]);
    }
    imported.series = std::move(chosen);
  }
  const auto output = arguments.get("--output");
  const auto folder = arguments.get("--output-dir");
  if (output && imported.series.size() != 1) {
    return base::usage_error(fmt::format("{} series for one --output: choose one with --zone, or give --output-dir",
                                         imported.series.size()));
  }
  if (output && *output == "-") {
    context.out(series::to_csv(imported.series.front()));
    if (!arguments.has("--quiet")) context.err(describe_text(imported));
    return 0;
  }
  if (output) EBB_TRY_DO(base::write_file(*output, series::to_csv(imported.series.front())));
  if (folder) {
    EBB_TRY_DO(base::make_folder(*folder));
    for (const auto& series : imported.series) {
      EBB_TRY_DO(base::write_file(fmt::format("{}/{}.csv", *folder, series.zone()), series::to_csv(series)));
    }
  }
  if (arguments.has("--json")) {
    context.out(report::dump(describe(imported), 1) + "\n");
  } else {
    context.out(describe_text(imported));
    if (!output && !folder) context.out("nothing was written: give --output FILE (or -) or --output-dir DIR\n");
  }
  return 0;
}

}  // namespace

const Command& grid_import_command() {
  static const Command command{
      "grid import",
      "files of grid data to canonical series",
      "Reads files as their publishers make them and writes canonical series CSV. Says what it understood: zone, "
      "signal, "
      "step, gaps, duplicates, zeros. Without --output nothing is written.",
      {{"FILE", "", "files to import", true, true},
       {"--format", "F", "sgip (monthly SGIP files, also gzip; their overlap must agree) or electricity-maps-wide"},
       {"--zone", "Z", "only these zones of a file with several", true},
       {"--output", "FILE", "where one series goes; - is stdout"},
       {"--output-dir", "DIR", "one file a zone"}},
      {"ebb grid import --format sgip SGIP_CAISO_PGE_2020-*.csv.gz --output pge-2020.csv",
       "ebb grid import --format electricity-maps-wide carbon_2022.csv --zone FR --output -"},
      run_import,
      false};
  return command;
}

}  // namespace ebb::cli
