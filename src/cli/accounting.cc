#include "cli/accounting.h"

#include <fmt/format.h>

#include "base/text.h"
#include "carbon/equivalence.h"
#include "carbon/sci.h"
#include "cli/common.h"
#include "hardware/embodied.h"
#include "hardware/pue.h"
#include "units/format.h"

namespace ebb::cli {
namespace {

using report::Json;

base::Expected<double> pue_of(const Arguments& arguments) {
  const auto text = arguments.get("--pue");
  if (!text) return 1.0;
  if (const auto number = base::parse_number(*text)) {
    if (*number < 1.0 || *number > 10.0) return base::usage_error("--pue: a PUE lies between 1 and 10");
    return *number;
  }
  const auto factor = hardware::find_pue(*text);
  if (!factor) return in_option(factor.error(), "--pue");
  return factor->value;
}

/// The job's share of making its devices, over the time that it holds them: from its first run to its end, pauses
/// included (law 12).
base::Expected<hardware::EmissionsRange> embodied_of(const Arguments& arguments, const plan::Plan& plan) {
  const auto device = arguments.get("--device");
  if (!device) return hardware::EmissionsRange{};
  EBB_TRY(const auto count, number_option(arguments, "--devices", 1.0, 1e6));
  const auto held = plan.schedule.end() - plan.schedule.begin();
  const auto share = hardware::embodied_share(*device, count.value_or(1.0), held);
  if (!share) return in_option(share.error(), "--device");
  return *share;
}

}  // namespace

base::Status account(const Arguments& arguments, report::PlanView& view) {
  const auto& plan = view.plan;
  const auto& series = view.request.places[plan.place].intensity;
  EBB_TRY(const double pue, pue_of(arguments));
  EBB_TRY(const auto embodied, embodied_of(arguments, plan));
  EBB_TRY(const auto count, number_option(arguments, "--count", 1e-9, 1e18));
  const auto at_equipment = units::grams(plan.emissions.total());
  carbon::Sci sci;
  sci.energy = view.request.job.profile.energy();
  sci.pue = pue;
  sci.intensity = sci.energy == units::Energy{} ? units::Intensity{} : at_equipment / sci.energy;
  sci.signal = series.signal();
  sci.embodied = embodied.value;
  sci.count = count.value_or(1.0);
  sci.unit = arguments.get("--per").value_or("job");
  EBB_TRY(const auto made, carbon::make_sci(sci));
  const auto chosen = carbon::choose_equivalence(made.total());
  Json out;
  out["pue"] = pue;
  out["operational_g"] = units::in_grams(made.operational());
  out["embodied_g"] = units::in_grams(made.embodied);
  out["embodied_range_g"] = {units::in_grams(embodied.low), units::in_grams(embodied.high)};
  out["emissions_g"] = units::in_grams(made.total());
  out["sci"] = {
      {"value", units::in_grams(made.value())},         {"unit", "g CO2e per " + made.unit},
      {"E_kwh", units::in_kwh(made.building_energy())}, {"I_g_per_kwh", units::in_grams_per_kwh(made.intensity)},
      {"M_g", units::in_grams(made.embodied)},          {"R", made.count}};
  out["equivalence"] = chosen ? Json(carbon::text_of(*chosen)) : Json(nullptr);
  view.accounting = std::move(out);
  std::string text;
  if (arguments.has("--pue") || arguments.has("--device") || arguments.has("--per")) {
    text += fmt::format("  SCI         {}\n", carbon::text_of(made));
  }
  if (chosen) text += fmt::format("  that is     {}\n", carbon::text_of(*chosen));
  view.accounting_text = text;
  return base::Done{};
}

}  // namespace ebb::cli
