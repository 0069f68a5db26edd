#include "exec/rank_record.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "base/text.h"
#include "exec/whole_number.h"

namespace ebb::exec {
namespace {

base::Error broken(std::string_view what, std::string_view text) {
  return base::bad_data(fmt::format("a rank's record: {} {}", what, base::in_quotes(text)));
}

std::optional<ProcessRef> parse_process(std::string_view text) {
  const auto parts = base::split(text, ' ');
  if (parts.size() != 2) return std::nullopt;
  const auto pid = parse_whole<pid_t>(parts[0]);
  const auto start = parse_whole<std::uint64_t>(parts[1]);
  if (!pid || *pid <= 0 || !start) return std::nullopt;
  return ProcessRef{*pid, *start};
}

bool parse_value(std::string_view key, std::string_view value, RankRecord& record) {
  if (key == "meter" || key == "job") {
    const auto process = parse_process(value);
    if (process) (key == "meter" ? record.meter : record.job) = *process;
    return process.has_value();
  }
  if (key == "local_rank") {
    const auto rank = parse_whole<int>(value);
    record.local_rank = rank.value_or(0);
    return rank && *rank >= 0;
  }
  if (key == "cpu_ns") {
    const auto ns = parse_whole<std::int64_t>(value);
    if (ns) record.cpu = time::Duration(*ns);
    return ns && *ns >= 0;
  }
  record.gpus.emplace();
  if (value.empty()) return true;
  for (const auto gpu : base::split(value, ',')) record.gpus->emplace_back(gpu);
  return true;
}

}  // namespace

std::string text_of(const RankRecord& record) {
  std::string text = fmt::format("meter {} {}\njob {} {}\nlocal_rank {}\n", record.meter.pid, record.meter.start_ticks,
                                 record.job.pid, record.job.start_ticks, record.local_rank);
  if (record.gpus) text += fmt::format("gpus {}\n", fmt::join(*record.gpus, ","));
  if (record.cpu) text += fmt::format("cpu_ns {}\n", record.cpu->count());
  return text;
}

base::Expected<RankRecord> parse_rank_record(std::string_view text) {
  constexpr std::array<std::string_view, 5> kKeys{"meter", "job", "local_rank", "gpus", "cpu_ns"};
  constexpr std::size_t kNeeded = 3;
  std::array<bool, kKeys.size()> seen{};
  RankRecord record;
  base::Lines lines(text);
  while (const auto line = lines.next()) {
    const auto space = line->find(' ');
    if (space == std::string_view::npos) return broken("no value in", *line);
    const auto key = line->substr(0, space);
    std::size_t i = 0;
    while (i < kKeys.size() && kKeys.at(i) != key) ++i;
    if (i == kKeys.size()) return broken("unknown key", key);
    if (seen.at(i)) return broken("twice", key);
    seen.at(i) = true;
    if (!parse_value(key, line->substr(space + 1), record)) return broken("a value that is none in", *line);
  }
  for (std::size_t i = 0; i < kNeeded; ++i) {
    if (!seen.at(i)) return broken("there is no", kKeys.at(i));
  }
  return record;
}

}  // namespace ebb::exec
