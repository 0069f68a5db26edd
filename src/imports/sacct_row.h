#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "imports/local_time.h"
#include "imports/text_table.h"
#include "units/quantity.h"

namespace ebb::imports {

/// One row of sacct: a job, or one of its steps.
struct SacctRow {
  std::size_t line = 0;
  std::string job;   ///< "123", "123_4" (array), "123+1" (heterogeneous)
  std::string step;  ///< "0", "batch", "extern", "interactive"; empty: the job itself
  std::string name;
  std::string user;
  std::string account;
  std::string cluster;
  std::string state;
  std::string nodes;  ///< "node[01-04]"
  std::string tres;
  std::optional<LocalMoment> start;
  std::optional<LocalMoment> end;  ///< nothing: Unknown, it runs or has not begun
  std::optional<time::Duration> elapsed;
  std::optional<int> exit_code;         ///< 128 + signal where it was killed
  std::optional<units::Energy> energy;  ///< nothing: empty, 0 (no energy plugin), or Slurm's number for no value
  std::optional<int> node_count;
};

/// Which columns the file has, checked: JobID, Start, End or Elapsed, ConsumedEnergyRaw or ConsumedEnergy.
/// kBadData with the sacct call that gives them.
base::Status check_sacct_header(const TextTable& table);

/// kBadData, without file and line: a number of fields that the header has not, a field of another form, a negative
/// energy. kUsage where a time needs --time-zone.
base::Expected<SacctRow> read_sacct_row(const TextTable& table, const TableLine& line, const LocalZone& zone);

/// "912", "1.52M": joules with a decimal prefix. Nothing for "", 0 and Slurm's NO_VAL64.
base::Expected<std::optional<units::Energy>> parse_consumed_energy(std::string_view text);
/// "[days-]hours:minutes:seconds", seconds with a fraction; "minutes:seconds".
base::Expected<time::Duration> parse_elapsed(std::string_view text);

}  // namespace ebb::imports
