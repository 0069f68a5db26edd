#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "time/instant.h"

namespace ebb::exec {

/// A process that stays the same one: a pid is given again to others, a pid with its start time is not.
struct ProcessRef {
  pid_t pid = 0;
  std::uint64_t start_ticks = 0;  ///< clock ticks after boot
  friend bool operator==(const ProcessRef&, const ProcessRef&) = default;
};

/// What /proc/PID/stat says of a process (proc(5)).
struct ProcStat {
  ProcessRef process;
  char state = '?';  ///< 'R', 'S', 'T' (stopped), 'Z' (ended, not yet waited for), ...
  pid_t parent = 0;
  std::uint64_t threads = 0;
  time::Duration cpu{0};           ///< of itself, all threads, user and system; cut to clock ticks (10 ms)
  time::Duration children_cpu{0};  ///< of the descendants that it waited for
};

/// Nothing where the text is no such line. The command's name may hold spaces, parentheses and line ends.
std::optional<ProcStat> parse_proc_stat(std::string_view text);

/// Nothing where there is no such process, or it may not be seen.
std::optional<ProcStat> read_proc_stat(const std::string& proc, pid_t pid);

}  // namespace ebb::exec
