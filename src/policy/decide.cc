#include "policy/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "plan/solve.h"
#include "policy/objective.h"
#include "policy/reason.h"
#include "policy/rest.h"
#include "policy/saving_interval.h"
#include "policy/unforeseen.h"
#include "time/text.h"
#include "units/format.h"

namespace ebb::policy {
namespace {

using plan::Standing;
using plan::Strategy;

constexpr time::Duration kLongest = std::chrono::hours(24 * 36525);  // a hundred years

base::Status check(const Situation& situation, const Options& options) {
  const auto& costs = situation.costs;
  const auto none = time::Duration(0);
  if (situation.done < none || situation.margin < none) {
    return base::usage_error(fmt::format("a job that has done {} and keeps a margin of {}: neither can be below zero",
                                         time::text_of(situation.done), time::text_of(situation.margin)));
  }
  const bool lengths = costs.pause_time >= none && costs.min_run >= none && costs.min_pause >= none;
  const bool amounts = units::in_watts(costs.pause_power) >= 0.0 && units::in_joules(costs.pause_energy) >= 0.0;
  if (!lengths || !amounts || (costs.max_pauses && *costs.max_pauses < 0)) {
    return base::usage_error("what a pause costs cannot be below zero: pause power, pause energy, times, how many");
  }
  if (options.look_again <= none) return base::usage_error("look_again must be above zero");
  for (const auto length : {situation.margin, costs.pause_time, costs.min_run, costs.min_pause, options.look_again}) {
    if (length <= kLongest) continue;
    return base::usage_error(
        fmt::format("{} is beyond what a job's margin, restart, shortest run or pause can be", time::text_of(length)));
  }
  return base::Done{};
}

class Decider {
 public:
  Decider(const Situation& situation, const Outlook* outlook, time::Instant now, const Options& options)
      : situation_(situation), outlook_(outlook), now_(now), options_(options), rest_(situation, now) {}

  base::Expected<Decision> decide() {
    if (const auto forced = forced_to_run()) return *forced;
    if (waits_out_its_pause()) return plan_from(std::min(rest_.busy_until, rest_.latest));
    return plan_from(now_);
  }

 private:
  /// What must run, or may not pause, whatever is foreseen.
  std::optional<Decision> forced_to_run() {
    if (now_ + rest_.need() > situation_.deadline) {
      return run_on(Rule::kTooLate,
                    fmt::format("{} of running time are left, but only {} to the deadline", time::text_of(rest_.need()),
                                time::text_of(std::max(time::Duration(0), situation_.deadline - now_))));
    }
    if (rest_.latest <= now_) return run_on(Rule::kDeadline, deadline_words());
    if (situation_.standing != Standing::kRunning) return std::nullopt;
    if (!situation_.pausable) return run_on(Rule::kPlan, "it runs, and cannot be paused");
    if (rest_.pauses == 0) return run_on(Rule::kPlan, "it has had all of its pauses");
    if (rest_.latest - now_ <= situation_.costs.min_pause + situation_.costs.pause_time) {
      return run_on(Rule::kDeadline, deadline_words());
    }
    if (rest_.busy_until > now_) {
      return run_on(Rule::kStay,
                    fmt::format("its shortest run or its restart lasts until {}", time::text_of(rest_.busy_until)),
                    rest_.busy_until);
    }
    return std::nullopt;
  }
  [[nodiscard]] bool waits_out_its_pause() const {
    return situation_.standing == Standing::kPaused && rest_.busy_until > now_;
  }
  [[nodiscard]] std::string deadline_words() const {
    return fmt::format("no time is left to wait: it must end by {}{}", time::text_of(situation_.deadline),
                       situation_.margin.count() > 0
                           ? fmt::format(", {} kept free before", time::text_of(situation_.margin))
                           : std::string());
  }

  /// To the job's end, or until there is something to decide again; with its grams where they are foreseen.
  Decision run_on(Rule rule, const std::string& why, std::optional<time::Instant> until = std::nullopt) {
    Decision decision;
    decision.run = true;
    decision.rule = rule;
    decision.end = now_ + rest_.need();
    decision.look_again = until.value_or(*decision.end);
    price_straight_run(decision);
    decision.reason = reason_of(decision, situation_, outlook_, why);
    return decision;
  }
  void price_straight_run(Decision& decision) {
    if (outlook_ == nullptr) return;
    // Where a restart has begun its power is not known any more: only the work is priced.
    const bool paused = situation_.standing == Standing::kPaused;
    const auto from = paused ? now_ : now_ + rest_.restart;
    const auto need = paused ? rest_.need() : rest_.profile.duration();
    // A restart is rounded up to cells of the outlook.
    const auto slack = paused ? rest_.restart + outlook_->mean.step() : time::Duration(0);
    Stretch stretch{from, need, from + rest_.profile.duration() + slack};
    const auto objective = make_objective(*outlook_, stretch, options_.look_again);
    if (!objective) return;
    auto solved =
        plan::solve({rest_.profile, from, slack, situation_.standing}, Strategy::kRunNow, costs(), objective->mean);
    if (!solved.ok() || !solved->has_value()) return;
    decision.planned = decision.at_once = units::grams((*solved)->total);
    decision.schedule = std::move((*solved)->schedule);
  }

  [[nodiscard]] plan::Costs costs() const {
    plan::Costs costs = situation_.costs;
    costs.transfer_energy = units::Energy{};
    costs.max_pauses = rest_.pauses;
    return costs;
  }

  /// The best plan from a moment on: now, or where a pause that has begun may end.
  base::Expected<Decision> plan_from(time::Instant from) {
    Stretch stretch{from, rest_.need(), situation_.deadline - situation_.margin};
    const auto objective = outlook_ == nullptr ? std::nullopt : make_objective(*outlook_, stretch, options_.look_again);
    if (!objective) return without_forecast();
    const plan::Job job{rest_.profile, from, stretch.end - from - rest_.profile.duration(), situation_.standing};
    EBB_TRY(auto once, plan::solve(job, Strategy::kRunNow, costs(), objective->mean));
    EBB_TRY(auto best, plan::solve(job, strategy(), costs(), objective->mean));
    if (!once || !best) {  // a restart rounded up to cells does not fit any more
      return run_on(Rule::kDeadline, deadline_words());
    }
    if (situation_.standing != Standing::kRunning) EBB_TRY_DO(try_edges(*objective, stretch, *best));
    return choose(*objective, *once, *best, from);
  }

  /// Between two edges the plan's cells begin now. A job that does not run may also wait for the next edge, and with
  /// cells from there on the plan may be better: it starts and ends on edges.
  base::Status try_edges(const Objective& objective, const Stretch& stretch, plan::Solution& best) const {
    const auto step = objective.mean.step();
    const auto into = (stretch.from - objective.mean.begin()) % step;
    const auto edge = stretch.from - into + step;
    const auto slack = stretch.end - edge - rest_.profile.duration();
    if (into == time::Duration(0) || slack < time::Duration(0)) return base::Done{};
    EBB_TRY(auto later,
            plan::solve({rest_.profile, edge, slack, situation_.standing}, strategy(), costs(), objective.mean));
    if (!later) return base::Done{};
    if (situation_.standing == Standing::kPaused) {  // its pause lasts until then
      const double kwh = units::in_kwh(situation_.costs.pause_power * time::as_quantity(edge - stretch.from));
      later->total += kwh * objective.mean.mean_over({stretch.from, edge});
      later->schedule.from = stretch.from;
    }
    const double tie = plan::kTie * std::fabs(best.total);
    const bool same = std::fabs(later->total - best.total) <= tie;
    if (same ? later->schedule.begin() < best.schedule.begin() : later->total < best.total) best = *std::move(later);
    return base::Done{};
  }
  [[nodiscard]] Strategy strategy() const {
    return situation_.pausable ? Strategy::kPauseResume : Strategy::kFlexibleStart;
  }

  base::Expected<Decision> choose(const Objective& objective, const plan::Solution& once, plan::Solution& best,
                                  time::Instant from) {
    Decision decision;
    decision.at_once = units::grams(once.total);
    decision.planned = units::grams(best.total);
    const bool waits = best.schedule.begin() > now_;
    if (waits && objective.sigma) {
      decision.saving_90 = saving_interval(once.schedule, best.schedule, rest_.profile, costs(), objective);
    }
    decision.rule =
        from > now_ ? Rule::kStay : (waits ? rule_for_waiting(decision, once.total, best.total) : Rule::kPlan);
    decision.run = from == now_ && !(waits && decision.rule == Rule::kPlan);
    // Of a job that goes its own way for now the plan is not what will happen; what comes next is decided again.
    const bool as_planned = decision.run != waits;
    plan::Schedule schedule = once.schedule;
    if (as_planned) schedule = std::move(best.schedule);
    decision.end = schedule.end();
    if (decision.run) {
      if (schedule.segments.size() > 1) decision.next_change = schedule.segments.front().end();
    } else {
      decision.next_change = schedule.begin();
    }
    decision.schedule = std::move(schedule);
    // A plan that begins later is on one of two grids: its own.
    const auto grid = decision.run ? objective.mean.begin() : *decision.next_change;
    decision.look_again = next_look(decision, grid, objective.mean.step());
    decision.reason = reason_of(decision, situation_, outlook_, from > now_ ? "its shortest pause is not over" : "");
    if (!as_planned) {  // the reason has said what would have been
      decision.planned = decision.at_once;
      decision.saving_90.reset();
    }
    return decision;
  }

  /// kPlan where it is worth to wait for the plan, or to pause for it.
  [[nodiscard]] Rule rule_for_waiting(const Decision& decision, double once, double best) const {
    if (situation_.standing == Standing::kPaused) return Rule::kPlan;
    const double gain = once - best;
    if (gain <= plan::kTie * std::fabs(once)) return Rule::kNotWorthIt;
    if (situation_.standing == Standing::kRunning) {
      if (gain <= options_.switch_gain_fraction * std::fabs(once)) return Rule::kStay;
    } else if (gain < options_.min_saving_fraction * std::fabs(once) ||
               (options_.min_saving && gain < units::in_grams(*options_.min_saving))) {
      return Rule::kNotWorthIt;
    }
    return decision.saving_90 && !likely_enough(*decision.saving_90) ? Rule::kUncertain : Rule::kPlan;
  }
  [[nodiscard]] bool likely_enough(const std::pair<units::Emissions, units::Emissions>& saving_90) const {
    constexpr double kQuantile95 = 1.6448536269514722;
    const double middle = 0.5 * (units::in_grams(saving_90.first) + units::in_grams(saving_90.second));
    const double sigma = 0.5 * units::in_grams(saving_90.second - saving_90.first) / kQuantile95;
    if (sigma <= 0.0) return middle > 0.0;
    const double chance = 0.5 * std::erfc(-middle / sigma / std::sqrt(2.0));
    return chance >= options_.least_chance;
  }

  /// At the latest: when the plan changes, when the deadline forces, after look_again; on the plan's grid if it can be.
  [[nodiscard]] time::Instant next_look(const Decision& decision, time::Instant grid, time::Duration step) const {
    const bool nothing_left = decision.run && (!situation_.pausable || rest_.pauses == 0);
    if (nothing_left) return decision.end.value_or(now_ + rest_.need());
    auto look = now_ + options_.look_again;
    const auto on_grid = look - ((look - grid) % step + step) % step;
    if (on_grid > now_) look = on_grid;
    if (decision.next_change) look = std::min(look, *decision.next_change);
    if (!decision.run) look = std::min(look, rest_.latest);
    return look;
  }

  /// By threshold where the present intensity and what came before are known.
  Decision without_forecast() {
    const auto present = outlook_ == nullptr ? std::nullopt : present_intensity(*outlook_, now_);
    const auto bounds = present ? bounds_of(*outlook_->past) : std::nullopt;
    if (!bounds) return blind("neither a forecast nor a history is at hand");
    const auto limit = highest_to_run_at(situation_, *outlook_->past, *bounds);
    if (!limit) return blind("a pause costs more than the grid's ups and downs");
    Decision decision;
    decision.rule = Rule::kThreshold;
    decision.run = *present <= *limit && !waits_out_its_pause();
    decision.look_again = next_look(decision, outlook_->past->begin(), outlook_->past->step());
    if (decision.run && !situation_.pausable) decision.look_again = now_ + rest_.need();
    decision.reason =
        fmt::format("{} now, and without a forecast the job runs up to {}",
                    units::text_of(units::grams_per_kwh(*present)), units::text_of(units::grams_per_kwh(*limit)));
    return decision;
  }
  Decision blind(const std::string& why) {
    if (!waits_out_its_pause()) return run_on(Rule::kBlind, why);
    Decision decision;
    decision.run = false;
    decision.rule = Rule::kStay;
    decision.next_change = decision.look_again = std::min(rest_.busy_until, rest_.latest);
    decision.reason = "its shortest pause is not over";
    return decision;
  }

  const Situation& situation_;
  const Outlook* outlook_;
  time::Instant now_;
  const Options& options_;
  Rest rest_;
};

Decision longer_than_foreseen(time::Instant now, const Options& options) {
  Decision decision;
  decision.run = true;
  decision.rule = Rule::kBlind;
  decision.look_again = now + options.look_again;
  decision.reason = "it takes longer than was foreseen, nobody knows how much longer: it runs to its end";
  return decision;
}

}  // namespace

base::Expected<Decision> decide(const Situation& situation, const Outlook* outlook, time::Instant now,
                                const Options& options) {
  EBB_TRY_DO(check(situation, options));
  if (situation.done >= situation.profile.duration()) return longer_than_foreseen(now, options);
  return Decider(situation, outlook, now, options).decide();
}

}  // namespace ebb::policy
