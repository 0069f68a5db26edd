#include "exec/proc_stat.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "base/text.h"
#include "exec/kernel_file.h"
#include "exec/whole_number.h"

namespace ebb::exec {
namespace {

// Fields after the name, counted from 0 (proc(5) counts the pid as 1 and the state as 3).
enum Field : std::size_t {
  kState = 0,
  kParent = 1,
  kUserTime = 11,
  kSystemTime = 12,
  kChildrenUserTime = 13,
  kChildrenSystemTime = 14,
  kThreads = 17,
  kStartTime = 19,
  kFieldsNeeded = 20,
};

time::Duration of_ticks(std::int64_t ticks) {
  static const std::int64_t per_second = ::sysconf(_SC_CLK_TCK);
  // A Duration holds 292 years of CPU time; two of these are added.
  constexpr std::int64_t kMostSeconds = 4'400'000'000;
  if (ticks / per_second >= kMostSeconds) return std::chrono::seconds(kMostSeconds);
  return std::chrono::seconds(ticks / per_second) +
         std::chrono::nanoseconds(ticks % per_second * (1'000'000'000 / per_second));
}

}  // namespace

std::optional<ProcStat> parse_proc_stat(std::string_view text) {
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  const auto pid = parse_whole<std::int64_t>(base::trimmed(text.substr(0, open)));
  const auto fields = base::split(base::trimmed(text.substr(close + 1)), ' ');
  if (!pid || *pid <= 0 || fields.size() < kFieldsNeeded || fields[kState].size() != 1) return std::nullopt;
  std::array<std::int64_t, kFieldsNeeded> numbers{};
  for (const auto i : {kParent, kUserTime, kSystemTime, kChildrenUserTime, kChildrenSystemTime, kThreads, kStartTime}) {
    const auto number = parse_whole<std::int64_t>(fields[i]);
    // Above any count that a machine reaches: sums cannot overflow.
    if (!number || *number < 0 || *number > std::int64_t{1} << 60) return std::nullopt;
    numbers[i] = *number;
  }
  ProcStat stat;
  stat.process = {static_cast<pid_t>(*pid), static_cast<std::uint64_t>(numbers[kStartTime])};
  stat.state = fields[kState].front();
  stat.parent = static_cast<pid_t>(numbers[kParent]);
  stat.threads = static_cast<std::uint64_t>(numbers[kThreads]);
  stat.cpu = of_ticks(numbers[kUserTime] + numbers[kSystemTime]);
  stat.children_cpu = of_ticks(numbers[kChildrenUserTime] + numbers[kChildrenSystemTime]);
  return stat;
}

std::optional<ProcStat> read_proc_stat(const std::string& proc, pid_t pid) {
  std::array<char, 2048> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the kernel
  return parse_proc_stat(read_kernel_file(fmt::format("{}/{}/stat", proc, pid), buffer));
}

}  // namespace ebb::exec
