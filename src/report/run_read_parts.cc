#include "report/run_read_parts.h"

#include <utility>

namespace ebb::report {
namespace {

using account::RunRecord;
using units::grams;
using units::grams_per_kwh;
using units::kilowatt_hours;

std::optional<units::Intensity> maybe_intensity(Reader& reader, const char* key) {
  const auto value = reader.maybe_number(key);
  return value ? std::optional(grams_per_kwh(*value)) : std::nullopt;
}

account::ComponentTotal component_of(Reader& reader, double level) {
  account::ComponentTotal out;
  out.name = reader.text("name");
  const auto kind = hardware::parse_component_kind(reader.text("kind"));
  if (!kind) reader.fail(reader.place_of("kind"), "is none of gpu, cpu, dram, other");
  out.kind = kind.value_or(hardware::ComponentKind::kOther);
  out.method = reader.text("method");
  out.energy = kilowatt_hours(reader.number("energy_kwh"));
  out.coverage = reader.number("coverage");
  out.node = reader.maybe_text("node");
  out.device = reader.maybe_text("device");
  out.interval = interval_of(reader, "interval_kwh", out.energy, level, kilowatt_hours);
  out.measured = kilowatt_hours(reader.number("measured_kwh"));
  out.job = kilowatt_hours(reader.number("job_kwh"));
  out.job_idle = kilowatt_hours(reader.number("job_idle_kwh"));
  out.idle = kilowatt_hours(reader.number("idle_kwh"));
  out.others = kilowatt_hours(reader.number("others_kwh"));
  out.emissions = maybe_grams(reader, "emissions_g");
  out.source = reader.maybe_text("source");
  return out;
}

account::SlotTotal slot_of(Reader& reader, const RunRecord& record) {
  account::SlotTotal out;
  out.begin = reader.instant("begin");
  out.energy = kilowatt_hours(reader.number("energy_kwh"));
  for (const auto& part : reader.list("by_component_kwh")) {
    const auto energy = plain_number(part);
    if (!energy) reader.fail(reader.place_of("by_component_kwh"), "holds something that is no number");
    out.by_component.push_back(kilowatt_hours(energy.value_or(0.0)));
  }
  if (out.by_component.size() != record.components.size()) {
    reader.fail(reader.place_of("by_component_kwh"), "has not one energy for each component");
  }
  const bool consequential = record.book == carbon::BookKind::kConsequential;
  out.intensity = maybe_intensity(reader, "g_per_kwh");
  out.other = maybe_intensity(reader, consequential ? "attributional_g_per_kwh" : "consequential_g_per_kwh");
  return out;
}

}  // namespace

std::optional<units::Emissions> maybe_grams(Reader& reader, const char* key) {
  const auto value = reader.maybe_number(key);
  return value ? std::optional(grams(*value)) : std::nullopt;
}

double level_of(Reader& reader) {
  const double level = reader.number("level");
  if (level < 0.0 || level >= 1.0) reader.fail(reader.place_of("level"), "is not from 0 to below 1");
  return level;
}

std::map<std::string, std::string> texts_by_name(Reader& reader, const char* key) {
  std::map<std::string, std::string> out;
  reader.texts(key, [&out](const std::string& name, const std::string& text) { out[name] = text; });
  return out;
}

series::DataQuality quality_of(Reader& reader) {
  return {reader.number("measured"), reader.number("modelled"), reader.number("filled")};
}

series::Signal signal_of(Reader& reader) {
  series::Signal out;
  reader.maybe_object("signal", [&out](Reader& inside) {
    const auto kind = inside.maybe_text("kind");
    const auto scope = inside.maybe_text("scope");
    const auto parsed = series::parse_signal(kind + " " + scope);
    const bool in_place = !parsed || parsed->kind.has_value() != kind.empty();
    if ((!kind.empty() || !scope.empty()) && !(parsed && in_place)) {
      inside.fail(inside.place_of("kind"), "or scope is no word of a signal");
    }
    if (parsed) out = *parsed;
  });
  return out;
}

std::optional<account::BookTotal> book_of_document(Reader& reader, const char* key) {
  std::optional<account::BookTotal> book;
  reader.maybe_object(key, [&book](Reader& inside) {
    auto& out = book.emplace();
    out.signal = signal_of(inside);
    out.zone = inside.maybe_text("zone");
    out.source = inside.maybe_text("source");
    out.vintage = inside.maybe_text("vintage");
    inside.object("data_quality", [&out](Reader& quality) { out.quality = quality_of(quality); });
    out.mean_intensity = grams_per_kwh(inside.number("intensity_mean_g_per_kwh"));
    out.operational = grams(inside.number("operational_g"));
    out.emissions = grams(inside.number("emissions_g"));
  });
  return book;
}

void read_components(Reader& reader, RunRecord& record) {
  double level = 0.0;
  reader.object("uncertainty", [&level](Reader& inside) { level = level_of(inside); });
  reader.each("components",
              [&record, level](Reader& inside) { record.components.push_back(component_of(inside, level)); });
}

void read_ladder(Reader& reader, RunRecord& record) {
  reader.object("boundary", [&record](Reader& inside) {
    auto& ladder = record.ladder;
    ladder.gpu.emissions = maybe_grams(inside, "gpu_g");
    ladder.plus_cpu_memory.emissions = maybe_grams(inside, "plus_cpu_memory_g");
    ladder.plus_pue.emissions = maybe_grams(inside, "plus_pue_g");
    ladder.plus_embodied.emissions = maybe_grams(inside, "plus_embodied_g");
    ladder.gpu.energy = kilowatt_hours(inside.number("gpu_kwh"));
    ladder.plus_cpu_memory.energy = kilowatt_hours(inside.number("plus_cpu_memory_kwh"));
    ladder.plus_pue.energy = kilowatt_hours(inside.number("plus_pue_kwh"));
    ladder.plus_embodied.energy = ladder.plus_pue.energy;
  });
}

void read_sci(Reader& reader, RunRecord& record) {
  reader.maybe_object("sci", [&record](Reader& inside) {
    auto& sci = record.sci.emplace();
    sci.pue = record.pue;
    sci.energy = kilowatt_hours(inside.number_from("E_kwh", 0.0)) / record.pue;
    sci.intensity = grams_per_kwh(inside.number("I_g_per_kwh"));
    sci.embodied = grams(inside.number_from("M_g", 0.0));
    sci.count = inside.number("R");
    sci.unit = record.functional_unit;
    if (sci.count <= 0.0) inside.fail(inside.place_of("R"), "is not above 0");
    if (const auto* own = record.own_book()) sci.signal = own->signal;
    inside.text("unit");
    inside.number("value");
  });
}

void read_uncertainty(Reader& reader, RunRecord& record) {
  reader.object("uncertainty", [&record](Reader& inside) {
    const double level = level_of(inside);
    record.energy_interval = interval_of(inside, "energy_kwh", record.energy, level, kilowatt_hours);
    const auto* own = record.own_book();
    if (own == nullptr) return;
    if (inside.has("intensity_g_per_kwh")) {
      record.intensity_interval = interval_of(inside, "intensity_g_per_kwh", own->mean_intensity, level, grams_per_kwh);
    }
    if (inside.has("emissions_g")) {
      record.emissions_interval = interval_of(inside, "emissions_g", own->emissions, level, grams);
    }
    if (inside.has("pue")) {
      const auto ratio = [](double plain) { return units::Ratio(plain); };
      record.pue_interval = interval_of(inside, "pue", units::Ratio(record.pue), level, ratio);
    }
    if (inside.has("embodied_g")) {
      record.embodied_interval = interval_of(inside, "embodied_g", record.embodied, level, grams);
    }
  });
}

void read_slots(Reader& reader, RunRecord& record) {
  reader.each("slots", [&record](Reader& inside) { record.slots.push_back(slot_of(inside, record)); });
}

}  // namespace ebb::report
