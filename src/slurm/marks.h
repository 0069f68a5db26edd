#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "time/instant.h"

namespace ebb::slurm {

/// What ebb writes down in a job's comment, as Slurm itself does not keep it: the comment lives as long as the job is
/// known, whoever asks. What its owner wrote there stays before it: "my text ebb{pauses=2,stopped=35}".
struct Marks {
  std::string owners;                             ///< text
  std::size_t pauses = 0;                         ///< asked for
  time::Duration stopped{0};                      ///< by SIGSTOP, of pauses that are over; whole seconds
  std::optional<time::Instant> stopped_since;     ///< by SIGSTOP, now
  std::optional<time::Instant> checkpoint_until;  ///< it was told to write a checkpoint; has until then to end

  friend bool operator==(const Marks&, const Marks&) = default;
};

/// Any text; what is no mark of ours is its owner's.
Marks parse_marks(std::string_view comment);
std::string text_of(const Marks& marks);

}  // namespace ebb::slurm
