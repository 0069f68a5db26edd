#include "slurm/job.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace ebb::slurm {
namespace {

constexpr std::size_t kMostElements = 1'000'000;

struct StateName {
  std::string_view slurm;
  JobState state;
  std::string_view name;
};
constexpr std::array<StateName, 12> kStates{{{"PENDING", JobState::kPending, "pending"},
                                             {"RUNNING", JobState::kRunning, "running"},
                                             {"SUSPENDED", JobState::kSuspended, "suspended"},
                                             {"COMPLETED", JobState::kCompleted, "completed"},
                                             {"CANCELLED", JobState::kCancelled, "cancelled"},
                                             {"FAILED", JobState::kFailed, "failed"},
                                             {"TIMEOUT", JobState::kTimeout, "timeout"},
                                             {"NODE_FAIL", JobState::kNodeFail, "node-fail"},
                                             {"PREEMPTED", JobState::kPreempted, "preempted"},
                                             {"BOOT_FAIL", JobState::kBootFail, "boot-fail"},
                                             {"DEADLINE", JobState::kDeadline, "deadline"},
                                             {"OUT_OF_MEMORY", JobState::kOutOfMemory, "out-of-memory"}}};

template <typename Whole>
std::optional<Whole> whole_number(std::string_view text) {
  Whole value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "16G", "512M", "4096" (MB, as Slurm counts), "1.5T".
std::optional<std::uint64_t> parse_memory(std::string_view text) {
  if (text.empty()) return std::nullopt;
  constexpr std::string_view kPrefixes = "KMGTP";
  const auto prefix = kPrefixes.find(text.back());
  const auto number = base::parse_number(prefix == std::string_view::npos ? text : text.substr(0, text.size() - 1));
  const double bytes = number.value_or(-1.0) *
                       std::pow(1024.0, prefix == std::string_view::npos ? 2.0 : static_cast<double>(prefix + 1));
  if (!(bytes >= 0.0) || bytes > 1e18) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

std::optional<double> count_of(std::string_view text) {
  const auto number = base::parse_number(text);
  return number && *number >= 0.0 && *number <= 1e7 ? number : std::nullopt;
}

base::Error no_elements(std::string_view text) {
  return base::bad_data(fmt::format("{} is no list of an array's elements like 1,3-5", base::in_quotes(text)));
}

base::Status add_range(std::string_view text, std::vector<std::uint32_t>& out) {
  const auto colon = text.find(':');
  const auto step = colon == std::string_view::npos ? std::optional<std::uint32_t>(1)
                                                    : whole_number<std::uint32_t>(text.substr(colon + 1));
  const auto range = text.substr(0, colon);
  const auto dash = range.find('-');
  const auto first = whole_number<std::uint32_t>(range.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : whole_number<std::uint32_t>(range.substr(dash + 1));
  if (!step || *step == 0 || !first || !last || *last < *first) return no_elements(text);
  if (out.size() + (*last - *first) / *step + 1 > kMostElements) {
    return base::bad_data("an array of more than a million elements");
  }
  for (std::uint64_t i = *first; i <= *last; i += *step) out.push_back(static_cast<std::uint32_t>(i));
  return base::Done{};
}

}  // namespace

StateWords parse_state(const std::vector<std::string_view>& words) {
  StateWords found;
  bool runs = false;
  for (const auto text : words) {
    const auto word = text.substr(0, text.find(' '));
    if (word == "STOPPED") found.stopped = true;
    if (word == "COMPLETING") found.completing = true;
    if (word == "REQUEUED" || word == "REQUEUE_HOLD" || word == "REQUEUE_FED" || word == "SPECIAL_EXIT") {
      found.requeued = true;
    }
    // A flag that stands in the place of the state, as Slurm 22.05 tells it, is of a job that has its nodes.
    if (word == "STOPPED" || word == "COMPLETING" || word == "CONFIGURING" || word == "RESIZING" ||
        word == "SIGNALING" || word == "STAGE_OUT" || word == "POWER_UP_NODE") {
      runs = true;
    }
    for (const auto& known : kStates) {
      if (known.slurm == word) found.state = known.state;
    }
  }
  if (found.state == JobState::kOther && found.requeued) found.state = JobState::kPending;
  if (found.state == JobState::kOther && runs) found.state = JobState::kRunning;
  return found;
}

std::string_view name_of(JobState state) {
  for (const auto& known : kStates) {
    if (known.state == state) return known.name;
  }
  return "other";
}

bool is_end(JobState state) {
  return state != JobState::kPending && state != JobState::kRunning && state != JobState::kSuspended &&
         state != JobState::kOther;
}

std::string Job::handle() const {
  return array != 0 && element ? fmt::format("{}_{}", array, *element) : std::to_string(id);
}

void read_resources(std::string_view tres, Job& job) {
  double typed_gpus = 0.0;
  double gpus = -1.0;
  for (const auto item : base::split(tres, ',')) {
    const auto equals = item.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = item.substr(0, equals);
    const auto value = item.substr(equals + 1);
    if (name == "mem") {
      job.memory_bytes = parse_memory(value).value_or(job.memory_bytes);
      continue;
    }
    const auto count = count_of(value);
    if (!count) continue;
    if (name == "cpu") job.cpus = *count;
    if (name == "node") job.nodes = static_cast<int>(*count);
    if (name == "gres/gpu") gpus = *count;
    if (name.starts_with("gres/gpu:")) typed_gpus += *count;
  }
  if (gpus >= 0.0 || typed_gpus > 0.0) job.gpus = static_cast<int>(gpus >= 0.0 ? gpus : typed_gpus);
}

base::Expected<std::vector<std::uint32_t>> parse_elements(std::string_view text) {
  std::vector<std::uint32_t> elements;
  const auto list = text.substr(0, text.find('%'));
  for (const auto piece : base::split(list, ',')) EBB_TRY_DO(add_range(piece, elements));
  return elements;
}

base::Expected<JobName> parse_job_name(std::string_view text) {
  if (text.find('+') != std::string_view::npos) {
    return base::usage_error(fmt::format(
        "{} is a part of a heterogeneous job, whose parts Slurm starts and stops together: ebb cannot hold one",
        base::in_quotes(text)));
  }
  if (text.find('.') != std::string_view::npos) {
    return base::usage_error(fmt::format("{} is a step: name its job", base::in_quotes(text)));
  }
  const auto underscore = text.find('_');
  JobName name;
  const auto id = whole_number<std::uint64_t>(text.substr(0, underscore));
  bool known = id && *id > 0 && *id <= 0xffffffffULL;
  if (underscore != std::string_view::npos) {
    name.element = whole_number<std::uint32_t>(text.substr(underscore + 1));
    known = known && name.element;
  }
  if (!known) {
    return base::usage_error(
        fmt::format("{} is no job id of Slurm: 123, or 123_4 for an element of an array", base::in_quotes(text)));
  }
  name.id = *id;
  return name;
}

}  // namespace ebb::slurm
