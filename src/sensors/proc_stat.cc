#include "sensors/proc_stat.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace ebb::sensors {
namespace {

constexpr std::uint64_t kMostTicks = std::uint64_t{1} << 53;

constexpr double kMostSeconds = 9e9;  // a Duration holds 9.2e9

/// Nothing where the counts are farther apart than any machine can make them.
std::optional<time::Duration> between(std::uint64_t first, std::uint64_t now, long ticks_per_second) {
  const auto ticks = static_cast<std::int64_t>(now) - static_cast<std::int64_t>(first);
  const double seconds = static_cast<double>(ticks) / static_cast<double>(ticks_per_second);
  if (std::fabs(seconds) > kMostSeconds) return std::nullopt;
  return time::from_seconds(seconds);
}

}  // namespace

std::optional<CpuTicks> parse_cpu_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  if (!text.starts_with("cpu ")) return std::nullopt;
  text.remove_prefix(4);
  std::array<std::uint64_t, 8> counts{};  // user nice system idle iowait irq softirq steal
  std::size_t found = 0;
  while (found < counts.size()) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) break;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), counts[found]);
    if (error != std::errc{} || counts[found] > kMostTicks) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty() && !text.starts_with(' ')) return std::nullopt;
    ++found;
  }
  if (found < 4) return std::nullopt;
  return CpuTicks{counts[0] + counts[1] + counts[2] + counts[5] + counts[6], counts[3] + counts[4], counts[7]};
}

base::Expected<ProcStat> ProcStat::open(const Host& host, long ticks_per_second) {
  if (ticks_per_second <= 0) ticks_per_second = ::sysconf(_SC_CLK_TCK);
  ValueFile file(host.proc + "/stat");
  if (!file.is_open()) {
    return base::service_error(fmt::format("{}: cannot open: {}", file.path(), name_of_errno(file.error())));
  }
  ProcStat stat(std::move(file), ticks_per_second);
  EBB_TRY(stat.first_, stat.read_ticks());
  return stat;
}

base::Expected<CpuTicks> ProcStat::read_ticks() {
  std::array<char, 512> buffer{};
  const auto text = file_.read(buffer.data(), buffer.size());
  if (!text) return base::service_error(fmt::format("{}: {}", file_.path(), name_of_errno(file_.error())));
  const auto ticks = parse_cpu_line(*text);
  if (!ticks) {
    return base::service_error(
        fmt::format("{}: the first line is {}, not the CPU times", file_.path(), base::in_quotes(*text)));
  }
  return *ticks;
}

base::Expected<CpuTimes> ProcStat::read() {
  EBB_TRY(const CpuTicks now, read_ticks());
  const auto busy = between(first_.busy, now.busy, ticks_per_second_);
  const auto idle = between(first_.idle, now.idle, ticks_per_second_);
  const auto steal = between(first_.steal, now.steal, ticks_per_second_);
  if (!busy || !idle || !steal) {
    return base::service_error(fmt::format("{}: the CPU times jumped by more than 285 years", file_.path()));
  }
  return CpuTimes{*busy, *idle, *steal};
}

}  // namespace ebb::sensors
