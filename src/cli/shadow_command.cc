#include <fmt/format.h>

#include "cli/common.h"
#include "cli/simulate_report.h"
#include "cli/simulate_setup.h"
#include "slurm/cluster.h"
#include "slurm/system_commands.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

/// How the cluster's queue stands just now.
struct Present {
  std::size_t waiting = 0;
  std::size_t running = 0;
  std::size_t paused = 0;
};

Present present_of(const std::vector<slurm::Job>& jobs) {
  Present present;
  for (const auto& job : jobs) {
    const auto state = job.state.state;
    if (state == slurm::JobState::kPending) present.waiting += std::max<std::size_t>(1, job.elements.size());
    if (state == slurm::JobState::kSuspended || job.state.stopped) {
      ++present.paused;
    } else if (state == slurm::JobState::kRunning) {
      ++present.running;
    }
  }
  return present;
}

base::Expected<std::vector<slurm::Job>> history(slurm::Cluster& cluster, time::Instant from, time::Instant to) {
  EBB_TRY(auto jobs, cluster.history_between(from, to));
  if (!cluster.keeps_history()) {
    return base::no_data(
        "this cluster keeps no history (no slurmdbd), so there is nothing to look back on; a trace of its jobs can be "
        "given to ebb simulate");
  }
  // Those that came before are another window's.
  std::erase_if(jobs, [&](const slurm::Job& job) { return !job.begun || *job.begun < from; });
  return jobs;
}

base::Expected<int> run_shadow(const Arguments& arguments, const Context& context) {
  if (!arguments.has("--slurm")) return base::usage_error("of what? ebb shadow --slurm");
  EBB_TRY(auto choice, simulation_choice(arguments));
  EBB_TRY(const auto back, duration_option(arguments, "--back"));
  const auto to = now_of(context.clock);
  const auto from = to - back.value_or(std::chrono::hours(24 * 7));
  auto catalogue = open_catalogue(arguments, context);
  EBB_TRY(const auto series, load_series(arguments, catalogue));
  if (series.size() != 1) return base::usage_error("one --zone or one --series: the cluster stands in one place");
  slurm::SystemCommands commands(context.environment, context.clock);
  slurm::Cluster cluster(commands);
  EBB_TRY(const auto queued, cluster.queue());
  EBB_TRY(const auto past, history(cluster, from, to));
  auto trace = simulate::trace_of(past);
  if (trace.jobs.empty()) {
    return base::no_data(fmt::format("no job began and ended between {} and {}: --back 30d looks back further",
                                     time::text_of(from), time::text_of(to)));
  }
  const auto peak = simulate::peak_of(trace);
  auto& setup = choice.setup;
  setup.zero = trace.zero.value_or(time::Instant{});
  setup.from_real_start = true;
  setup.trace_deadlines = false;
  // As large as it was seen to be, unless somebody knows better.
  if (setup.gpus == 0) setup.gpus = peak.gpus;
  if (setup.cpus == 0.0) setup.cpus = peak.cpus;
  EBB_TRY(const auto outcomes, simulate_all(trace, series.front(), choice));
  auto report = simulation_report(outcomes, "starting when they really did", trace);
  const auto present = present_of(queued);
  if (arguments.has("--json")) {
    auto json = simulation_json(report, series.front(), choice);
    json["from"] = time::text_of(from);
    json["to"] = time::text_of(to);
    json["now"] = {{"waiting", present.waiting}, {"running", present.running}, {"paused", present.paused}};
    context.out(report::dump(json, 1) + "\n");
    return 0;
  }
  print_warnings(report.warnings, arguments, context);
  context.out(simulation_text(report, series.front(), choice));
  context.out(fmt::format("From {} to {}. Now {} jobs wait, {} run, {} are paused; nothing was touched.\n",
                          time::text_of(from), time::text_of(to), present.waiting, present.running, present.paused));
  return 0;
}

std::vector<Option> options() {
  std::vector<Option> all{{"--slurm", "", "the Slurm that this machine's squeue and sacct ask"},
                          {"--back", "D", "how far to look back; default 7d"}};
  for (const auto& option : simulation_options()) all.push_back(option);
  return all;
}

}  // namespace

const Command& shadow_command() {
  static const Command command{
      "shadow",
      "what holding and pausing a cluster's jobs would have saved, delayed and missed",
      "Reads a Slurm's queue and its history (squeue, sacct) and touches nothing. Each job that ran is taken at the "
      "moment it really began, and put through ebb's queue: with how much less it would have emitted had it been held "
      "or paused, how much later it would have ended, and which jobs would have come out dirtier. Without --gpus and "
      "--cpus the cluster is as large as it was seen to be.",
      options(),
      {"ebb shadow --slurm --zone DE", "ebb shadow --slurm --zone US-CAL-CISO --back 30d --slack 12h --json"},
      run_shadow,
      false};
  return command;
}

}  // namespace ebb::cli
