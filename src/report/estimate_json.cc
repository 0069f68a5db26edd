#include <fmt/format.h>

#include "report/escape.h"
#include "report/estimate_report.h"
#include "report/run_json.h"

namespace ebb::report {
namespace {

Json place_json(const Elsewhere::Place& place) {
  return {{"name", valid_utf8(place.name)},
          {"where", text_or_null(place.where)},
          {"zone", valid_utf8(place.zone)},
          {"intensity_g_per_kwh", units::in_grams_per_kwh(place.intensity)},
          {"operational_g", units::in_grams(place.operational)},
          {"less_g", units::in_grams(place.less)}};
}

Json elsewhere_json(const Elsewhere& elsewhere) {
  Json best = Json::array();
  for (const auto& place : elsewhere.best) best.push_back(place_json(place));
  const bool marginal = elsewhere.signal.kind == series::SignalKind::kMarginal;
  return {{"signal", json_of(elsewhere.signal)}, {"source", elsewhere.source},
          {"compared", elsewhere.compared},      {"word", marginal ? "avoided" : "allocated"},
          {"here", place_json(elsewhere.here)},  {"best", std::move(best)}};
}

}  // namespace

Json estimate_json(const EstimateView& view) {
  Json out = run_json(view.record);
  if (view.at_any_time) {
    out["begin"] = nullptr;
    out["end"] = nullptr;
  }
  out["state"] = "estimated";
  out["place"] = text_or_null(valid_utf8(view.place));
  out["hardware"] = valid_utf8(view.hardware);
  out["elsewhere"] = view.elsewhere ? elsewhere_json(*view.elsewhere) : Json(nullptr);
  return out;
}

}  // namespace ebb::report
