#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "time/instant.h"
#include "units/quantity.h"
#include "workload/profile.h"

namespace ebb::plan {

enum class Strategy { kRunNow, kFlexibleStart, kPauseResume };
std::string_view name_of(Strategy strategy);  ///< "run-now", "flexible-start", "pause-resume"
std::optional<Strategy> parse_strategy(std::string_view text);

/// The state in which a job's window begins.
enum class Standing {
  kNotStarted,  ///< it draws nothing until it starts
  /// It runs at T, `profile` being what is left. Not to go on at T is a pause that begins there: it counts as one, and
  /// costs what a pause costs. Its shortest run is met: whoever asks sees to that.
  kRunning,
  /// It has been in a pause since before T. The resume costs pause energy and pause time, and pause power from T on;
  /// what was drawn before T is past. The pause was counted when it began and is not counted again; its shortest length
  /// is met.
  kPaused,
};
std::string_view name_of(Standing standing);  ///< "not-started", "running", "paused"

/// What is to run: `profile` for its duration D, from `start` (T) on, at the latest until T + D + slack.
///
/// run-now of a job that has begun: it goes on, or resumes, at T. flexible-start: a running one goes on; a paused one
/// is resumed once, at the best moment. Neither pays a transfer: it is where it is.
struct Job {
  workload::Profile profile;
  time::Instant start;
  time::Duration slack{0};  ///< >= 0; of a paused job its pause time comes out of it
  Standing standing = Standing::kNotStarted;

  [[nodiscard]] time::Duration window_length() const { return profile.duration() + slack; }
  [[nodiscard]] time::Interval window() const { return {start, start + window_length()}; }
};

/// What pauses cost, and which are allowed. The default is the paper's: free, any number.
///
/// Lengths are rounded up to whole cells (slots counted from T). A price here is paid in the objective too.
struct Costs {
  units::Power pause_power;      ///< drawn from a pause's begin to its end
  units::Energy pause_energy;    ///< once per pause, at the mean intensity of the cell of the resume
  time::Duration pause_time{0};  ///< extra running time after each resume, at the mean power of the next unit
  time::Duration min_run{0};     ///< shortest run segment, pause_time included; the last one may be shorter
  time::Duration min_pause{0};   ///< shortest pause
  /// Those that begin at T or later: the one that a running job makes by not going on at T counts, the one in which a
  /// paused job's window begins does not. Nothing: any number.
  std::optional<std::int64_t> max_pauses;
  units::Energy transfer_energy;  ///< once, at the mean intensity of the first running cell; zero at home

  [[nodiscard]] bool pauses_are_free() const {
    return pause_power == units::Power{} && pause_energy == units::Energy{} && pause_time == time::Duration(0);
  }
};

/// Two totals are a tie within this relative difference; then fewer pauses, then earlier cells win.
inline constexpr double kTie = 1e-12;

}  // namespace ebb::plan
