#include "cli/cost_options.h"

#include <cmath>
#include <utility>

#include "base/text.h"
#include "cli/common.h"
#include "units/parse.h"

namespace ebb::cli {

base::Expected<plan::Costs> costs_of(const Arguments& arguments) {
  plan::Costs costs;
  if (const auto power = arguments.get("--pause-power")) {
    const auto parsed = units::parse_power(*power);
    if (!parsed) return in_option(parsed.error(), "--pause-power");
    costs.pause_power = *parsed;
  }
  for (const auto& [option, target] :
       {std::pair("--pause-energy", &costs.pause_energy), std::pair("--transfer-energy", &costs.transfer_energy)}) {
    const auto text = arguments.get(option);
    if (!text) continue;
    const auto parsed = units::parse_energy(*text);
    if (!parsed) return in_option(parsed.error(), option);
    *target = *parsed;
  }
  for (const auto& [option, target] :
       {std::pair("--pause-time", &costs.pause_time), std::pair("--min-run", &costs.min_run),
        std::pair("--min-pause", &costs.min_pause)}) {
    EBB_TRY(const auto length, duration_option(arguments, option));
    *target = length.value_or(time::Duration(0));
  }
  EBB_TRY(const auto most, number_option(arguments, "--max-pauses", 0.0, 1e9));
  if (most && *most != std::floor(*most)) return base::usage_error("--max-pauses: a whole number is needed");
  if (most) costs.max_pauses = static_cast<std::int64_t>(*most);
  return costs;
}

base::Expected<LeastSaving> least_saving_of(const Arguments& arguments) {
  LeastSaving least;
  const auto given = arguments.get("--min-saving");
  if (!given) return least;
  const auto text = base::trimmed(*given);
  if (!text.ends_with('g')) {
    EBB_TRY(const auto share, share_option(arguments, "--min-saving"));
    least.fraction = share.value_or(0.0);
    return least;
  }
  const bool kilo = text.ends_with("kg");
  const auto grams = base::parse_number(base::trimmed(text.substr(0, text.size() - (kilo ? 2 : 1))));
  if (!grams || *grams < 0.0) return base::usage_error("--min-saving: write it like 100g, 1.5kg or 5%");
  least.grams = units::grams(*grams * (kilo ? 1000.0 : 1.0));
  return least;
}

}  // namespace ebb::cli
