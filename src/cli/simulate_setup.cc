#include "cli/simulate_setup.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "base/text.h"
#include "cli/common.h"
#include "cli/cost_options.h"
#include "study/parallel.h"
#include "units/parse.h"

namespace ebb::cli {
namespace {

using simulate::Policy;

base::Status read_powers(const Arguments& arguments, simulate::Setup& setup) {
  for (const auto& [option, power] :
       {std::pair{"--gpu-power", &setup.gpu_power}, std::pair{"--cpu-power", &setup.cpu_power}}) {
    const auto text = arguments.get(option);
    if (!text) continue;
    const auto parsed = units::parse_power(*text);
    if (!parsed) return in_option(parsed.error(), option);
    *power = *parsed;
  }
  return base::Done{};
}

base::Status read_cluster(const Arguments& arguments, simulate::Setup& setup) {
  EBB_TRY(const auto gpus, number_option(arguments, "--gpus", 0.0, 1e6));
  if (gpus && *gpus != std::floor(*gpus)) return base::usage_error("--gpus: a whole number is needed");
  setup.gpus = static_cast<int>(gpus.value_or(0.0));
  EBB_TRY(const auto cpus, number_option(arguments, "--cpus", 0.0, 1e9));
  setup.cpus = cpus.value_or(0.0);
  return base::Done{};
}

base::Status read_policies(const Arguments& arguments, std::vector<Policy>& policies) {
  if (!arguments.has("--policies")) {
    policies = {Policy::kFlexibleStart, Policy::kPauseResume, Policy::kWaitingHour};
    return base::Done{};
  }
  for (const auto& name : arguments.all("--policies", true)) {
    const auto policy = simulate::parse_policy(name);
    if (!policy) {
      return base::usage_error(fmt::format(
          "--policies: {} is none of at-once, flexible-start, pause-resume, waiting-hour", base::in_quotes(name)));
    }
    if (*policy != Policy::kAtOnce) policies.push_back(*policy);
  }
  return base::Done{};
}

}  // namespace

std::vector<Option> simulation_options() {
  return {option_rows::kSeries,
          option_rows::kZone,
          option_rows::kSignal,
          {"--policies", "P,...", "flexible-start, pause-resume, waiting-hour; default all, beside at-once", true},
          {"--slack", "D", "how much later than at once a job without a deadline may end; default 24h"},
          {"--gpus", "N", "GPUs of the cluster; default no limit"},
          {"--cpus", "N", "CPUs of the cluster; default no limit"},
          {"--gpu-power", "W", "of a GPU that works, its share of the machine included; default 300W"},
          {"--cpu-power", "W", "of a CPU of a job without GPUs; default 10W"},
          {"--foresight", "HOW", "perfect (default) or yesterday: each hour as a day before"},
          {"--length-error", "SHARE", "how wrong planned lengths are (one standard deviation, log-normal); default 0"},
          {"--seed", "N", "of those errors; default 1"},
          {"--pause-power", "W", "drawn by a job that is paused"},
          {"--pause-energy", "E", "per pause, for checkpoint and restart"},
          {"--pause-time", "D", "extra running time after each pause"},
          {"--min-run", "D", "shortest time between a start and a pause"},
          {"--min-pause", "D", "shortest pause"},
          {"--max-pauses", "K", "at most K pauses a job"},
          {"--price", "P", "of a kWh, in any currency: the output then says the cost"},
          option_rows::kGridData};
}

base::Expected<SimulationChoice> simulation_choice(const Arguments& arguments) {
  SimulationChoice choice;
  auto& setup = choice.setup;
  EBB_TRY_DO(read_powers(arguments, setup));
  EBB_TRY_DO(read_cluster(arguments, setup));
  EBB_TRY_DO(read_policies(arguments, choice.policies));
  EBB_TRY(setup.costs, costs_of(arguments));
  EBB_TRY(const auto slack, duration_option(arguments, "--slack"));
  setup.slack = slack.value_or(setup.slack);
  if (const auto how = arguments.get("--foresight")) {
    const auto knowledge = simulate::parse_knowledge(*how);
    if (!knowledge) {
      return base::usage_error(fmt::format("--foresight: {} is neither perfect nor yesterday", base::in_quotes(*how)));
    }
    setup.knowledge = *knowledge;
  }
  EBB_TRY(const auto error, share_option(arguments, "--length-error"));
  setup.length_error = error.value_or(0.0);
  EBB_TRY(const auto seed, number_option(arguments, "--seed", 0.0, 1e15));
  setup.seed = static_cast<std::uint64_t>(seed.value_or(1.0));
  EBB_TRY(choice.price_per_kwh, number_option(arguments, "--price", 0.0, 1e6));
  return choice;
}

base::Expected<std::vector<simulate::Outcome>> simulate_all(const simulate::JobTrace& trace, const series::Series& grid,
                                                            const SimulationChoice& choice) {
  std::vector<Policy> policies{Policy::kAtOnce};
  policies.insert(policies.end(), choice.policies.begin(), choice.policies.end());
  std::vector<std::optional<base::Expected<simulate::Outcome>>> found(policies.size());
  study::for_each_task(policies.size(), 0,
                       [&](std::size_t i) { found[i] = simulate::simulate(trace, grid, policies[i], choice.setup); });
  std::vector<simulate::Outcome> outcomes;
  for (auto& one : found) {
    EBB_TRY(auto outcome, std::move(*one));
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace ebb::cli
