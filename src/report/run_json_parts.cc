#include "report/run_json_parts.h"

#include <algorithm>

#include "report/escape.h"
#include "report/nesting.h"
#include "time/text.h"

namespace ebb::report {
namespace {

using account::RunRecord;
using units::in_grams;
using units::in_grams_per_kwh;
using units::in_kwh;

Json grams_or_null(const std::optional<units::Emissions>& value) {
  return value ? Json(in_grams(*value)) : Json(nullptr);
}

Json intensity_or_null(const std::optional<units::Intensity>& value) {
  return value ? Json(in_grams_per_kwh(*value)) : Json(nullptr);
}

Json component_json(const account::ComponentTotal& part) {
  return {{"name", valid_utf8(part.name)},
          {"kind", hardware::name_of(part.kind)},
          {"method", valid_utf8(part.method)},
          {"energy_kwh", in_kwh(part.energy)},
          {"coverage", part.coverage},
          {"node", utf8_or_null(part.node)},
          {"device", utf8_or_null(part.device)},
          {"interval_kwh", interval_json(part.interval, in_kwh)},
          {"measured_kwh", in_kwh(part.measured)},
          {"job_kwh", in_kwh(part.job)},
          {"job_idle_kwh", in_kwh(part.job_idle)},
          {"idle_kwh", in_kwh(part.idle)},
          {"others_kwh", in_kwh(part.others)},
          {"emissions_g", grams_or_null(part.emissions)},
          {"source", utf8_or_null(part.source)}};
}

Json energies_json(const std::vector<units::Energy>& energies) {
  Json out = Json::array();
  for (const auto energy : energies) out.push_back(in_kwh(energy));
  return out;
}

}  // namespace

Json utf8_or_null(const std::string& text) { return text_or_null(valid_utf8(text)); }

Json components_json(const RunRecord& record) {
  Json out = Json::array();
  for (const auto& part : record.components) out.push_back(component_json(part));
  return out;
}

Json conservation_json(const RunRecord& record) {
  account::ComponentTotal sum;
  for (const auto& part : record.components) {
    sum.measured += part.measured;
    sum.job += part.job;
    sum.job_idle += part.job_idle;
    sum.idle += part.idle;
    sum.others += part.others;
  }
  return {{"measured_kwh", in_kwh(sum.measured)},
          {"job_kwh", in_kwh(sum.job)},
          {"job_idle_kwh", in_kwh(sum.job_idle)},
          {"idle_kwh", in_kwh(sum.idle)},
          {"others_kwh", in_kwh(sum.others)}};
}

Json boundary_json(const RunRecord& record) {
  const auto& ladder = record.ladder;
  // Without a book there are no grams, not even the 0 g of the GPUs that a machine has not.
  const auto grams = [priced = record.own_book() != nullptr](const carbon::Rung& rung) {
    return priced ? grams_or_null(rung.emissions) : Json(nullptr);
  };
  return {{"gpu_g", grams(ladder.gpu)},
          {"plus_cpu_memory_g", grams(ladder.plus_cpu_memory)},
          {"plus_pue_g", grams(ladder.plus_pue)},
          {"plus_embodied_g", grams(ladder.plus_embodied)},
          {"gpu_kwh", in_kwh(ladder.gpu.energy)},
          {"plus_cpu_memory_kwh", in_kwh(ladder.plus_cpu_memory.energy)},
          {"plus_pue_kwh", in_kwh(ladder.plus_pue.energy)}};
}

Json book_json(const std::optional<account::BookTotal>& book) {
  if (!book) return nullptr;
  return {{"signal", json_of(book->signal)},
          {"zone", utf8_or_null(book->zone)},
          {"source", utf8_or_null(book->source)},
          {"vintage", utf8_or_null(book->vintage)},
          {"data_quality", json_of(book->quality)},
          {"intensity_mean_g_per_kwh", in_grams_per_kwh(book->mean_intensity)},
          {"operational_g", in_grams(book->operational)},
          {"emissions_g", in_grams(book->emissions)}};
}

Json sci_json(const std::optional<carbon::Sci>& sci) {
  if (!sci) return nullptr;
  return {{"value", in_grams(sci->value())},         {"unit", "g CO2e per " + valid_utf8(sci->unit)},
          {"E_kwh", in_kwh(sci->building_energy())}, {"I_g_per_kwh", in_grams_per_kwh(sci->intensity)},
          {"M_g", in_grams(sci->embodied)},          {"R", sci->count}};
}

double as_plain(units::Ratio ratio) { return units::as_number(ratio); }

Json uncertainty_json(const RunRecord& record) {
  const auto& intensity = record.intensity_interval;
  const auto& emissions = record.emissions_interval;
  return {
      {"level", record.energy_interval.level},
      {"energy_kwh", interval_json(record.energy_interval, in_kwh)},
      {"intensity_g_per_kwh", intensity ? interval_json(*intensity, in_grams_per_kwh) : Json(nullptr)},
      {"emissions_g", emissions ? interval_json(*emissions, in_grams) : Json(nullptr)},
      {"pue", record.pue_interval ? interval_json(*record.pue_interval, as_plain) : Json(nullptr)},
      {"embodied_g", record.embodied_interval ? interval_json(*record.embodied_interval, in_grams) : Json(nullptr)}};
}

Json slots_json(const RunRecord& record) {
  const bool consequential = record.book == carbon::BookKind::kConsequential;
  Json out = Json::array();
  for (const auto& slot : record.slots) {
    // Without a book nobody can say what the intensities mean.
    const auto own = record.book ? intensity_or_null(slot.intensity) : Json(nullptr);
    const auto other = record.book ? intensity_or_null(slot.other) : Json(nullptr);
    out.push_back({{"begin", time::text_of(slot.begin)},
                   {"energy_kwh", in_kwh(slot.energy)},
                   {"g_per_kwh", own},
                   {"by_component_kwh", energies_json(slot.by_component)},
                   {"attributional_g_per_kwh", consequential ? other : own},
                   {"consequential_g_per_kwh", consequential ? own : other}});
  }
  return out;
}

Json what_if_json(const RunRecord& record) {
  Json out = Json::array();
  for (const auto& other : record.what_if) {
    out.push_back({{"kind", valid_utf8(other.kind)},
                   {"zone", utf8_or_null(other.zone)},
                   {"signal", json_of(other.signal)},
                   {"source", utf8_or_null(other.source)},
                   {"later_seconds", time::in_seconds(other.later)},
                   {"operational_g", in_grams(other.operational)},
                   {"difference_g", in_grams(other.difference)},
                   {"word", valid_utf8(other.word)}});
  }
  return out;
}

Json embodied_parts_json(const RunRecord& record) {
  Json out = Json::array();
  for (const auto& part : record.embodied_parts) {
    out.push_back({{"device", valid_utf8(part.device)},
                   {"count", part.count},
                   {"held_seconds", time::in_seconds(part.held)},
                   {"lifetime_years", part.lifetime_years},
                   {"each_g", in_grams(part.each)},
                   {"share_g", in_grams(part.share)},
                   {"source", utf8_or_null(part.source)}});
  }
  return out;
}

Json regions_json(const RunRecord& record) {
  Json out = Json::array();
  for (const auto& region : record.regions) {
    out.push_back({{"path", valid_utf8(region.path)},
                   {"passages", region.passages},
                   {"open", region.open},
                   {"seconds", time::in_seconds(region.length)},
                   {"energy_kwh", in_kwh(region.energy)},
                   {"operational_g", grams_or_null(region.operational)}});
  }
  return out;
}

Json prediction_json(const std::optional<account::Prediction>& prediction) {
  if (!prediction) return nullptr;
  const auto& emissions = prediction->emissions;
  return {{"region", valid_utf8(prediction->region)},
          {"done", prediction->done},
          {"expected", prediction->expected},
          {"level", prediction->energy.level},
          {"energy_kwh", in_kwh(prediction->energy.value)},
          {"energy_interval_kwh", interval_json(prediction->energy, in_kwh)},
          {"seconds", units::in_seconds(prediction->length.value)},
          {"seconds_interval", interval_json(prediction->length, units::in_seconds)},
          {"emissions_g", emissions ? Json(in_grams(emissions->value)) : Json(nullptr)},
          {"emissions_interval_g", emissions ? interval_json(*emissions, in_grams) : Json(nullptr)}};
}

Json gaps_json(const RunRecord& record) {
  Json out = Json::array();
  for (const auto& gap : record.gaps) {
    out.push_back({{"component", utf8_or_null(gap.component)},
                   {"cause", valid_utf8(gap.cause)},
                   {"detail", utf8_or_null(gap.detail)},
                   {"begin", time::text_of(gap.when.begin)},
                   {"end", time::text_of(gap.when.end)},
                   {"count", gap.count},
                   {"recovered", gap.recovered}});
  }
  return out;
}

Json power_json(const RunRecord& record) {
  const auto& power = record.power;
  Json lines = Json::array();
  const std::size_t known = std::min(power.by_component.size(), record.components.size());
  for (std::size_t i = 0; i < known; ++i) {
    Json watts = Json::array();
    for (const auto value : power.by_component[i]) {
      const double number = units::in_watts(value);
      watts.push_back(series::is_missing(number) ? Json(nullptr) : Json(number));
    }
    lines.push_back({{"name", valid_utf8(record.components[i].name)}, {"watts", std::move(watts)}});
  }
  if (lines.empty() || power.bin <= time::Duration(0)) return nullptr;
  return {{"begin", time::text_of(power.begin)},
          {"bin_seconds", time::in_seconds(power.bin)},
          {"components", std::move(lines)}};
}

Json machine_json(const RunRecord& record) {
  Json machine = Json::parse(record.machine_json, nullptr, false);
  if (machine.is_discarded() || !machine.is_object() || nested_too_deeply(machine)) return nullptr;
  return machine;
}

}  // namespace ebb::report
