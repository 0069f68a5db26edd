#include "exec/pause_freezer_group.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "exec/cgroup_place.h"
#include "exec/group_folder.h"
#include "exec/kernel_file.h"
#include "exec/lock_folder.h"
#include "exec/whole_number.h"

namespace ebb::exec {
namespace {

constexpr std::string_view kFreezer = "freezer";
constexpr std::string_view kKnown = "cpuacct";

/// find_cgroup_place knows the v1 hierarchy of cpuacct only: the lines of the freezer's are given to it in that one's
/// place, and no others. `begin`, `length`: where the list of controllers stands in the line.
template <typename ListOf>
std::string freezer_lines(std::string_view text, ListOf list_of) {
  std::string out;
  base::Lines lines(text);
  while (const auto line = lines.next()) {
    const auto [begin, length] = list_of(*line);
    if (begin == std::string_view::npos) continue;
    std::vector<std::string_view> names = base::split(line->substr(begin, length), ',');
    const auto freezer = std::find(names.begin(), names.end(), kFreezer);
    if (freezer == names.end()) continue;
    *freezer = kKnown;
    out += line->substr(0, begin);
    out += fmt::format("{}", fmt::join(names, ","));
    out += length == std::string_view::npos ? "" : line->substr(begin + length);
    out += '\n';
  }
  return out;
}

std::string mounts_of_freezer(std::string_view mountinfo) {
  return freezer_lines(mountinfo, [](std::string_view line) {
    const auto space = line.rfind(' ');
    return std::pair(space == std::string_view::npos ? space : space + 1, std::string_view::npos);
  });
}

std::string own_of_freezer(std::string_view own_cgroup) {
  return freezer_lines(own_cgroup, [](std::string_view line) {
    const auto first = line.find(':');
    const auto second = first == std::string_view::npos ? first : line.find(':', first + 1);
    return second == std::string_view::npos ? std::pair(second, second) : std::pair(first + 1, second - first - 1);
  });
}

void append_pids(const std::string& folder, std::vector<pid_t>& pids, base::Status& status) {
  const auto text = load_kernel_file(folder + "/cgroup.procs");
  if (!text) {
    status = text.error();
    return;
  }
  base::Lines lines(*text);
  while (const auto line = lines.next()) {
    if (const auto pid = parse_whole<pid_t>(*line); pid && *pid > 0) pids.push_back(*pid);
  }
}

}  // namespace

base::Expected<FreezerGroup> FreezerGroup::make(const std::string& name, const std::string& mountinfo,
                                                const std::string& own_cgroup) {
  if (!is_plain_name(name)) {
    return base::usage_error(
        fmt::format("{} cannot name a group: 1 to 128 letters, digits, '.', '_' and '-' can", base::in_quotes(name)));
  }
  EBB_TRY(const std::string mounts, load_kernel_file(mountinfo));
  EBB_TRY(const std::string own, load_kernel_file(own_cgroup));
  const auto parent = find_cgroup_place(CgroupVersion::kV1, mounts_of_freezer(mounts), own_of_freezer(own));
  if (!parent) return base::no_data("the v1 hierarchy freezer is not mounted, or our place in it cannot be seen");
  EBB_TRY_DO(check_neutral(parent->folder, {parent->controllers.begin(), parent->controllers.end()}));
  remove_stale_groups(parent->folder);
  FreezerGroup group;
  group.path_ = fmt::format("{}/{}{}", parent->folder, kGroupPrefix, name);
  bool joined = false;
  EBB_TRY(group.folder_, make_locked_group_folder(group.path_, joined));
  const std::string procs = group.path_ + "/cgroup.procs";
  group.procs_ = Descriptor(::open(procs.c_str(), O_WRONLY | O_CLOEXEC));
  if (group.procs_) return group;
  const int reason = errno;
  group.remove();
  return base::service_error(system_reason(procs, reason));
}

base::Status FreezerGroup::enter(pid_t pid) const {
  const std::string text = std::to_string(pid);
  if (::write(procs_.get(), text.data(), text.size()) >= 0 || errno == ESRCH) return base::Done{};
  return base::service_error(system_reason(fmt::format("{}: process {} cannot enter", path_, pid), errno));
}

base::Expected<std::vector<pid_t>> FreezerGroup::process_ids() const {
  std::vector<pid_t> pids;
  base::Status status = base::Done{};
  append_pids(path_, pids, status);
  if (!status) return status.error();
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(path_, error), end; !error && at != end; at.increment(error)) {
    base::Status gone = base::Done{};
    if (at->is_directory(error)) append_pids(at->path().string(), pids, gone);
  }
  return pids;
}

void FreezerGroup::remove() {
  const Descriptor folder = std::exchange(folder_, Descriptor());
  procs_.reset();
  if (!folder || ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) return;
  // The kernel may need a moment after wait4 to let go of a process.
  for (int i = 0; i < 50 && !remove_group_folder(path_); ++i) {
    const auto pids = process_ids();
    if (!pids || !pids->empty()) return;
    ::poll(nullptr, 0, 1);
  }
}

}  // namespace ebb::exec
