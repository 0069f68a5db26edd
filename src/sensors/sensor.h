#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hardware/component.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::sensors {

/// The machine as sensors see it: everything outside is a parameter, so that tests bring a machine of their own.
struct Host {
  std::string sys = "/sys";
  std::string proc = "/proc";
  std::string nvml_library = "libnvidia-ml.so.1";
  std::function<std::optional<std::string>(const std::string&)> environment;
};

/// CPU time of the whole machine since an arbitrary moment, all its CPUs together.
struct CpuTimes {
  time::Duration busy{0};
  time::Duration idle{0};   ///< waiting for a disk included
  time::Duration steal{0};  ///< wanted, but taken by other guests of the host
};

/// One sampling: when, and what the machine's CPUs had done by then.
struct Tick {
  time::Duration steady{0};         ///< Clock::steady
  std::optional<CpuTimes> machine;  ///< nothing where /proc/stat cannot be read
};

/// One thing whose energy a sensor tells.
struct Channel {
  std::string name;  ///< unique on the machine: "gpu0", "package0", "dram0"
  hardware::ComponentKind kind = hardware::ComponentKind::kOther;
  std::string device;  ///< "NVIDIA H100 80GB HBM3"; may be empty
  std::string id;      ///< "GPU-5a…" (UUID) or a path: what stays the same when numbers change; may be empty
  std::string method;  ///< "measured:nvml-counter", "modelled:cpu-time"
  std::optional<units::Power> idle;  ///< what it draws with nothing to do, where a table or the sensor says so
  double low_factor = 1.0;           ///< the 90% interval of an energy is [value x low_factor, value x high_factor]
  double high_factor = 1.0;
  std::string source;  ///< of the interval and, for a model, of its figures
};

/// Why there is no energy for a stretch of time.
enum class GapCause {
  kUnread,      ///< the sensor opened late, or a reading was not made in time
  kReadFailed,  ///< EIO and the like: the counter goes on, the next reading covers this stretch too
  kReset,       ///< the counter started anew (driver reload, device reset)
  kLost,        ///< the device is gone
  kSuspended,   ///< the machine slept
};
std::string_view name_of(GapCause cause);  ///< "unread", "read-failed", "reset", "lost", "suspended"
std::optional<GapCause> parse_gap_cause(std::string_view text);

/// What one channel used between two moments; or a gap, never a zero and never a spike.
struct Reading {
  std::size_t channel = 0;
  time::Duration from{0};  ///< steady time of the reading before (or of the begin of the gap)
  time::Duration to{0};
  std::optional<units::Energy> energy;       ///< nothing: a gap
  std::optional<units::Energy> cross_check;  ///< the same energy by a second method (power integrated beside a counter)
  GapCause cause = GapCause::kUnread;        ///< of a gap
  std::string detail;                        ///< of a gap, for a person: "EIO from energy_uj"
};

/// A process that uses a board, and its share of the board's work, 0 to 1 (equal shares where the driver does not say).
struct BoardUser {
  int pid = 0;
  double share = 1.0;
};

/// What a reading says about the sensor itself.
enum class Health {
  kFine,
  kRetry,  ///< failed now, may work next time
  kFatal,  ///< will not work again
  kGone,   ///< the device has left
};

/// Something that tells energies. Narrow, so that a fake is a few lines.
///
/// The first read() after opening is the baseline: it yields nothing (traps 4, 13). Readings of a channel follow each
/// other without overlap. Thread safety: none; one sampler owns it.
class Sensor {
 public:
  virtual ~Sensor() = default;
  [[nodiscard]] virtual const std::string& name() const = 0;  ///< "nvml", "rapl", "hwmon", "model", "replay"
  /// Fixed once it is open.
  [[nodiscard]] virtual const std::vector<Channel>& channels() const = 0;
  /// The shortest time after which a reading says something new; reading sooner is waste.
  [[nodiscard]] virtual time::Duration period() const = 0;
  /// Appends what every channel used since it was read last.
  virtual Health read(const Tick& tick, std::vector<Reading>& out) = 0;
  /// Who uses a board just now; nothing where that cannot be known (another PID namespace, no such board).
  virtual std::optional<std::vector<BoardUser>> users_of(std::size_t channel) {
    static_cast<void>(channel);
    return std::nullopt;
  }
};

/// A sensor that was asked for: open, or why not and what would mend it.
struct Opened {
  std::string name;
  std::unique_ptr<Sensor> sensor;     ///< null where it is not to be had
  std::string why;                    ///< "no libnvidia-ml.so.1 on this machine"
  std::string mend;                   ///< the command that mends it; empty where nothing would
  bool present = false;               ///< the hardware is there, whether or not it may be read (trap 17)
  std::vector<std::string> warnings;  ///< of a sensor that works: "package-1 mirrors package-0: counted once"
};

}  // namespace ebb::sensors
