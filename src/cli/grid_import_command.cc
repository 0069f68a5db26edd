#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "base/file.h"
#include "base/text.h"
#include "cli/common.h"
#include "cli/grid_import_report.h"
#include "cli/grid_import_store.h"
#include "formats/read.h"
#include "series/csv.h"

namespace ebb::cli {
namespace {

base::Expected<formats::Options> options_of(const Arguments& arguments, const Context& context) {
  formats::Options options;
  options.format = arguments.get("--format").value_or("");
  options.zones = arguments.all("--zone", true);
  options.time_zone = arguments.get("--time-zone").value_or("");
  options.time_column = arguments.get("--time-column").value_or("");
  options.value_column = arguments.get("--value-column").value_or("");
  options.source = arguments.get("--source").value_or("");
  options.licence = arguments.get("--licence").value_or("");
  options.vintage = arguments.get("--vintage").value_or("");
  if (const auto text = arguments.get("--signal")) {
    options.signal = series::parse_signal(*text);
    if (!options.signal) {
      return base::usage_error(
          fmt::format("--signal: {} is no signal: expected marginal or average, with direct or "
                      "lifecycle",
                      base::in_quotes(*text)));
    }
  }
  if (const auto text = arguments.get("--unit")) {
    options.unit = formats::parse_unit(*text);
    if (!options.unit) {
      return base::usage_error(
          fmt::format("--unit: {} is no unit of intensity: expected {}", base::in_quotes(*text), formats::kUnitsTaken));
    }
  }
  if (const auto text = arguments.get("--repeated-hour")) {
    if (*text != "first" && *text != "second") {
      return base::usage_error(fmt::format("--repeated-hour: {} is neither first nor second", base::in_quotes(*text)));
    }
    options.repeated_hour = *text == "first" ? formats::RepeatedHour::kFirst : formats::RepeatedHour::kSecond;
  }
  EBB_TRY(options.issued, time_option(arguments, "--issued", context.clock));
  return options;
}

std::optional<std::string> output_of(const Arguments& arguments) {
  const auto output = arguments.get("--output");
  return output ? output : arguments.get("--out");
}

/// The one series that goes to --output; a forecast where there is nothing else.
base::Expected<const series::Series*> one_series(const formats::Understood& read) {
  if (read.series.size() == 1) return &read.series.front().series;
  if (read.series.empty() && read.forecasts.size() == 1) return &read.forecasts.front().values.series;
  return base::usage_error(fmt::format(
      "{} series{} for one --output: choose one with --zone or --signal, or give --output-dir", read.series.size(),
      read.series.empty() ? fmt::format(" and {} forecasts", read.forecasts.size()) : ""));
}

/// A zone's name as a part of a path: names in files are anybody's.
std::string file_stem(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || (c == '.' && !out.empty());
    out += plain ? c : '_';
  }
  return out.empty() ? "_" : out;
}

base::Status write_folder(const formats::Understood& read, const std::string& folder) {
  EBB_TRY_DO(base::make_folder(folder));
  std::map<std::string, std::size_t> of_zone;
  for (const auto& one : read.series) ++of_zone[file_stem(one.series.zone())];
  std::map<std::string, bool> taken;
  for (const auto& one : read.series) {
    auto stem = file_stem(one.series.zone());
    if (of_zone[stem] > 1) stem += "-" + file_stem(series::text_of(one.series.signal()));
    if (taken[stem]) {
      return base::usage_error(
          fmt::format("two series would be {}/{}.csv: choose with --zone or --signal", folder, stem));
    }
    taken[stem] = true;
    EBB_TRY_DO(base::write_file(fmt::format("{}/{}.csv", folder, stem), series::to_csv(one.series)));
  }
  return base::Done{};
}

/// Where the values come from, without the folder that they lay in for a while.
std::string location_of(const std::vector<std::string>& files) {
  const auto name = std::filesystem::path(files.front()).filename().string();
  return files.size() == 1 ? name : fmt::format("{} and {} more", name, files.size() - 1);
}

base::Expected<int> run_import(const Arguments& arguments, const Context& context) {
  const auto files = arguments.all("FILE");
  EBB_TRY(const auto options, options_of(arguments, context));
  EBB_TRY(const auto read, formats::read_files(files, options));
  const auto output = output_of(arguments);
  const auto folder = arguments.get("--output-dir");
  const bool dry = arguments.has("--dry-run");
  if (dry && (output || folder))
    return base::usage_error("--dry-run writes nothing: leave out --output and --output-dir");
  if (output) {
    EBB_TRY(const auto* chosen, one_series(read));
    if (*output == "-") {
      context.out(series::to_csv(*chosen));
      if (!arguments.has("--quiet")) context.err(import_text(read));
      return 0;
    }
    EBB_TRY_DO(base::write_file(*output, series::to_csv(*chosen)));
  }
  if (folder) EBB_TRY_DO(write_folder(read, *folder));
  std::optional<Stored> stored;
  if (!dry && !output && !folder) {
    EBB_TRY(const auto data, data_folder(arguments, context));
    EBB_TRY(stored, store_import(read, data, location_of(files), now_of(context.clock)));
  }
  if (arguments.has("--json")) {
    context.out(report::dump(import_json(read, stored), 1) + "\n");
    return 0;
  }
  context.out(import_text(read));
  if (dry) context.out("nothing was written (--dry-run)\n");
  if (stored) {
    context.out(fmt::format("kept in {}: {} slots new, {} the same, {} revised, {} forecasts new\n", stored->folder,
                            stored->added, stored->same, stored->revised, stored->forecasts));
  }
  return 0;
}

}  // namespace

const Command& grid_import_command() {
  static const std::string formats_help = [] {
    std::vector<std::string_view> names;
    for (const auto& format : formats::formats()) names.push_back(format.name);
    return fmt::format("what the files are, where their header does not say it: {}", fmt::join(names, ", "));
  }();
  static const Command command{
      "grid import",
      "files of grid data into the local store, or to canonical series",
      "Reads files as their publishers make them (also gzip) and keeps their series in the local store, or writes "
      "canonical series CSV with --output. The format is found from the header and the file's name, which imply the "
      "unit, "
      "zone and signal that its publisher documents; nothing else is guessed: what is not known is asked for by an "
      "option. "
      "Says what it understood: zone, signal, unit, step, time zone, gaps, duplicates, zeros, negatives.",
      {{"FILE", "", "files to import, all of one format", true, true},
       {"--format", "F", formats_help},
       {"--zone", "Z", "only these zones of a file with several; the zone of a file that does not name it", true},
       {"--signal", "S",
        "marginal or average, direct or lifecycle: of a file that does not say it; or which of its two"},
       {"--unit", "U", "of a file that does not say it: g/kWh, kg/kWh, kg/MWh, t/MWh, lb/kWh or lb/MWh"},
       {"--time-zone", "TZ", "of times without a zone: Europe/Berlin, UTC, +02:00"},
       {"--repeated-hour", "WHICH",
        "first or second: which of the two a local time is that clocks showed twice and the file shows once"},
       {"--time-column", "NAME", "the column of times, of a CSV of no known format"},
       {"--value-column", "NAME", "its column of intensities"},
       {"--source", "TEXT", "who published it"},
       {"--licence", "TEXT", "under which licence"},
       {"--vintage", "TEXT", "the version of the model behind it"},
       {"--issued", "TIME", "when its forecasts were issued, where it does not say so"},
       {"--dry-run", "", "say what was understood, keep nothing"},
       {"--output", "FILE", "write one series there as canonical CSV instead of keeping it; - is stdout"},
       {"--out", "FILE", "the same as --output"},
       {"--output-dir", "DIR", "one file a series"}},
      {"ebb grid import SGIP_CAISO_PGE_2020-*.csv.gz --dry-run", "ebb grid import carbon_2022.csv --zone FR --output -",
       "ebb grid import load.csv --time-column Time --value-column g --unit g/kWh --time-zone Europe/Berlin --zone DE "
       "--signal 'average lifecycle'"},
      run_import,
      false};
  return command;
}

}  // namespace ebb::cli
