#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/measured.h"
#include "base/expected.h"
#include "time/instant.h"

namespace ebb::imports {

/// Energy records of other tools (docs/imports.md).
enum class Format {
  kCodeCarbon,  ///< emissions.csv
  kSlurmSacct,  ///< sacct -P
  kPrometheus,  ///< JSON of /api/v1/query_range
  kDcgm,        ///< text of dcgmi dmon -e 155,156
  kPowerCsv,    ///< `time,watts` or `time,COMPONENT_watts,...`
};
std::string_view name_of(Format format);  ///< "codecarbon", "slurm-sacct", "prometheus", "dcgm", "power-csv"
std::optional<Format> parse_format(std::string_view text);  ///< nothing for an unknown word

/// What the file itself does not say. An option that the format has no use for is refused.
struct ImportOptions {
  std::string time_zone;                 ///< of local times: "Europe/Berlin", "UTC", "+02:00"
  std::string project;                   ///< instead of the file's
  std::string run_id;                    ///< instead of one made from the file; only where the file holds one run
  std::optional<time::Instant> begin;    ///< dcgm: time of the first row
  std::optional<time::Instant> end;      ///< power-csv: where the last value ends
  std::optional<time::Duration> period;  ///< dcgm: time between rows
  std::string unit;                      ///< of values whose name does not say it: W, mW, uW, kW, J, mJ, uJ, Wh, kWh
  std::string node;                      ///< where the file names no machine
  std::vector<std::string> command;      ///< what ran
};

/// Runs that account::price() prices like any other. A run whose end the file does not tell from a running one has the
/// tag "import.state" = "running"; an exit code that the file does not hold is nothing, and says nothing else.
struct Imported {
  std::vector<account::Measured> runs;
  std::vector<std::string> understood;  ///< what each column was taken for, units, time zone, counts: for a dry run
  std::vector<std::string> warnings;    ///< what is left out or in doubt
};

/// The format by a header that only this format has; nothing else is looked at and nothing is guessed. `name` decides
/// nothing: a file may be called anything.
std::optional<Format> detect(std::string_view text, const std::string& name);

/// Reads the text of a file; `name` stands in messages ("name:line: what"). The same text and options give the same
/// runs with the same ids.
///
/// Law 4: an energy that the file does not know (empty, 0 of a counter that is not there, NaN) makes a gap, or leaves
/// the run out with a warning; it is never 0 J. Memory is linear in the text, and in the 5-minute slots of its runs, of
/// which it refuses more than kMostSlots.
///
/// Errors: kBadData with the line for what breaks the format, disorder, duplicates that differ, and negative values;
/// kUsage naming the option that is needed, wrong or without use; kNoData where the file holds no known energy.
base::Expected<Imported> import_runs(Format format, std::string_view text, const std::string& name,
                                     const ImportOptions& options);

/// 5-minute slots of all components of all runs of one file.
inline constexpr std::size_t kMostSlots = 4'000'000;

}  // namespace ebb::imports
