#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "exec/cgroup_place.h"
#include "exec/descriptor.h"
#include "time/instant.h"

namespace ebb::exec {

/// How the processes of a job are kept together, best first.
enum class GroupKind {
  kV2,    ///< a cgroup of the unified hierarchy: `cpu.stat`, to the microsecond
  kV1,    ///< a cgroup of the v1 hierarchy cpuacct: `cpuacct.usage`, to the nanosecond
  kNone,  ///< not at all: exec::ProcessTree counts instead
};
std::string_view name_of(GroupKind kind);  ///< "cgroup-v2", "cgroup-v1", "process-tree"

struct GroupOptions {
  std::string name;                      ///< letters, digits, '.', '_', '-'; the folder is "ebb-NAME"
  GroupKind prefer = GroupKind::kV2;     ///< tried first: v2, then v1, then none; kV1: v1, then none
  std::optional<std::string> delegated;  ///< a cgroup folder to use where our own may not have children
  std::string mountinfo = "/proc/self/mountinfo";
  std::string own_cgroup = "/proc/self/cgroup";
};

/// What became of a group at the end.
struct GroupEnd {
  enum class Kind {
    kRemoved,   ///< gone, or there was none
    kShared,    ///< another rank of the job still uses it and will remove it
    kOccupied,  ///< processes live on in it: neither they nor the group are touched
  };
  Kind kind = Kind::kRemoved;
  std::size_t processes = 0;  ///< of kOccupied
};

/// A place for all processes of one job: whatever they fork, however short-lived, is counted in it by the kernel.
///
/// It changes nothing else about the job: a group is a child of the cgroup that this process is in, so that every limit
/// stays; one in which the `cpu` controller would give the job another share of CPU time is not used. The job can see
/// it in /proc/self/cgroup only. Several ranks on one node share a group: making one that exists joins it. The last to
/// leave removes it; one of a run that was killed is removed by whoever makes the next group beside it (told apart by
/// a lock on the folder, which the kernel drops with its holder).
///
/// Later uses (freezing) find the folder by path(). Thread safety: const functions from any thread.
class JobGroup {
 public:
  /// Always a group, of kind kNone at worst, with why_not_better(). Errors: kUsage, a name that is no name.
  static base::Expected<JobGroup> create(const GroupOptions& options);

  [[nodiscard]] GroupKind kind() const { return kind_; }
  [[nodiscard]] const std::string& path() const { return path_; }  ///< of the folder; empty for kNone
  /// The group was there before: its CPU time did not begin at zero.
  [[nodiscard]] bool joined() const { return joined_; }
  /// For each better kind, why it is not to be had: "cgroup-v2: /sys/fs/cgroup/x: Permission denied"; may be empty.
  [[nodiscard]] const std::vector<std::string>& why_not_better() const { return why_not_better_; }

  /// CPU time, user and system, of all processes that are or were in it, since the group was made. Lags by at most a
  /// timer tick of each running process. Errors: kNoData for kNone; kService when the folder is gone.
  [[nodiscard]] base::Expected<time::Duration> cpu_time() const;
  /// Memory in use now, page cache included; nothing where the kernel does not count it for this group.
  [[nodiscard]] std::optional<std::uint64_t> memory_bytes() const;
  /// Those of its nested groups included. Errors as cpu_time().
  [[nodiscard]] base::Expected<std::vector<pid_t>> process_ids() const;

  /// For clone3's CLONE_INTO_CGROUP; -1 where the kind has no such way.
  [[nodiscard]] int clone_into_fd() const { return kind_ == GroupKind::kV2 ? folder_.get() : -1; }
  /// Moves the calling process in; for the child between fork and exec: async-signal-safe. True for kNone. False:
  /// errno.
  [[nodiscard]] bool join_from_child() const noexcept;
  /// Who joins from a child enters this group too: the open cgroup.procs of one in another hierarchy (exec::Pauser), -1
  /// for none. That this fails is passed over.
  void also_join(int procs) { also_procs_ = procs; }

  /// At the end; best effort, nobody is killed. Nothing but kind(), path() may be asked afterwards.
  base::Expected<GroupEnd> remove();

 private:
  JobGroup() = default;
  static base::Expected<JobGroup> open(GroupKind kind, const CgroupPlace& parent, const std::string& name);
  [[nodiscard]] base::Status check(const CgroupPlace& parent, int procs_error) const;

  GroupKind kind_ = GroupKind::kNone;
  std::string path_;
  bool joined_ = false;
  std::vector<std::string> why_not_better_;
  Descriptor folder_;  ///< locked (shared) as long as this group is used
  Descriptor usage_;
  Descriptor memory_;
  Descriptor procs_;
  int also_procs_ = -1;
};

}  // namespace ebb::exec
