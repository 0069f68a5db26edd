#include "cli/plan_wish.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "base/text.h"
#include "cli/common.h"
#include "cli/cost_options.h"
#include "cli/ledger_rows.h"
#include "study/study.h"
#include "time/text.h"
#include "units/parse.h"

namespace ebb::cli {
namespace {

constexpr std::size_t kEarlierRuns = 20;
// A command that takes as long as was said still has its start and its end.
constexpr double kMarginOfGiven = 0.01;
constexpr double kMarginOfOneRun = 0.10;
// The choice of the time does not depend on it, only the grams that are said.
constexpr double kAssumedWatts = 100.0;

const std::vector<std::pair<std::string_view, int>> kSignals{{"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"TERM", SIGTERM},
                                                             {"INT", SIGINT},   {"HUP", SIGHUP},   {"CONT", SIGCONT}};

/// Newest first; none where there is no ledger yet.
std::vector<ledger::PastRun> earlier_runs(const Arguments& arguments, const Context& context,
                                          const std::string& command) {
  const auto folder = data_folder(arguments, context);
  std::error_code none;
  if (!folder || !std::filesystem::exists(*folder + "/ledger.db", none)) return {};
  auto ledger = open_ledger(*folder);
  if (!ledger) return {};
  auto runs = ledger->history(command, kEarlierRuns);
  return runs ? *std::move(runs) : std::vector<ledger::PastRun>{};
}

std::string rounded(time::Duration length) {
  const auto whole = length < std::chrono::minutes(10)
                         ? std::chrono::round<std::chrono::seconds>(length)
                         : std::chrono::seconds(std::chrono::round<std::chrono::minutes>(length));
  return time::text_of(std::max<time::Duration>(whole, std::chrono::seconds(1)));
}

base::Status take_length(const Arguments& arguments, const std::vector<ledger::PastRun>& earlier, PlanWish& wish) {
  EBB_TRY(const auto given, duration_option(arguments, "--duration"));
  if (given && *given <= time::Duration{0}) return base::usage_error("--duration: a command runs longer than 0 s");
  std::vector<time::Duration> lengths;
  lengths.reserve(earlier.size());
  for (const auto& run : earlier) lengths.push_back(run.duration);
  std::sort(lengths.begin(), lengths.end());
  if (given) {
    wish.duration = *given;
    wish.duration_from = "as given";
    wish.margin = time::from_seconds(kMarginOfGiven * time::in_seconds(*given));
  } else if (!lengths.empty()) {
    wish.duration = std::max<time::Duration>(lengths[lengths.size() / 2], std::chrono::milliseconds(1));
    const auto least = time::from_seconds(kMarginOfOneRun * time::in_seconds(wish.duration));
    wish.margin = std::max(lengths.back() - wish.duration, least);
    wish.duration_from = lengths.size() == 1 ? fmt::format("an earlier run of this command: {}", rounded(lengths[0]))
                                             : fmt::format("{} earlier runs of this command: {} to {}", lengths.size(),
                                                           rounded(lengths.front()), rounded(lengths.back()));
  } else {
    return base::usage_error(
        "how long does it run? --duration D (there is no earlier run of this command in the ledger)");
  }
  const auto margin = arguments.get("--margin");
  if (!margin) return base::Done{};
  const auto parsed = study::parse_slack(*margin);
  if (!parsed) return in_option(parsed.error(), "--margin");
  wish.margin = parsed->of(wish.duration);
  return base::Done{};
}

base::Status take_power(const Arguments& arguments, const std::vector<ledger::PastRun>& earlier, PlanWish& wish) {
  double joules = 0.0;
  double seconds = 0.0;
  for (const auto& run : earlier) {
    joules += units::in_joules(run.energy);
    seconds += time::in_seconds(run.duration);
  }
  if (const auto given = arguments.get("--power")) {
    const auto parsed = units::parse_power(*given);
    if (!parsed) return in_option(parsed.error(), "--power");
    wish.power = *parsed;
    wish.power_from = "as given";
  } else if (joules > 0.0 && seconds > 0.0) {
    wish.power = units::watts(joules / seconds);
    wish.power_from = "earlier runs of this command";
  } else {
    wish.power = units::watts(kAssumedWatts);
    wish.power_from = "assumed";
  }
  return base::Done{};
}

base::Status take_deadline(const Arguments& arguments, const Context& context, PlanWish& wish) {
  EBB_TRY(const auto deadline, time_option(arguments, "--deadline", context.clock));
  const auto slack = arguments.get("--slack");
  if (slack && deadline) return base::usage_error("--slack and --deadline say the same thing: give one");
  if (slack) {
    const auto parsed = study::parse_slack(*slack);
    if (!parsed) return in_option(parsed.error(), "--slack");
    wish.deadline = wish.submitted + wish.duration + parsed->of(wish.duration);
    // Its own slack is what there is: no margin can take more than that.
    if (!arguments.has("--margin")) wish.margin = std::min(wish.margin, parsed->of(wish.duration));
    return base::Done{};
  }
  wish.deadline = *deadline;
  if (wish.submitted + wish.duration <= wish.deadline) return base::Done{};
  return base::infeasible(
      fmt::format("the deadline {} is too early: a command of {} ({}) that starts now ends at {}",
                  time::text_of(wish.deadline), rounded(wish.duration), wish.duration_from,
                  time::text_of(std::chrono::ceil<std::chrono::seconds>(wish.submitted + wish.duration))));
}

base::Status take_pausing(const Arguments& arguments, PlanWish& wish) {
  if (const auto way = arguments.get("--pausable")) {
    const auto parsed = exec::parse_pausable(*way);
    if (!parsed) {
      return base::usage_error(fmt::format("--pausable: {} is none of no, freeze, checkpoint", base::in_quotes(*way)));
    }
    wish.pausable = *parsed;
  }
  if (const auto command = arguments.get("--checkpoint-command")) {
    wish.checkpoint_command = {"/bin/sh", "-c", *command};
  }
  if (const auto name = arguments.get("--checkpoint-signal")) {
    auto bare = std::string_view(*name);
    if (bare.starts_with("SIG")) bare.remove_prefix(3);
    const auto known =
        std::find_if(kSignals.begin(), kSignals.end(), [&](const auto& one) { return one.first == bare; });
    if (known == kSignals.end()) {
      return base::usage_error(
          fmt::format("--checkpoint-signal: {} is none of USR1, USR2, TERM, INT, HUP, CONT", base::in_quotes(*name)));
    }
    wish.checkpoint_signal = known->second;
  }
  EBB_TRY(const auto grace, duration_option(arguments, "--grace"));
  if (grace) wish.grace = *grace;
  EBB_TRY(wish.costs, costs_of(arguments));
  EBB_TRY(const auto least, least_saving_of(arguments));
  if (least.fraction) wish.policy.min_saving_fraction = *least.fraction;
  if (least.grams) {
    wish.policy.min_saving = least.grams;
    wish.policy.min_saving_fraction = 0.0;
  }
  return base::Done{};
}

}  // namespace

const std::vector<Option>& plan_wish_options() {
  static const std::vector<Option> options{
      {"--deadline", "TIME", "run it by plan: when it must have ended, RFC 3339 with a zone"},
      {"--slack", "S", "run it by plan: how much longer than its running time it may take: 6h, 50%"},
      {"--duration", "D", "its running time; default: of earlier runs of this command"},
      {"--margin", "S", "kept free before the deadline: 10m, 5%; default by how much earlier runs differ"},
      {"--power", "W", "its mean power, for the grams that are promised; default: of earlier runs"},
      {"--pausable", "WAY", "no (default: only its start is chosen), freeze, checkpoint"},
      {"--checkpoint-signal", "SIG", "that makes it write a checkpoint and end; default USR1"},
      {"--checkpoint-command", "CMD", "a shell command that makes it do so, instead; $EBB_JOB_PID is the job"},
      {"--grace", "D", "for writing a checkpoint; default 5m"},
      {"--pause-power", "W", "drawn while paused"},
      {"--pause-energy", "J", "charged once per pause, at the resume"},
      {"--pause-time", "D", "extra running time after each resume"},
      {"--min-run", "D", "shortest run between pauses"},
      {"--min-pause", "D", "shortest pause"},
      {"--max-pauses", "K", "at most K pauses"},
      {"--min-saving", "S", "run at once when less than this is saved: 5%, 100g; default 1%"},
  };
  return options;
}

base::Expected<bool> wants_plan(const Arguments& arguments) {
  const bool wants = arguments.has("--deadline") || arguments.has("--slack");
  for (const auto& option : plan_wish_options()) {
    if (!wants && arguments.has(option.name)) {
      return base::usage_error(
          fmt::format("{} is for a command that runs by plan: give --deadline or --slack", option.name));
    }
  }
  return wants;
}

base::Expected<PlanWish> plan_wish(const Arguments& arguments, const Context& context, const std::string& command) {
  PlanWish wish;
  wish.submitted = context.clock.now();
  const bool all_given = arguments.has("--duration") && arguments.has("--power");
  const auto earlier = all_given ? std::vector<ledger::PastRun>{} : earlier_runs(arguments, context, command);
  EBB_TRY_DO(take_length(arguments, earlier, wish));
  EBB_TRY_DO(take_power(arguments, earlier, wish));
  EBB_TRY_DO(take_pausing(arguments, wish));
  EBB_TRY_DO(take_deadline(arguments, context, wish));
  return wish;
}

}  // namespace ebb::cli
