#include "slurm/cluster.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

#include "base/text.h"
#include "slurm/sacct.h"
#include "slurm/squeue.h"

namespace ebb::slurm {
namespace {

/// The queue of a large cluster, and a year of history, take a while.
constexpr auto kPatience = std::chrono::seconds(45);
constexpr auto kHistoryDays = 30;

std::int64_t unix_seconds(time::Instant moment) {
  return std::chrono::floor<std::chrono::seconds>(moment.time_since_epoch()).count();
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

base::Status done_or(const Answer& answer, std::string_view what) {
  if (refusal_of(answer) == Refusal::kNone) return base::Done{};
  return refused(what, answer);
}

}  // namespace

base::Expected<std::vector<Job>> Cluster::queue() {
  Call call{{"squeue", "--json", "--states=all"}, "", std::nullopt, kPatience};
  EBB_TRY(const auto answer, commands_->run(call));
  if (answer.code != 0) return refused("the queue cannot be read", answer);
  return parse_squeue(answer.out);
}

base::Expected<std::vector<Job>> Cluster::history(std::vector<std::string> words) {
  if (!keeps_history_) return std::vector<Job>();
  std::vector<std::string> argv{"sacct", "--parsable2", "--allocations", std::string("--delimiter=") + kSacctSeparator,
                                "--format=" + std::string(kSacctColumns)};
  argv.insert(argv.end(), words.begin(), words.end());
  if (::geteuid() == 0) argv.emplace_back("--allusers");
  EBB_TRY(const auto answer, commands_->run({argv, "", std::nullopt, kPatience}));
  if (refusal_of(answer) == Refusal::kNoAccounting) {
    keeps_history_ = false;
    return std::vector<Job>();
  }
  if (answer.code != 0) return refused("the history cannot be read", answer);
  SacctOptions options;
  options.separator = kSacctSeparator;
  EBB_TRY(auto read, parse_sacct(answer.out, options));
  return std::move(read.jobs);
}

base::Expected<std::vector<Job>> Cluster::history_of(const std::vector<std::string>& handles) {
  if (handles.empty()) return std::vector<Job>();
  return history({"--jobs=" + joined(handles)});
}

base::Expected<std::vector<Job>> Cluster::history_named(const std::string& name) {
  return history({"--name=" + name, fmt::format("--starttime=now-{}days", kHistoryDays)});
}

base::Expected<std::vector<Job>> Cluster::history_between(time::Instant from, time::Instant to) {
  return history(
      {fmt::format("--starttime=uts{}", unix_seconds(from)), fmt::format("--endtime=uts{}", unix_seconds(to))});
}

base::Expected<std::string> Cluster::submit(const Call& submission) {
  EBB_TRY(const auto answer, commands_->run(submission));
  if (answer.code != 0) return refused("sbatch did not take the job", answer);
  const auto text = base::trimmed(answer.out);
  const auto id = text.substr(0, text.find(';'));  // "id;cluster" in a federation
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size() || number == 0) {
    return base::service_error(fmt::format("sbatch took the job, but gave no id: {}", base::in_quotes(text)));
  }
  return std::string(id);
}

base::Status Cluster::scontrol(std::vector<std::string> words, std::string_view what) {
  words.insert(words.begin(), "scontrol");
  EBB_TRY(const auto answer, commands_->run({std::move(words), "", std::nullopt, std::chrono::seconds(20)}));
  return done_or(answer, what);
}

base::Expected<bool> Cluster::suspend(const std::string& handle) {
  EBB_TRY(const auto answer, commands_->run({{"scontrol", "suspend", handle}, "", std::nullopt}));
  if (refusal_of(answer) == Refusal::kNotAllowed) return false;
  EBB_TRY_DO(done_or(answer, fmt::format("job {} cannot be suspended", handle)));
  return true;
}

base::Status Cluster::resume(const std::string& handle) {
  EBB_TRY(const auto answer, commands_->run({{"scontrol", "resume", handle}, "", std::nullopt}));
  if (refusal_of(answer) == Refusal::kNotSuspended) return base::Done{};
  return done_or(answer, fmt::format("job {} cannot be resumed", handle));
}

base::Status Cluster::signal_all(const std::string& handle, std::string_view signal) {
  // Without --full, scancel reports success and signals nothing of a batch script.
  EBB_TRY(const auto answer,
          commands_->run({{"scancel", fmt::format("--signal={}", signal), "--full", handle}, "", std::nullopt}));
  return done_or(answer, fmt::format("job {} cannot be sent SIG{}", handle, signal));
}

base::Status Cluster::signal_command(const std::string& handle, int signal) {
  EBB_TRY(const auto answer,
          commands_->run({{"scancel", fmt::format("--signal={}", signal), "--batch", handle}, "", std::nullopt}));
  return done_or(answer, fmt::format("job {} cannot be sent signal {}", handle, signal));
}

base::Status Cluster::hold(const std::string& handle) {
  return scontrol({"uhold", handle}, fmt::format("job {} cannot be held", handle));
}

base::Status Cluster::release(const std::string& handle) {
  return scontrol({"release", handle}, fmt::format("job {} cannot be released", handle));
}

base::Status Cluster::requeue_held(const std::string& handle) {
  return scontrol({"requeuehold", handle}, fmt::format("job {} cannot be put back into the queue", handle));
}

base::Status Cluster::set_begin(const std::string& handle, std::optional<time::Instant> moment) {
  return scontrol({"update", "JobId=" + handle,
                   moment ? fmt::format("StartTime=uts{}", unix_seconds(*moment)) : std::string("StartTime=now")},
                  fmt::format("the start of job {} cannot be set", handle));
}

base::Status Cluster::set_comment(const std::string& handle, const std::string& comment) {
  return scontrol({"update", "JobId=" + handle, "Comment=" + on_one_line(comment, 4096)},
                  fmt::format("the comment of job {} cannot be set", handle));
}

base::Status Cluster::cancel(const std::string& handle) {
  EBB_TRY(const auto answer, commands_->run({{"scancel", handle}, "", std::nullopt}));
  const auto refusal = refusal_of(answer);
  if (refusal == Refusal::kNoSuchJob || refusal == Refusal::kEnded) return base::Done{};
  return done_or(answer, fmt::format("job {} cannot be cancelled", handle));
}

}  // namespace ebb::slurm
