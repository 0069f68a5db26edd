#include "slurm/submission.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"

namespace ebb::slurm {
namespace {

/// Options of sbatch that would take away what finds, starts or ends the job.
constexpr std::array<std::string_view, 21> kRefused{
    "array",        "chdir",     "clusters", "comment",    "error",   "export",   "export-file",
    "get-user-env", "gid",       "help",     "ignore-pbs", "input",   "job-name", "output",
    "parsable",     "test-only", "uid",      "usage",      "version", "wait",     "wrap"};

/// The environment's variables that Slurm makes for each job and step anew.
bool is_slurms_own(std::string_view name) {
  for (const std::string_view prefix :
       {"SLURM_", "SLURMD_", "SBATCH_", "SQUEUE_", "SACCT_", "SCANCEL_", "SRUN_", "PMI_", "PMIX_", "EBB_RUN_"}) {
    if (name.starts_with(prefix)) return true;
  }
  return false;
}
bool is_board_choice(std::string_view name) {
  return name == "CUDA_VISIBLE_DEVICES" || name == "ROCR_VISIBLE_DEVICES" || name == "HIP_VISIBLE_DEVICES" ||
         name == "ZE_AFFINITY_MASK" || name == "GPU_DEVICE_ORDINAL";
}

bool is_identifier(std::string_view name) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::all_of(name.begin(), name.end(), is_word);
}

/// What the shell keeps for itself and would refuse to be set.
bool is_read_only(std::string_view name) {
  return name == "_" || name == "PPID" || name == "UID" || name == "EUID" || name == "GID" || name == "IFS" ||
         name == "OPTIND" || name == "PS4" || name == "SHELLOPTS" || name == "BASHOPTS" || name == "BASH_VERSINFO" ||
         name == "LINENO" || name == "ebb_nl";
}

base::Status check_engine_option(const std::string& word) {
  const std::string_view text = word;
  const auto name = text.substr(0, text.find('=')).substr(std::min<std::size_t>(2, text.size()));
  if (!text.starts_with("--") || name.empty()) {
    return base::usage_error(fmt::format(
        "{} is no option of sbatch in its long form: write --partition=main, in one word", base::in_quotes(text)));
  }
  // getopt takes what is shortened, too.
  const auto hit = std::find_if(kRefused.begin(), kRefused.end(),
                                [&](std::string_view refused) { return refused.starts_with(name); });
  if (hit == kRefused.end()) return base::Done{};
  return base::usage_error(fmt::format("{}: ebb sets --{} of sbatch itself, or could not find the job again with it",
                                       base::in_quotes(text), *hit));
}

/// The pattern signs of Slurm's file names as themselves.
std::string output_pattern(const std::string& path) {
  std::string pattern;
  for (const char c : path) pattern += c == '%' ? std::string("%%") : std::string(1, c);
  return pattern;
}

std::vector<std::string> command_of(const exec::Task& task, const std::string& ebb) {
  if (ebb.empty()) return task.argv;
  std::vector<std::string> words{ebb, "run"};
  const bool named = std::any_of(task.run_options.begin(), task.run_options.end(),
                                 [](const auto& word) { return word == "--run-id" || word.starts_with("--run-id="); });
  if (!named) words.push_back("--run-id=" + run_id_of(task.id, task.attempt));
  words.insert(words.end(), task.run_options.begin(), task.run_options.end());
  words.emplace_back("--");
  words.insert(words.end(), task.argv.begin(), task.argv.end());
  return words;
}

base::Status check(const exec::Task& task) {
  const auto refuse_nul = [](std::string_view what, std::string_view text) -> base::Status {
    if (text.find('\0') == std::string_view::npos) return base::Done{};
    return base::usage_error(fmt::format("{} has a NUL byte in it", what));
  };
  if (task.argv.empty() || task.argv.front().empty()) return base::usage_error("there is no command to run");
  if (task.argv.front().front() == '-') {
    return base::usage_error(fmt::format("the command {} begins with '-'", base::in_quotes(task.argv.front())));
  }
  for (const auto& word : task.argv) EBB_TRY_DO(refuse_nul("the command", word));
  for (const auto& variable : task.environment) EBB_TRY_DO(refuse_nul("the environment", variable));
  EBB_TRY_DO(refuse_nul("the folder", task.folder));
  EBB_TRY_DO(refuse_nul("the output's path", task.output));
  if (task.output.find('\\') != std::string::npos || task.output.find('\n') != std::string::npos) {
    return base::usage_error(fmt::format("Slurm cannot write to {}: no backslash and no line end in an output's path",
                                         base::in_quotes(task.output)));
  }
  if (!task.checkpoint_command.empty()) {
    return base::usage_error(
        "a command that asks for a checkpoint cannot be run beside a Slurm job: let the job take a signal for it");
  }
  for (const auto& option : task.engine_options) EBB_TRY_DO(check_engine_option(option));
  return base::Done{};
}

bool has_option(const exec::Task& task, std::string_view name) {
  return std::any_of(task.engine_options.begin(), task.engine_options.end(),
                     [&](const auto& word) { return word == name || word.starts_with(std::string(name) + "="); });
}

std::int64_t unix_seconds(time::Instant moment) {
  return std::chrono::ceil<std::chrono::seconds>(moment.time_since_epoch()).count();
}

}  // namespace

std::string tag_of(const std::string& id, int attempt) { return fmt::format("ebb:{}:{}", id, attempt); }

std::string run_id_of(const std::string& id, int attempt) { return fmt::format("{}-{}", id, attempt); }

std::string shell_word(std::string_view text) {
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else if (c == '\n') {
      word += "'\"$ebb_nl\"'";
    } else {
      word += c;
    }
  }
  return word + "'";
}

std::string script_of(const exec::Task& task, const std::string& ebb) {
  std::string script =
      "#!/bin/sh\nebb_nl='\n'\nunset HOME USER LOGNAME LD_LIBRARY_PATH TZ LC_ALL "
      "SLURM_TIME_FORMAT SLURM_BITSTR_LEN\n";
  std::string odd;  // names that no shell can export
  for (const auto& variable : task.environment) {
    const auto equals = variable.find('=');
    const auto name = std::string_view(variable).substr(0, equals);
    if (equals == std::string::npos || is_slurms_own(name)) continue;
    if (task.resources.gpus > 0 && is_board_choice(name)) continue;
    if (is_read_only(name)) continue;
    if (is_identifier(name)) {
      script += fmt::format("export {}={}\n", name, shell_word(std::string_view(variable).substr(equals + 1)));
    } else if (!name.empty()) {
      odd += " " + shell_word(variable);
    }
  }
  if (!task.folder.empty()) {
    // Slurm itself goes on in /tmp where there is no such folder.
    script += fmt::format("cd {} || exit 125\n", shell_word(task.folder));
  }
  const auto command = command_of(task, ebb);
  // env(1) would take such a program for one more variable.
  const bool by_env = !odd.empty() && command.front().find('=') == std::string::npos;
  script += by_env ? "exec /usr/bin/env" + odd : "exec";
  for (const auto& word : command) script += " " + shell_word(word);
  return script + "\n";
}

base::Expected<Call> submission_of(const exec::Task& task, const std::string& ebb) {
  if (const auto fine = check(task); !fine) return fine.error().in("job " + task.id);
  Call call;
  call.argv = {"sbatch"};
  const auto add = [&](std::string word) { call.argv.push_back(std::move(word)); };
  if (task.resources.cpus > 0.0)
    add(fmt::format("--cpus-per-task={}", static_cast<long>(std::ceil(task.resources.cpus))));
  if (task.resources.gpus > 0) add(fmt::format("--gres=gpu:{}", task.resources.gpus));
  if (task.resources.memory_bytes > 0) add(fmt::format("--mem={}M", (task.resources.memory_bytes + 1048575) / 1048576));
  if (!has_option(task, "--requeue")) add("--no-requeue");
  // Should Slurm take one twice, when an answer was lost, then never two at once.
  if (!has_option(task, "--dependency")) add("--dependency=singleton");
  for (const auto& option : task.engine_options) add(option);
  // Ours after the user's, as the last one counts; the first of them also ends an option that lacks its value.
  add("--open-mode=append");
  add("--parsable");
  add("--job-name=" + tag_of(task.id, task.attempt));
  add("--comment=" + on_one_line(task.name));
  add("--export=ALL");
  add("--chdir=/");
  add("--input=/dev/null");
  add("--output=" + (task.output.empty() ? "/dev/null" : output_pattern(task.output)));
  if (task.not_before) add(fmt::format("--begin=uts{}", unix_seconds(*task.not_before)));
  call.input = script_of(task, ebb);
  call.person = Person{task.uid, task.gid};
  return call;
}

}  // namespace ebb::slurm
