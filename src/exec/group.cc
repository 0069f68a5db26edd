#include "exec/group.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "exec/group_folder.h"
#include "exec/kernel_file.h"
#include "exec/lock_folder.h"
#include "exec/whole_number.h"

namespace ebb::exec {
namespace {

Descriptor open_in(const std::string& folder, const char* file, int flags) {
  return Descriptor(::open((folder + "/" + file).c_str(), flags | O_CLOEXEC));
}

}  // namespace

std::string_view name_of(GroupKind kind) {
  if (kind == GroupKind::kV2) return "cgroup-v2";
  return kind == GroupKind::kV1 ? "cgroup-v1" : "process-tree";
}

base::Expected<JobGroup> JobGroup::open(GroupKind kind, const CgroupPlace& parent, const std::string& name) {
  EBB_TRY_DO(check_neutral(parent.folder, {parent.controllers.begin(), parent.controllers.end()}));
  remove_stale_groups(parent.folder);
  JobGroup group;
  group.kind_ = kind;
  group.path_ = fmt::format("{}/{}{}", parent.folder, kGroupPrefix, name);
  EBB_TRY(group.folder_, make_locked_group_folder(group.path_, group.joined_));
  const bool v2 = kind == GroupKind::kV2;
  group.usage_ = open_in(group.path_, v2 ? "cpu.stat" : "cpuacct.usage", O_RDONLY);
  group.memory_ = open_in(group.path_, v2 ? "memory.current" : "memory.usage_in_bytes", O_RDONLY);
  group.procs_ = open_in(group.path_, "cgroup.procs", O_WRONLY);
  if (const auto fit = group.check(parent, errno); !fit) {
    static_cast<void>(group.remove());
    return fit.error();
  }
  return group;
}

base::Status JobGroup::check(const CgroupPlace& parent, int procs_error) const {
  if (!procs_) return base::service_error(system_reason(path_ + "/cgroup.procs", procs_error));
  EBB_TRY_DO(cpu_time());
  if (kind_ != GroupKind::kV2) return base::Done{};
  EBB_TRY(const auto controllers, load_kernel_file(path_ + "/cgroup.controllers"));
  EBB_TRY_DO(check_neutral(path_, base::split(base::trimmed(controllers), ' ')));
  EBB_TRY(const auto type, load_kernel_file(path_ + "/cgroup.type"));
  if (base::trimmed(type) != "domain") {
    return base::service_error(
        fmt::format("{}: is of the type {} and cannot hold processes", path_, base::in_quotes(base::trimmed(type))));
  }
  // Whoever moves a process must be allowed to write where both cgroups hang together, here the parent (cgroups(7)).
  const std::string procs = parent.folder + "/cgroup.procs";
  if (::faccessat(AT_FDCWD, procs.c_str(), W_OK, AT_EACCESS) == 0) return base::Done{};
  return base::service_error(system_reason(procs, errno));
}

base::Expected<JobGroup> JobGroup::create(const GroupOptions& options) {
  if (!is_plain_name(options.name)) {
    return base::usage_error(fmt::format("{} cannot name a group: 1 to 128 letters, digits, '.', '_' and '-' can",
                                         base::in_quotes(options.name)));
  }
  JobGroup none;
  const auto mounts = load_kernel_file(options.mountinfo);
  const auto own = load_kernel_file(options.own_cgroup);
  for (const GroupKind kind : {GroupKind::kV2, GroupKind::kV1}) {
    if (options.prefer > kind) continue;
    const auto version = kind == GroupKind::kV2 ? CgroupVersion::kV2 : CgroupVersion::kV1;
    const auto refuse = [&](const base::Error& error) {
      none.why_not_better_.push_back(fmt::format("{}: {}", name_of(kind), error.message));
    };
    std::vector<CgroupPlace> places;
    if (!mounts || !own) {
      refuse((mounts ? own : mounts).error());
    } else if (auto place = find_cgroup_place(version, *mounts, *own)) {
      places.push_back(*std::move(place));
    } else {
      refuse(place.error());
    }
    if (options.delegated && kind == GroupKind::kV2) places.push_back({*options.delegated, {}});
    for (const auto& place : places) {
      auto group = open(kind, place, options.name);
      if (group) {
        group->why_not_better_ = std::move(none.why_not_better_);
        return group;
      }
      refuse(group.error());
    }
  }
  return none;
}

base::Expected<time::Duration> JobGroup::cpu_time() const {
  if (kind_ == GroupKind::kNone) return base::no_data("there is no group that counts CPU time");
  const std::string file = path_ + (kind_ == GroupKind::kV2 ? "/cpu.stat" : "/cpuacct.usage");
  if (!usage_) return base::service_error(fmt::format("{}: cannot be read", file));
  std::array<char, 4096> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the kernel
  const std::string_view text = read_kernel_file(usage_.get(), buffer);
  if (kind_ == GroupKind::kV1) {
    if (const auto ns = parse_whole<std::int64_t>(base::trimmed(text))) return time::Duration(*ns);
  }
  base::Lines lines(text);
  while (const auto line = lines.next()) {
    constexpr std::string_view kKey = "usage_usec ";
    if (kind_ != GroupKind::kV2 || !line->starts_with(kKey)) continue;
    if (const auto us = parse_whole<std::int64_t>(line->substr(kKey.size()))) {
      return time::Duration(std::chrono::microseconds(*us));
    }
  }
  return base::service_error(fmt::format("{}: no CPU time in {}: was the group removed?", file, base::in_quotes(text)));
}

std::optional<std::uint64_t> JobGroup::memory_bytes() const {
  if (!memory_) return std::nullopt;
  std::array<char, 64> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the kernel
  return parse_whole<std::uint64_t>(base::trimmed(read_kernel_file(memory_.get(), buffer)));
}

base::Expected<std::vector<pid_t>> JobGroup::process_ids() const {
  if (kind_ == GroupKind::kNone) return base::no_data("there is no group that knows its processes");
  std::vector<pid_t> pids;
  const auto append = [&pids](const std::string& folder) -> base::Status {
    EBB_TRY(const std::string text, load_kernel_file(folder + "/cgroup.procs"));
    base::Lines lines(text);
    while (const auto line = lines.next()) {
      // 0: a process that another PID namespace put there.
      if (const auto pid = parse_whole<pid_t>(*line); pid && *pid > 0) pids.push_back(*pid);
    }
    return base::Done{};
  };
  EBB_TRY_DO(append(path_));
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(path_, error), end; !error && at != end; at.increment(error)) {
    // A nested one may be gone again, or be of threads only: its processes are in the outer one's list then.
    if (at->is_directory(error)) static_cast<void>(append(at->path().string()));
  }
  return pids;
}

bool JobGroup::join_from_child() const noexcept {
  // Where it could not, its processes are moved there when that group is needed.
  if (also_procs_ >= 0) [[maybe_unused]]
    const auto entered = ::write(also_procs_, "0", 1);
  return kind_ == GroupKind::kNone || ::write(procs_.get(), "0", 1) == 1;
}

base::Expected<GroupEnd> JobGroup::remove() {
  if (kind_ == GroupKind::kNone || !folder_) return GroupEnd{};
  const Descriptor folder = std::exchange(folder_, Descriptor());
  procs_.reset();
  if (::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) return GroupEnd{GroupEnd::Kind::kShared, 0};
  // The kernel may need a moment after wait4 to let go of a process: no pid is left, but the group is still busy.
  for (int i = 0; i < 50; ++i) {
    if (remove_group_folder(path_)) return GroupEnd{};
    const int reason = errno;
    EBB_TRY(const auto pids, process_ids());
    if (!pids.empty()) return GroupEnd{GroupEnd::Kind::kOccupied, pids.size()};
    if (reason != EBUSY) return base::service_error(system_reason(path_, reason));
    ::poll(nullptr, 0, 1);
  }
  return base::service_error(fmt::format("{}: the kernel keeps the empty group busy", path_));
}

}  // namespace ebb::exec
