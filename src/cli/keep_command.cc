#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "cli/measured_run.h"
#include "keeper/keeper.h"

namespace ebb::cli {
namespace {

/// What of its user's environment a job's run is measured and priced by. That the user himself was on a batch system's
/// node, or inside a parallel run, when he submitted the job, says nothing of the job.
bool counts(const std::string& name) {
  return name == "HOME" || name.starts_with("XDG_") || name.starts_with("EBB_") || name.ends_with("_VISIBLE_DEVICES");
}

std::optional<std::string> look_up(const std::vector<std::string>& environment, const std::string& name) {
  if (!counts(name)) return std::nullopt;
  const auto found = std::find_if(environment.begin(), environment.end(),
                                  [&](const auto& entry) { return entry.starts_with(name + "="); });
  return found == environment.end() ? std::nullopt : std::optional(found->substr(name.size() + 1));
}

base::Expected<int> run_keep(const Arguments& arguments, const Context& context) {
  const auto words = arguments.all("FOLDER");
  const auto number = words.size() == 2 ? base::parse_number(words[1]) : std::nullopt;
  if (!number || *number < 1 || *number > 1e6 || *number != static_cast<int>(*number)) {
    return base::usage_error("ebb keep FOLDER ATTEMPT is called by ebb itself, for jobs that were submitted");
  }
  // The job gets stderr; what the keeper itself has to say stays in its log.
  const int log_fd = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  const auto log = [log_fd](std::string_view text) {
    [[maybe_unused]] const auto put = ::write(log_fd, text.data(), text.size());
  };
  Context own{context};
  own.err = own.out = log;
  own.out_is_terminal = own.err_is_terminal = false;
  std::optional<WantedRun> wanted;
  Arguments options;
  bool threads_left = false;
  const auto run = [&](const exec::Task& task, measure::Control& control) -> base::Expected<measure::Outcome> {
    own.environment = [environment = task.environment](const std::string& name) { return look_up(environment, name); };
    own.host.environment = own.environment;
    EBB_TRY(options, parse_options(run_command(), task.run_options));
    for (const auto& word : task.argv) options.add("COMMAND", word);
    EBB_TRY(wanted, wanted_run(options, own));
    wanted->request.environment = task.environment;
    wanted->request.control = &control;
    auto outcome = measure::measure(wanted->request, world_of(own));
    threads_left = outcome && outcome->threads_left;
    return outcome;
  };
  const auto file = [&](const measure::Outcome& outcome) {
    if (const auto filed = file_run(outcome, *wanted, options, own); !filed) {
      log(fmt::format("ebb keep: {}; the trace is in {}\n", filed.error().message, outcome.folder));
    }
  };
  EBB_TRY(const bool kept, keeper::keep(words[0], static_cast<int>(*number), {context.clock, run, file, log}));
  static_cast<void>(kept);
  if (threads_left && context.leave_threads) context.leave_threads();
  return 0;
}

}  // namespace

const Command& keep_command() {
  static const Command command{
      "keep",
      "keep one job from its start to its end (called by ebb itself)",
      "Runs the job that lies in FOLDER, measured, and pauses, resumes and cancels it as it is told: docs/keeper.md. "
      "Where another one keeps that attempt already, it leaves at once.",
      {{"FOLDER", "", "of the job, then which of its starts", true, true}},
      {"ebb keep /var/lib/ebb/jobs/7-k3v9 1", "ebb keep ~/.local/share/ebb/jobs/7-k3v9 2"},
      run_keep,
      true};
  return command;
}

}  // namespace ebb::cli
