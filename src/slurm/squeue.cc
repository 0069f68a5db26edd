#include "slurm/squeue.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "slurm/command.h"

namespace ebb::slurm {
namespace {

using Element = simdjson::dom::element;

// Slurm's numbers for "no value" and "infinite", of 32 and 64 bits; those of 16 bits are also good user ids.
bool is_no_value(double number) { return number == 4294967294.0 || number == 4294967295.0 || number > 1.8e19; }
// Times are seconds; those that Slurm makes up for "never" lie a century and more ahead.
constexpr double kLatestSecond = 5.0e9;

std::optional<double> plain_number(const Element& element) {
  double value = 0.0;
  if (element.get(value) != simdjson::SUCCESS || !std::isfinite(value) || is_no_value(value)) return std::nullopt;
  return value;
}

class Record {
 public:
  explicit Record(const Element& element) : element_(element) {}

  [[nodiscard]] std::optional<Element> at(std::string_view key) const {
    Element found;
    if (element_.at_key(key).get(found) != simdjson::SUCCESS) return std::nullopt;
    return found;
  }
  [[nodiscard]] std::string text(std::string_view key) const {
    const auto found = at(key);
    std::string_view value;
    if (!found || found->get(value) != simdjson::SUCCESS) return "";
    return on_one_line(value, 4096);
  }
  /// A number as it is, or the newer {"set": true, "infinite": false, "number": 5}.
  [[nodiscard]] std::optional<double> number(std::string_view key) const {
    const auto found = at(key);
    if (!found) return std::nullopt;
    if (!found->is_object()) return plain_number(*found);
    const Record inner(*found);
    if (!inner.is("set") || inner.is("infinite")) return std::nullopt;
    const auto value = inner.at("number");
    return value ? plain_number(*value) : std::nullopt;
  }
  [[nodiscard]] std::optional<double> number_in(std::string_view key, double low, double high) const {
    const auto value = number(key);
    return value && *value >= low && *value <= high ? value : std::nullopt;
  }
  [[nodiscard]] std::uint64_t whole(std::string_view key) const {
    return static_cast<std::uint64_t>(number_in(key, 0.0, 4294967293.0).value_or(0.0));
  }
  [[nodiscard]] std::optional<time::Instant> moment(std::string_view key) const {
    const auto seconds = number_in(key, 1.0, kLatestSecond);
    if (!seconds) return std::nullopt;
    return time::Instant(std::chrono::seconds(static_cast<std::int64_t>(*seconds)));
  }
  [[nodiscard]] std::vector<std::string_view> words(std::string_view key) const {
    const auto found = at(key);
    std::string_view word;
    if (found && found->get(word) == simdjson::SUCCESS) return {word};
    std::vector<std::string_view> words;
    simdjson::dom::array list;
    if (!found || found->get(list) != simdjson::SUCCESS) return words;
    for (const auto item : list) {
      if (item.get(word) == simdjson::SUCCESS) words.push_back(word);
    }
    return words;
  }

 private:
  [[nodiscard]] bool is(std::string_view key) const {
    const auto found = at(key);
    bool value = false;
    return found && found->get(value) == simdjson::SUCCESS && value;
  }
  Element element_;
};

/// A status as wait(2) gives it, or the newer {"return_code": ..., "signal": {"id": ...}}. What is beyond 16 bits of
/// sense is Slurm's own error: the command was never started.
std::optional<int> exit_code_of(const Record& record) {
  const auto found = record.at("exit_code");
  if (!found) return std::nullopt;
  if (!found->is_object()) {
    const auto status = plain_number(*found);
    if (!status || *status < 0.0 || *status > 65535.0) return std::nullopt;
    const int whole = static_cast<int>(*status);
    const int signal = whole & 0x7f;
    if (signal == 0) return whole >> 8;
    return whole > 0xff || signal > 64 ? 125 : 128 + signal;
  }
  const Record inner(*found);
  // Under a plain number there is one more level.
  if (const auto number = inner.number_in("number", 0.0, 65535.0)) {
    const int whole = static_cast<int>(*number);
    return (whole & 0x7f) == 0 ? whole >> 8 : 128 + (whole & 0x7f);
  }
  if (const auto signal = inner.at("signal"); signal && signal->is_object()) {
    const auto id = Record(*signal).number_in("id", 1.0, 64.0);
    if (id) return 128 + static_cast<int>(*id);
  }
  const auto code = inner.number_in("return_code", 0.0, 255.0);
  return code ? std::optional(static_cast<int>(*code)) : std::nullopt;
}

base::Status read_array(const Record& record, Job& job) {
  job.array = record.whole("array_job_id");
  if (const auto element = record.number_in("array_task_id", 0.0, 4294967293.0)) {
    job.element = static_cast<std::uint32_t>(*element);
  }
  const auto list = record.text("array_task_string");
  if (job.array == 0 || job.element || list.empty()) return base::Done{};
  EBB_TRY(job.elements, parse_elements(list));
  return base::Done{};
}

void read_times(const Record& record, Job& job) {
  job.submitted = record.moment("submit_time");
  job.eligible = record.moment("eligible_time");
  if (job.state.state != JobState::kPending) {
    job.begun = record.moment("start_time");
    job.ended = record.moment("end_time");
  }
  job.deadline = record.moment("deadline");
  job.suspended_at = record.moment("suspend_time");
  job.before_suspension =
      std::chrono::seconds(static_cast<std::int64_t>(record.number_in("pre_sus_time", 0.0, kLatestSecond).value_or(0)));
  if (const auto minutes = record.number_in("time_limit", 0.0, 5e7)) {
    job.time_limit = std::chrono::minutes(static_cast<std::int64_t>(*minutes));
  }
}

base::Expected<Job> read_job(const Element& element) {
  const Record record(element);
  Job job;
  job.id = record.whole("job_id");
  if (job.id == 0) return base::bad_data("squeue: a job without an id");
  job.state = parse_state(record.words("job_state"));
  EBB_TRY_DO(read_array(record, job));
  job.heterogeneous = record.whole("het_job_id");
  job.name = record.text("name");
  job.user = record.text("user_name");
  if (const auto uid = record.number_in("user_id", 0.0, 4294967293.0)) job.uid = static_cast<uid_t>(*uid);
  if (const auto gid = record.number_in("group_id", 0.0, 4294967293.0)) job.gid = static_cast<gid_t>(*gid);
  job.account = record.text("account");
  job.partition = record.text("partition");
  job.comment = record.text("comment");
  job.reason = record.text("state_reason");
  if (is_end(job.state.state)) job.exit_code = exit_code_of(record);
  read_times(record, job);
  job.cpus = record.number_in("cpus", 0.0, 1e7).value_or(0.0);
  job.nodes = static_cast<int>(record.number_in("node_count", 0.0, 1e7).value_or(0.0));
  read_resources(record.text("tres_req_str"), job);
  read_resources(record.text("tres_alloc_str"), job);
  job.restarts = record.whole("restart_cnt");
  job.command = record.text("command");
  job.folder = record.text("current_working_directory");
  job.output = record.text("standard_output");
  return job;
}

/// squeue of 22.05 ends with code 0 and an empty list when its controller does not answer: only this tells.
base::Status check_errors(const Record& root) {
  const auto errors = root.at("errors");
  simdjson::dom::array list;
  if (!errors || errors->get(list) != simdjson::SUCCESS || list.size() == 0) return base::Done{};
  const Record first(list.at(0).value_unsafe());
  auto what = first.text("description");
  if (what.empty()) what = first.text("error");
  return base::service_error(fmt::format(
      "the queue cannot be read: Slurm says: {}: is slurmctld up? `scontrol ping` tells", base::in_quotes(what)));
}

/// Anybody may give his job a name that is no UTF-8, and squeue prints it as it is: no reason to see no job at all.
std::string with_valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    const auto piece = text.substr(i, length);
    if (piece.size() == length && simdjson::validate_utf8(piece.data(), piece.size())) {
      valid += piece;
      i += length;
    } else {
      valid += '?';
      ++i;
    }
  }
  return valid;
}

}  // namespace

base::Expected<std::vector<Job>> parse_squeue(std::string_view json) {
  json = base::trimmed(json);
  if (json.empty()) return base::bad_data("squeue --json said nothing: is it older than Slurm 22.05?");
  std::string cleaned;
  if (!simdjson::validate_utf8(json.data(), json.size())) {
    cleaned = with_valid_utf8(json);
    json = cleaned;
  }
  simdjson::dom::parser parser;
  Element root;
  if (const auto failed = parser.parse(json.data(), json.size(), true).get(root); failed != simdjson::SUCCESS) {
    return base::bad_data(
        fmt::format("squeue --json: no JSON ({}): Slurm 22.05 or newer is needed", simdjson::error_message(failed)));
  }
  EBB_TRY_DO(check_errors(Record(root)));
  simdjson::dom::array list;
  if (root.at_key("jobs").get(list) != simdjson::SUCCESS) {
    return base::bad_data("squeue --json: there is no list of jobs in it");
  }
  std::vector<Job> jobs;
  for (const Element element : list) {
    EBB_TRY(auto job, read_job(element));
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace ebb::slurm
