#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "account/measured.h"
#include "base/expected.h"
#include "imports/import.h"

namespace ebb::imports {

/// A run while it is read: what drew how much when, and when nothing is known.
struct RunDraft {
  /// Energy evenly over a time inside the run.
  struct Stretch {
    time::Interval when;
    units::Energy energy;
  };
  /// A time inside the run of which nothing is known.
  struct Hole {
    time::Interval when;
    std::string cause;  ///< as trace::Gap: "unread", "read-failed", "reset"
    std::string detail;
  };
  struct Part {
    std::string node;
    trace::Component component;
    std::vector<Stretch> stretches;
    std::vector<Hole> holes;
  };
  trace::Header header;  ///< node and utc are filled in when it is built
  time::Interval when;
  std::optional<int> exit_code;
  std::vector<Part> parts;
  std::vector<std::string> notes;
  bool shape_known = true;  ///< false: only totals are; the run then has no curve of its power
};

/// Builds the runs of one file and counts their slots.
class RunBuilder {
 public:
  explicit RunBuilder(std::string name) : name_(std::move(name)) {}
  /// kBadData where the file's runs have more than kMostSlots, or a run has more than kMostParts.
  base::Expected<account::Measured> build(const RunDraft& draft);

  static constexpr std::size_t kMostParts = 1024;
  static constexpr std::size_t kMostHoles = 1000;  ///< of a run; the shortest of more are added up in a note

 private:
  std::string name_;
  std::size_t slots_ = 0;
};

/// The header that every format begins with: project, command, tags "import.format" and "import.file", ebb's version.
trace::Header header_of(Format format, const std::string& file, const ImportOptions& options);

/// The 90% interval of a meter that the file does not describe: 15% either way, said to be assumed.
void assume_error(trace::Component& component, std::string_view meter);
/// Of NVIDIA's boards as ebb takes it where it reads them itself (docs/measurement.md): 5% of the counter, 15% of power
/// that is read now and then.
void take_board_error(trace::Component& component, bool is_counter);

/// options.node, else "unknown": where the file names no machine.
std::string node_of(const ImportOptions& options);

}  // namespace ebb::imports
