#include "exec/pause_freezer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string_view>

#include "base/text.h"
#include "exec/descriptor.h"
#include "exec/kernel_file.h"

namespace ebb::exec {
namespace {

constexpr auto kLookAgain = std::chrono::milliseconds(1);
/// Where a change is told by cgroup.events: should that be missed once.
constexpr auto kLookAgainAnyway = std::chrono::milliseconds(10);
/// Looks after which a v1 group that hangs in FREEZING is thawed and asked anew.
constexpr int kLooksBeforeThaw = 32;

const char* control_of(CgroupVersion version) {
  return version == CgroupVersion::kV2 ? "/cgroup.freeze" : "/freezer.state";
}

bool has_line(std::string_view text, std::string_view wanted) {
  base::Lines lines(text);
  while (const auto line = lines.next()) {
    if (*line == wanted) return true;
  }
  return false;
}

}  // namespace

base::Expected<Freezer> Freezer::open(std::string folder, CgroupVersion version) {
  Freezer freezer(std::move(folder), version);
  const std::string control = freezer.folder_ + control_of(version);
  if (::faccessat(AT_FDCWD, control.c_str(), W_OK, AT_EACCESS) != 0) {
    return base::service_error(system_reason(control, errno));
  }
  EBB_TRY_DO(freezer.state());
  return freezer;
}

base::Expected<Freezer::State> Freezer::state() const {
  const std::string control = folder_ + control_of(version_);
  EBB_TRY(const std::string asked, load_kernel_file(control));
  const auto word = base::trimmed(asked);
  if (version_ == CgroupVersion::kV1) {
    if (word == "THAWED") return State::kThawed;
    if (word == "FREEZING") return State::kFreezing;
    if (word == "FROZEN") return State::kFrozen;
    return base::bad_data(fmt::format("{}: {} is no state of a freezer", control, base::in_quotes(word)));
  }
  EBB_TRY(const std::string events, load_kernel_file(folder_ + "/cgroup.events"));
  if (has_line(events, "frozen 1")) return State::kFrozen;
  if (!has_line(events, "frozen 0")) {
    return base::bad_data(fmt::format("{}/cgroup.events does not say whether it is frozen", folder_));
  }
  return word == "1" ? State::kFreezing : State::kThawed;
}

base::Status Freezer::ask(bool frozen) const {
  const std::string control = folder_ + control_of(version_);
  const Descriptor fd(::open(control.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return base::service_error(system_reason(control, errno));
  const std::string_view word = version_ == CgroupVersion::kV2 ? (frozen ? "1" : "0") : (frozen ? "FROZEN" : "THAWED");
  for (;;) {
    if (::pwrite(fd.get(), word.data(), word.size(), 0) == static_cast<ssize_t>(word.size())) return base::Done{};
    if (errno != EINTR) return base::service_error(system_reason(control, errno));
  }
}

base::Status Freezer::wait_for_frozen(Waiting& waiting, time::Duration deadline) const {
  const bool v2 = version_ == CgroupVersion::kV2;
  const Descriptor events(v2 ? ::open((folder_ + "/cgroup.events").c_str(), O_RDONLY | O_CLOEXEC) : -1);
  for (int look = 1;; ++look) {
    EBB_TRY(const State now, state());
    if (now == State::kFrozen) return base::Done{};
    const auto left = deadline - waiting.steady();
    if (left <= time::Duration(0)) {
      return base::service_error(
          fmt::format("{}: some process does not stand still in time (one that waits for a "
                      "disk or a network file system cannot); the job goes on",
                      folder_));
    }
    waiting.nap(std::min<time::Duration>(left, v2 ? kLookAgainAnyway : kLookAgain), events.get());
    if (v2) continue;
    // The v1 freezer may miss a process that forks or execs meanwhile, and is to be asked again.
    if (look % kLooksBeforeThaw == 0) EBB_TRY_DO(ask(false));
    EBB_TRY_DO(ask(true));
  }
}

base::Status Freezer::freeze(Waiting& waiting, time::Duration deadline) const {
  EBB_TRY_DO(ask(true));
  auto done = wait_for_frozen(waiting, deadline);
  // Half frozen is neither paused nor running: as it was before.
  if (!done) static_cast<void>(ask(false));
  return done;
}

base::Status Freezer::thaw(Waiting& waiting, time::Duration deadline) const {
  EBB_TRY_DO(ask(false));
  for (;;) {
    EBB_TRY(const State now, state());
    if (now == State::kThawed) return base::Done{};
    const auto left = deadline - waiting.steady();
    if (left <= time::Duration(0)) {
      return base::service_error(fmt::format("{}: stays frozen: is a group above it frozen?", folder_));
    }
    waiting.nap(std::min<time::Duration>(left, kLookAgain), -1);
  }
}

}  // namespace ebb::exec
