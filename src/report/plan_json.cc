#include <algorithm>

#include "report/plan_report.h"
#include "time/text.h"

namespace ebb::report {
namespace {

Json segments_json(const plan::Schedule& schedule, const plan::Score& score) {
  Json segments = Json::array();
  for (std::size_t i = 0; i < schedule.segments.size(); ++i) {
    const auto& segment = schedule.segments[i];
    segments.push_back({{"begin", time::text_of(segment.begin)},
                        {"end", time::text_of(segment.end())},
                        {"emissions_g", score.segments[i]}});
  }
  return segments;
}

Json pareto_json(const PlanView& view) {
  Json points = Json::array();
  for (const auto& point : view.plan.pareto) {
    points.push_back({{"cost", point.cost},
                      {"emissions_g", point.emissions_g},
                      {"zone", view.request.places[point.place].intensity.zone()},
                      {"pauses", point.pauses},
                      {"begin", time::text_of(point.begin)},
                      {"end", time::text_of(point.end)}});
  }
  return points;
}

}  // namespace

Json plan_json(const PlanView& view) {
  const auto& plan = view.plan;
  const auto& job = view.request.job;
  const auto& series = view.request.places[plan.place].intensity;
  const auto saved = plan.saved_g();
  const double total = plan.emissions.total();
  Json out;
  out["strategy"] = plan::name_of(plan.not_worth_it ? plan::Strategy::kRunNow : plan.strategy);
  out["zone"] = text_or_null(series.zone());
  out["signal"] = json_of(series.signal());
  out["source"] = text_or_null(series.provenance().source);
  out["vintage"] = text_or_null(series.provenance().vintage);
  out["data_quality"] = json_of(series.provenance().quality);
  out["start"] = time::text_of(job.start);
  out["deadline"] = time::text_of(job.window().end);
  out["running_seconds"] = time::in_seconds(plan.schedule.running());
  out["energy_kwh"] = units::in_kwh(job.profile.energy());
  out["baseline"] = {{"strategy", "run-now"}, {"emissions_g", value_or_null(plan.baseline_g)}};
  out["emissions_g"] = total;
  out["saved_g"] = value_or_null(saved);
  out["saved_fraction"] = saved && *plan.baseline_g != 0.0 ? Json(*saved / *plan.baseline_g) : Json(nullptr);
  out["pauses"] = plan.schedule.pauses();
  out["segments"] = segments_json(plan.schedule, plan.emissions);
  out["pause_emissions_g"] = plan.emissions.pauses;
  out["transfer_emissions_g"] = plan.emissions.transfer;
  out["delay_seconds"] = time::in_seconds(plan.schedule.end() - (job.start + job.profile.duration()));
  out["lower_bound_g"] = view.request.price ? Json(nullptr) : Json(std::min(plan.lower_bound, total));
  if (view.request.price) {
    out["objective"] = plan.objective;
    out["objective_lower_bound"] = plan.lower_bound;
    out["cost"] = value_or_null(plan.cost);
    out["baseline"]["cost"] = value_or_null(plan.baseline_cost);
    out["pareto"] = pareto_json(view);
  }
  out["other_book"] = nullptr;
  if (view.other_book) {
    out["other_book"] = {{"signal", json_of(view.other_book->signal)},
                         {"source", text_or_null(view.other_book->source)},
                         {"emissions_g", value_or_null(view.other_book->emissions_g)},
                         {"baseline_g", value_or_null(view.other_book->baseline_g)}};
  }
  out["accounting"] = view.accounting;
  out["foresight"] = "perfect";
  out["warnings"] = view.warnings;
  return out;
}

}  // namespace ebb::report
