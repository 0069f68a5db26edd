#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "base/text.h"
#include "cli/common.h"
#include "cli/measured_run.h"
#include "cli/plan_wish.h"
#include "cli/queue_client.h"
#include "queue/job.h"
#include "report/json.h"
#include "serve/desk.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

using report::Json;

// Of `ebb run`, what a job in a queue does not have.
constexpr std::array<std::string_view, 4> kNotQueued{"--attach", "--output", "--run-id", "--parent"};

bool is_queued(const Option& option) {
  return std::find(kNotQueued.begin(), kNotQueued.end(), option.name) == kNotQueued.end();
}

/// The options that its run is measured and priced by, as words again; files by their full names.
std::vector<std::string> run_options(const Arguments& arguments) {
  std::vector<std::string> words;
  const auto add = [&](const Option& option) {
    for (auto value : arguments.all(option.name)) {
      words.emplace_back(option.name);
      if (option.value.empty()) return;
      const bool path = option.value == "FILE" || option.value == "DIR";
      if (path) value = std::filesystem::absolute(value).string();
      words.push_back(std::move(value));
    }
    if (option.value.empty() && arguments.has(option.name)) words.emplace_back(option.name);
  };
  for (const auto& option : measuring_options()) {
    if (is_queued(option)) add(option);
  }
  add({"--data-dir", "DIR", ""});
  return words;
}

base::Status take_resources(const Arguments& arguments, exec::Resources& resources) {
  EBB_TRY(const auto cpus, number_option(arguments, "--cpus", 0.0, 1e6));
  resources.cpus = cpus.value_or(0.0);
  EBB_TRY(const auto memory, number_option(arguments, "--memory-gb", 0.0, 1e6));
  resources.memory_bytes = static_cast<std::uint64_t>(memory.value_or(0.0) * 1e9);
  EBB_TRY(const auto gpus, number_option(arguments, "--gpus", 0.0, 1e4));
  if (gpus && *gpus != std::floor(*gpus)) return base::usage_error("--gpus: a whole number is needed");
  resources.gpus = static_cast<int>(gpus.value_or(0.0));
  return base::Done{};
}

base::Expected<queue::Submission> submission_of(const Arguments& arguments, const Context& context) {
  // Every option is looked at here, where its user sees what is wrong with it.
  EBB_TRY(const auto wanted, wanted_run(arguments, context));
  queue::Submission what;
  auto& task = what.task;
  task.id = "new";
  task.argv = wanted.request.command;
  task.name = arguments.get("--name").value_or(std::filesystem::path(task.argv.front()).filename().string());
  for (char** entry = environ; *entry != nullptr; ++entry) task.environment.emplace_back(*entry);
  std::error_code code;
  task.folder = std::filesystem::current_path(code).string();
  if (code) return base::service_error("the present folder: " + code.message());
  task.output = "/dev/null";
  task.run_options = run_options(arguments);
  EBB_TRY_DO(take_resources(arguments, task.resources));
  what.user = context.user;
  what.project = wanted.request.project;
  const auto zone = wanted.pricing.find("zone");
  if (zone != wanted.pricing.end() && zone->is_string()) what.zone = zone->get<std::string>();
  what.restartable = arguments.has("--restartable");
  EBB_TRY(const bool by_plan, wants_plan(arguments));
  if (!by_plan) return what;
  EBB_TRY(const auto wish, plan_wish(arguments, context, base::shell_text(task.argv)));
  what.strategy = wish.strategy();
  what.duration = wish.duration;
  what.duration_from = wish.duration_from;
  what.margin = wish.margin;
  what.power = wish.power;
  what.power_from = wish.power_from;
  what.deadline = wish.deadline;
  what.costs = wish.costs;
  task.pausable = wish.pausable;
  task.checkpoint_command = wish.checkpoint_command;
  task.checkpoint_signal = wish.checkpoint_signal;
  task.grace = wish.grace;
  return what;
}

std::string text_of(const Json& job) {
  std::string text = fmt::format("job {}: {}\n", text_in(job, "id"), text_in(job, "reason"));
  const auto& promise = job["promise"];
  if (promise.is_object() && promise["saving_g"].is_number()) {
    text += fmt::format("  promised: {:.4g} g instead of {:.4g} g at once, by {}\n", promise["planned_g"].get<double>(),
                        promise["at_once_g"].get<double>(), text_in(promise, "made_by"));
  }
  if (const auto next = text_in(job, "next_change"); !next.empty()) text += fmt::format("  next change: {}\n", next);
  return text;
}

base::Expected<int> run_submit(const Arguments& arguments, const Context& context) {
  EBB_TRY(const auto what, submission_of(arguments, context));
  const auto question = Json::parse(serve::submit_question(what, arguments.has("--hold")), nullptr, false);
  EBB_TRY(const auto answer, ask_queue(arguments, context, question));
  const auto& job = answer["job"];
  if (what.zone.empty() && what.deadline && !arguments.has("--quiet")) {
    context.err("warning: no --zone (or $EBB_ZONE): nothing is foreseen, the job runs at once\n");
  }
  if (arguments.has("--json")) {
    context.out(report::dump(job, 1) + "\n");
  } else if (arguments.has("--quiet")) {
    context.out(text_in(job, "id") + "\n");
  } else {
    context.out(text_of(job));
  }
  return 0;
}

std::vector<Option> submit_options() {
  std::vector<Option> options{
      {"--name", "TEXT", "what ebb jobs calls it; default the command's name"},
      {"--cpus", "N", "CPUs that it needs; counted where ebb serve has a limit"},
      {"--memory-gb", "N", "memory that it needs; counted where ebb serve has a limit"},
      {"--gpus", "N", "GPUs that it is handed out"},
      {"--hold", "", "waits until ebb release"},
      {"--restartable", "", "may be run again from its begin when the machine went down meanwhile"},
      option_rows::kQueue,
  };
  const auto& plan = plan_wish_options();
  options.insert(options.end(), plan.begin(), plan.end());
  for (const auto& option : measuring_options()) {
    if (is_queued(option)) options.push_back(option);
  }
  return options;
}

}  // namespace

const Command& submit_command() {
  static const Command command{"submit",
                               "hand a command to the queue, to run by plan",
                               "The daemon (ebb serve) runs it in this folder, with this environment, as this user: "
                               "when the grid is clean, in time for "
                               "its deadline. Its output is kept (ebb logs), its run is measured and filed as those of "
                               "ebb run. Without --deadline or "
                               "--slack it runs as soon as there is room. The environment is kept with the job until "
                               "it is gone from the queue's file, "
                               "which only its user can read.",
                               submit_options(),
                               {"ebb submit --slack 12h --duration 3h --zone DE -- python train.py",
                                "ebb submit --deadline 2026-12-01T06:00:00Z --pausable freeze --gpus 1 -- ./train.sh"},
                               run_submit,
                               false,
                               true};
  return command;
}

}  // namespace ebb::cli
