#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "exec/proc_reader.h"
#include "exec/proc_stat.h"
#include "time/instant.h"

namespace ebb::exec {

/// The CPU time of trees of processes, by looking at /proc again and again.
///
/// A sampling adds, for each process of a tree that lives, its own time and that of the children it waited for; a
/// process that ended is in its parent's figure once that waited for it. Processes are read from the root down, so that
/// one that ends meanwhile is missed for one sampling and never counted twice; the total never falls. One that was seen
/// in the tree stays in it when its parent dies and it is handed to another parent.
/// Not seen: what a process used after it was last seen, when nobody in the tree waited for it (its parent ignores
/// SIGCHLD, or lies outside the tree). Thread safety: none.
class TreeCounter {
 public:
  enum class Counts {
    kNothing,   ///< of the root itself nothing: only its descendants
    kChildren,  ///< of the root what its children used that it waited for, and its descendants
    kAll,       ///< the root too
  };
  using RootId = std::size_t;

  explicit TreeCounter(std::string proc) : reader_(std::move(proc)) {}

  RootId add_root(ProcessRef root, Counts counts);
  /// These and their descendants are not of the tree.
  void exclude(std::vector<ProcessRef> processes) { excluded_ = std::move(processes); }
  /// The root (this process itself) waited for a child, which used this; in place of /proc, which tells it in ticks.
  void waited_for(RootId root, time::Duration cpu) { roots_[root].ended += cpu; }
  /// The tree of this root has ended, and this is what it used in all: replaces what was seen.
  void set_final(RootId root, time::Duration cpu) { roots_[root].final_cpu = cpu; }

  /// Of all trees, since their processes started.
  time::Duration sample();
  /// Processes alive at the last sample(), zombies and roots that count for nothing left out.
  [[nodiscard]] std::size_t live() const { return live_; }
  /// Whether it was of one of the trees at the last sample().
  [[nodiscard]] bool contains(pid_t pid) const { return members_.find(pid) != members_.end(); }
  [[nodiscard]] bool is_alive(RootId root) const { return roots_[root].alive; }

 private:
  struct Root {
    ProcessRef process;
    Counts counts = Counts::kAll;
    time::Duration seen{0};   ///< of those alive at this sampling
    time::Duration ended{0};  ///< of those that the root waited for; last seen of those that nobody waited for
    std::optional<time::Duration> final_cpu;
    bool alive = true;
  };
  struct Member {
    std::uint64_t start_ticks = 0;
    pid_t parent = 0;
    RootId root = 0;
    time::Duration cpu{0};
  };
  using Members = std::unordered_map<pid_t, Member>;

  void walk_root(RootId root, Members& now);
  void walk_orphans(Members& now);
  void walk(pid_t from, pid_t parent, RootId root, Members& now);
  [[nodiscard]] bool is_excluded(const ProcStat& stat) const;
  [[nodiscard]] bool was_waited_for(const Member& gone, const Members& now) const;

  ProcReader reader_;
  std::vector<Root> roots_;
  std::vector<ProcessRef> excluded_;
  Members members_;
  time::Duration highest_{0};
  std::size_t live_ = 0;
};

}  // namespace ebb::exec
