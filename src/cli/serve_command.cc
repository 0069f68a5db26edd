#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "cli/common.h"
#include "cli/queue_client.h"
#include "serve/daemon.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

base::Expected<queue::Limits> limits_of(const Arguments& arguments) {
  queue::Limits limits;
  const auto whole = [&](const char* option, double otherwise) -> base::Expected<double> {
    EBB_TRY(const auto number, number_option(arguments, option, 0.0, 1e6));
    if (number && *number != std::floor(*number)) {
      return base::usage_error(fmt::format("{}: a whole number is needed", option));
    }
    return number.value_or(otherwise);
  };
  EBB_TRY(const double gpus, whole("--gpus", 0.0));
  limits.gpus = static_cast<int>(gpus);
  limits.hands_out_boards = true;
  EBB_TRY(const double jobs, whole("--jobs", std::max(1.0, gpus)));
  limits.jobs = static_cast<std::size_t>(jobs);
  EBB_TRY(const auto cpus, number_option(arguments, "--cpus", 0.0, 1e6));
  limits.cpus = cpus.value_or(0.0);
  EBB_TRY(const auto memory, number_option(arguments, "--memory-gb", 0.0, 1e6));
  limits.memory_bytes = static_cast<std::uint64_t>(memory.value_or(0.0) * 1e9);
  EBB_TRY(const double starts, whole("--most-starts", 0.0));
  limits.starts_per_slot = static_cast<std::size_t>(starts);
  return limits;
}

base::Expected<int> run_serve(const Arguments& arguments, const Context& context) {
  serve::DaemonOptions options;
  EBB_TRY(options.folder, queue_folder(arguments, context));
  options.folder = std::filesystem::absolute(options.folder).lexically_normal().string();
  options.for_everybody = arguments.has("--everybody");
  EBB_TRY(options.limits, limits_of(arguments));
  options.program = {context.program, "keep"};
  options.random = context.random;
  const bool quiet = arguments.has("--quiet");
  options.say = [&](const std::string& line) {
    if (!quiet) context.err(fmt::format("{} {}\n", time::text_of(now_of(context.clock)), line));
  };
  EBB_TRY_DO(serve::serve(options, open_catalogue(arguments, context), context.clock));
  return 0;
}

}  // namespace

const Command& serve_command() {
  static const Command command{
      "serve",
      "the daemon: runs submitted jobs by plan",
      "Keeps the queue and runs its jobs when the grid is clean, within their deadlines and the limits given here, "
      "until "
      "TERM or Ctrl-C. Every job has a keeper process of its own: jobs go on when the daemon ends or is killed, and "
      "the next "
      "one finds them. What it foresees comes from this machine alone (ebb grid fetch, ebb grid import).",
      {{"--jobs", "N", "jobs at once; default the number of GPUs, at least 1; 0: no limit"},
       {"--gpus", "N", "GPUs that are handed out (CUDA_VISIBLE_DEVICES); default 0"},
       {"--cpus", "N", "CPUs in all, of jobs that say what they need; default no limit"},
       {"--memory-gb", "N", "memory in all, of jobs that say what they need; default no limit"},
       {"--most-starts", "N",
        "at most N starts within 5 minutes, but of jobs whose deadline forces them; default no limit"},
       {"--everybody", "", "root's: every user may submit; his jobs run as he"},
       option_rows::kQueue,
       option_rows::kGridData},
      {"ebb serve --jobs 2", "ebb serve --everybody --queue /var/lib/ebb --gpus 8"},
      run_serve,
      false};
  return command;
}

}  // namespace ebb::cli
