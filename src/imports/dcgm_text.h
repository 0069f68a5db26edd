#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "imports/samples.h"

namespace ebb::imports {

/// What `dcgmi dmon` printed: readings by number of the board.
struct BoardMonitor {
  struct Board {
    std::vector<Sample> power;   ///< W; empty where POWER was not asked for
    std::vector<Sample> energy;  ///< mJ since the driver was loaded; empty where TOTEC was not
  };
  std::map<int, Board> boards;
  std::size_t instances = 0;  ///< rows of MIG instances, which show the board's power again
};

/// Reads the text of `dcgmi dmon -e 155,156`. It has no times: each round over the boards is `period` after the one
/// before, the first at `begin`. "N/A" is no reading. period > 0 (a programmer's duty).
///
/// kBadData with the line: no heading with POWER or TOTEC, a row of another form, a negative value, more than a year.
base::Expected<BoardMonitor> parse_dmon(std::string_view text, const std::string& name, time::Instant begin,
                                        time::Duration period);

}  // namespace ebb::imports
