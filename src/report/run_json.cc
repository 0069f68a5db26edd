#include "report/run_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "carbon/equivalence.h"
#include "report/escape.h"
#include "report/run_json_parts.h"
#include "time/text.h"

namespace ebb::report {
namespace {

using account::RunRecord;

Json texts_json(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const auto& text : texts) out.push_back(valid_utf8(text));
  return out;
}

Json texts_json(const std::map<std::string, std::string>& texts) {
  Json out = Json::object();
  for (const auto& [key, value] : texts) out[valid_utf8(key)] = valid_utf8(value);
  return out;
}

/// Who ran what, where and when: the first keys of the contract.
void add_identity(Json& out, const RunRecord& record) {
  out["run_id"] = valid_utf8(record.run_id);
  out["command"] = texts_json(record.command);
  out["project"] = utf8_or_null(record.project);
  out["tags"] = texts_json(record.tags);
  out["parent_run"] = utf8_or_null(record.parent_run);
  out["nodes"] = texts_json(record.nodes);
  out["begin"] = time::text_of(record.when.begin);
  out["end"] = time::text_of(record.when.end);
  out["exit_code"] = record.exit_code ? Json(*record.exit_code) : Json(nullptr);
}

void add_emissions(Json& out, const RunRecord& record) {
  const auto* own = record.own_book();
  out["pue"] = record.pue;
  out["zone"] = utf8_or_null(record.zone);
  out["signal"] = own != nullptr ? json_of(own->signal) : Json(nullptr);
  out["intensity_mean_g_per_kwh"] = own != nullptr ? Json(units::in_grams_per_kwh(own->mean_intensity)) : Json(nullptr);
  out["operational_g"] = own != nullptr ? Json(units::in_grams(own->operational)) : Json(nullptr);
  out["embodied_g"] = units::in_grams(record.embodied);
  out["emissions_g"] = own != nullptr ? Json(units::in_grams(own->emissions)) : Json(nullptr);
  out["attributional"] = book_json(record.attributional);
  out["consequential"] = book_json(record.consequential);
  out["sci"] = sci_json(record.sci);
  out["uncertainty"] = uncertainty_json(record);
}

/// What stands after the keys of the contract.
void add_more(Json& out, const RunRecord& record) {
  const auto* own = record.own_book();
  out["schema"] = kRunSchema;
  out["state"] = valid_utf8(record.state);
  out["user"] = utf8_or_null(record.user);
  out["missing_nodes"] = texts_json(record.missing_nodes);
  out["book"] = record.book ? Json(carbon::name_of(*record.book)) : Json(nullptr);
  out["source"] = own != nullptr ? utf8_or_null(own->source) : Json(nullptr);
  out["vintage"] = own != nullptr ? utf8_or_null(own->vintage) : Json(nullptr);
  out["data_quality"] = own != nullptr ? json_of(own->quality) : Json(nullptr);
  out["energy_quality"] = json_of(record.energy_quality);
  out["pue_source"] = utf8_or_null(record.pue_source);
  out["duration_seconds"] = time::in_seconds(record.when.length());
  out["paused_seconds"] = time::in_seconds(record.paused);
  out["job_cpu_seconds"] = time::in_seconds(record.job_cpu);
  out["functional"] = {{"unit", valid_utf8(record.functional_unit)}, {"count", record.functional_count}};
  out["conservation"] = conservation_json(record);
  const auto equivalence = own != nullptr ? carbon::choose_equivalence(own->emissions) : std::nullopt;
  out["equivalence"] = equivalence ? Json(carbon::text_of(*equivalence)) : Json(nullptr);
  out["embodied_parts"] = embodied_parts_json(record);
  out["regions"] = regions_json(record);
  out["prediction"] = prediction_json(record.prediction);
  out["gaps"] = gaps_json(record);
  out["power"] = power_json(record);
  out["machine"] = machine_json(record);
}

/// Collects lines "KEY: why", but for keys that a warning begins with already.
class NullLines {
 public:
  explicit NullLines(const std::vector<std::string>& given) : given_(given) {}
  void add(std::string_view key, std::string_view why) {
    const bool said = std::any_of(given_.begin(), given_.end(), [key](const std::string& warning) {
      return warning.size() > key.size() && warning.compare(0, key.size(), key) == 0 && warning[key.size()] == ':';
    });
    if (!said) lines_.push_back(fmt::format("{}: {}", key, why));
  }
  [[nodiscard]] std::vector<std::string> lines() const { return lines_; }

 private:
  const std::vector<std::string>& given_;
  std::vector<std::string> lines_;
};

void add_unpriced(NullLines& lines, const RunRecord& record) {
  if (record.zone.empty()) {
    lines.add("zone",
              fmt::format("none was given, so emissions, intensity and SCI are null; ebb runs price {} --zone Z gives "
                          "them",
                          valid_utf8(record.run_id)));
  } else if (record.own_book() == nullptr) {
    lines.add("emissions_g", "no series has an intensity for every moment of the run, so it has no emissions");
  } else {
    if (!record.attributional) lines.add("attributional", "no average series for the run, so that book is null");
    if (!record.consequential) lines.add("consequential", "no marginal series for the run, so that book is null");
    if (!record.sci) lines.add("sci", "not computed");
    if (!record.emissions_interval) lines.add("uncertainty", "that of the emissions is not known");
  }
}

}  // namespace

std::vector<std::string> null_warnings(const RunRecord& record) {
  NullLines lines(record.warnings);
  if (!record.exit_code) {
    lines.add("exit_code", record.state == "running" ? "the run goes on" : "no end of the run was recorded");
  }
  if (record.user.empty()) lines.add("user", "not known");
  add_unpriced(lines, record);
  if (record.embodied_parts.empty()) {
    lines.add("embodied_g", "no part of the hardware has a known figure: counted as 0 g, so totals are too low by it");
  }
  const auto unnamed = std::count_if(record.components.begin(), record.components.end(),
                                     [](const account::ComponentTotal& part) { return part.device.empty(); });
  if (unnamed > 0) lines.add("device", fmt::format("not known of {} of the components", unnamed));
  if (power_json(record).is_null()) lines.add("power", "no readings over time");
  if (machine_json(record).is_null()) lines.add("machine", "no description");
  return lines.lines();
}

Json run_json(const RunRecord& record) {
  Json out;
  add_identity(out, record);
  out["components"] = components_json(record);
  out["energy_kwh"] = units::in_kwh(record.energy);
  out["boundary"] = boundary_json(record);
  add_emissions(out, record);
  out["slots"] = slots_json(record);
  out["coverage"] = record.coverage;
  out["pauses"] = record.pauses;
  out["what_if"] = what_if_json(record);
  out["meter"] = {{"cpu_seconds", time::in_seconds(record.meter_cpu)},
                  {"energy_kwh", units::in_kwh(record.meter_energy)}};
  out["versions"] = texts_json(record.versions);
  out["warnings"] = texts_json(record.warnings);
  for (const auto& line : null_warnings(record)) out["warnings"].push_back(line);
  add_more(out, record);
  return out;
}

}  // namespace ebb::report
