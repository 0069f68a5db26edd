#include "cli/run_by_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "cli/common.h"
#include "cli/measured_run.h"
#include "cli/plan_control.h"
#include "cli/plan_terminal.h"
#include "cli/plan_wish.h"
#include "cli/run_summary.h"
#include "exec/ranks.h"
#include "outlook/outlook.h"
#include "queue/settle.h"
#include "report/run_lines.h"
#include "report/run_words.h"
#include "time/text.h"
#include "units/format.h"

namespace ebb::cli {
namespace {

using report::Json;

constexpr auto kLongestHorizon = std::chrono::hours(24 * 8);

/// For --quiet.
class NoDisplay final : public PlanDisplay {
 public:
  void show(const PlanNews& /*news*/, bool /*changed*/, time::Instant /*now*/) override {}
};

std::unique_ptr<PlanDisplay> open_display(const Arguments& arguments, const Context& context) {
  if (arguments.has("--quiet")) return std::make_unique<NoDisplay>();
  if (auto terminal = PlanTerminal::open(context)) return terminal;
  return std::make_unique<PlanLines>(context);
}

base::Expected<outlook::Wish> outlook_wish(const Arguments& arguments, const WantedRun& wanted, const PlanWish& wish) {
  outlook::Wish out;
  out.zone = wanted.pricing.value("zone", "");
  if (out.zone.empty()) {
    return base::usage_error("by what grid is it to be planned? --zone Z (or $EBB_ZONE); ebb grid list shows them");
  }
  EBB_TRY(out.kind, signal_option(arguments));
  out.horizon =
      std::clamp<time::Duration>(wish.deadline - wish.submitted + std::chrono::hours(1), out.horizon, kLongestHorizon);
  return out;
}

/// The run as the queue would have it, to be settled as a job of the queue is.
std::optional<queue::Saved> settle(grid::Catalogue& catalogue, const outlook::Wish& zone, const PlanControl& control,
                                   const measure::Outcome& outcome, time::Instant ended) {
  queue::Job job;
  const auto& wish = control.wish();
  job.what.strategy = wish.strategy();
  job.what.deadline = wish.deadline;
  job.what.power = wish.power;
  job.what.costs = wish.costs;
  job.submitted = wish.submitted;
  job.runs = control.runs(ended);
  job.ended = ended;
  job.seen.energy = outcome.standing.energy;
  const auto actual = outlook::look_back(catalogue, zone, queue::settling_window(job));
  if (!actual || !*actual) return std::nullopt;
  return queue::settle(job, **actual);
}

Json promise_json(const PlanControl& control) {
  const auto& promise = control.promise();
  if (!promise || !promise->planned || !promise->at_once) return nullptr;
  const double planned = units::in_grams(*promise->planned);
  const double at_once = units::in_grams(*promise->at_once);
  Json out{{"planned_g", planned}, {"at_once_g", at_once}, {"less_g", at_once - planned}, {"less_90_g", nullptr}};
  if (const auto& range = promise->saving_90) {
    out["less_90_g"] = {units::in_grams(range->first), units::in_grams(range->second)};
  }
  return out;
}

Json plan_json(const PlanControl& control, const std::optional<queue::Saved>& saved, time::Instant ended) {
  const auto& wish = control.wish();
  const auto runs = control.runs(ended);
  time::Duration ran{0};
  Json intervals = Json::array();
  for (const auto& run : runs) {
    ran += run.length();
    intervals.push_back({{"begin", time::text_of(run.begin)}, {"end", time::text_of(run.end)}});
  }
  Json realised = nullptr;
  if (saved) {
    realised = {{"emissions_g", saved->realised_g},
                {"at_once_g", saved->at_once_g},
                {"less_g", saved->at_once_g - saved->realised_g},
                {"best_possible_g", saved->best_g},
                {"best_possible_less_g", saved->at_once_g - saved->best_g},
                {"source", saved->source}};
  }
  return {{"submitted", time::text_of(wish.submitted)},
          {"deadline", time::text_of(wish.deadline)},
          {"kept_deadline", ended <= wish.deadline},
          {"pausable", exec::name_of(wish.pausable)},
          {"duration_seconds", time::in_seconds(wish.duration)},
          {"duration_from", wish.duration_from},
          {"margin_seconds", time::in_seconds(wish.margin)},
          {"power_w", units::in_watts(wish.power)},
          {"power_from", wish.power_from},
          {"foreseen_by", control.foreseen_by().empty() ? Json(nullptr) : Json(control.foreseen_by())},
          {"promised", promise_json(control)},
          {"realised", realised},
          {"runs", intervals},
          {"ran_seconds", time::in_seconds(ran)},
          {"delay_seconds", time::in_seconds(ended - wish.submitted - ran)},
          {"overruled", control.was_overruled()}};
}

/// What it came to, for the summary. Only differences of marginal intensity are savings (law 5).
std::string plan_line(const PlanControl& control, const std::optional<queue::Saved>& saved, time::Instant ended,
                      bool marginal) {
  const std::string_view word = marginal ? "saved" : "less (allocated)";
  const auto grams = [](double value) { return units::text_of(units::grams(value)); };
  std::string out;
  const auto& promise = control.promise();
  if (promise && promise->planned && promise->at_once) {
    const auto less = *promise->at_once - *promise->planned;
    out += fmt::format("promised {} {} of {} ({})", units::text_of(less), word, units::text_of(*promise->at_once),
                       control.foreseen_by());
  } else {
    out += "nothing was foreseen, nothing promised";
  }
  if (saved) {
    out += fmt::format("; realised {}, best possible {}", grams(saved->at_once_g - saved->realised_g),
                       grams(saved->at_once_g - saved->best_g));
  } else {
    out += "; realised: not known before the grid's figures are in the store to the deadline";
  }
  time::Duration ran{0};
  for (const auto& run : control.runs(ended)) ran += run.length();
  const auto held = ended - control.wish().submitted - ran;
  out += held < std::chrono::seconds(1) ? "; not held at all"
                                        : fmt::format("; {} later than at once", report::length_text(held));
  if (ended > control.wish().deadline) {
    out += fmt::format("; its deadline missed by {}", report::length_text(ended - control.wish().deadline));
  }
  report::LabelledLines lines("     ", 9, false);
  lines.add("by plan", out);
  return lines.text();
}

}  // namespace

base::Expected<int> run_by_plan(const Arguments& arguments, const Context& context) {
  if (arguments.has("--attach"))
    return base::usage_error("--attach measures what runs already: there is no plan to it");
  if (exec::find_rank_place(context.host.environment, context.host_name).job) {
    return base::usage_error(
        "--deadline and --slack are not for one rank of a parallel run: the others would not wait with it; put ebb run "
        "before srun or mpirun");
  }
  EBB_TRY(auto wanted, wanted_run(arguments, context));
  EBB_TRY(auto wish, plan_wish(arguments, context, base::shell_text(wanted.request.command)));
  EBB_TRY(const auto zone, outlook_wish(arguments, wanted, wish));
  auto catalogue = open_catalogue(arguments, context);
  std::shared_ptr<const policy::Outlook> latest;
  const auto foresee = [&](time::Instant now) -> base::Expected<std::shared_ptr<const policy::Outlook>> {
    EBB_TRY(auto ahead, outlook::look_ahead(catalogue, zone, now));
    if (ahead) latest = std::make_shared<const policy::Outlook>(*std::move(ahead));
    return latest;
  };
  // A zone that is none is told before anything waits for it.
  if (const auto first = foresee(context.clock.now()); !first) return first.error();
  auto display = open_display(arguments, context);
  PlanControl control(
      wish,
      [&](time::Instant now) {
        const auto seen = foresee(now);
        return seen ? *seen : latest;
      },
      context.clock, *display);
  wanted.request.control = &control;
  const auto outcome = measure::measure(wanted.request, world_of(context));
  // The terminal is as it was before anything else is said.
  display.reset();
  if (!outcome) return outcome.error();
  if (outcome->threads_left && context.leave_threads) context.leave_threads();
  if (!outcome->started) {
    context.err("ebb run: given up before its start\n");
    return outcome->exit_code;
  }
  const auto ended = context.clock.now();
  const auto saved = settle(catalogue, zone, control, *outcome, ended);
  const bool marginal = latest && latest->mean.signal().kind == series::SignalKind::kMarginal;
  const auto told = report_run(*outcome, wanted, arguments, context,
                               {plan_json(control, saved, ended), plan_line(control, saved, ended, marginal)});
  if (!told) context.err(fmt::format("ebb run: {}; the trace is in {}\n", told.error().message, outcome->folder));
  return outcome->exit_code;
}

}  // namespace ebb::cli
