#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "exec/proc_stat.h"

namespace ebb::exec {

/// Finds the children of processes: from /proc/PID/task/TID/children where the kernel has it and the tree has fewer
/// threads than the machine has processes, else by one look at every process. begin() starts a sampling; the answers
/// hold for it. A child that comes or goes meanwhile may be missed once. Thread safety: none.
class ProcReader {
 public:
  explicit ProcReader(std::string proc);

  void begin();
  [[nodiscard]] std::optional<ProcStat> stat(pid_t pid);
  /// Appends the children of a process, zombies included. `threads` as its ProcStat says: one thread is one file.
  void children_of(pid_t pid, std::uint64_t threads, std::vector<pid_t>& out);
  [[nodiscard]] const std::string& root() const { return proc_; }

 private:
  void scan();
  void read_children(pid_t pid, pid_t thread, std::vector<pid_t>& out) const;

  std::string proc_;
  bool has_children_files_ = false;
  bool scanning_ = false;
  std::size_t threads_seen_ = 0;            ///< in this sampling
  std::size_t processes_on_machine_ = 512;  ///< a guess until the first scan
  std::unordered_map<pid_t, std::vector<pid_t>> children_;
};

}  // namespace ebb::exec
