#include "report/run_read_parts.h"

namespace ebb::report {
namespace {

using account::RunRecord;
using units::grams;
using units::kilowatt_hours;

account::WhatIf what_if_of(Reader& reader) {
  account::WhatIf out;
  out.kind = reader.text("kind");
  out.zone = reader.maybe_text("zone");
  out.signal = signal_of(reader);
  out.source = reader.maybe_text("source");
  out.later = reader.seconds("later_seconds");
  out.operational = grams(reader.number("operational_g"));
  out.difference = grams(reader.number("difference_g"));
  out.word = reader.text("word");
  return out;
}

account::EmbodiedShare embodied_share_of(Reader& reader) {
  account::EmbodiedShare out;
  out.device = reader.text("device");
  out.count = reader.number_from("count", 0.0);
  out.held = reader.seconds("held_seconds");
  out.lifetime_years = reader.number("lifetime_years");
  if (out.lifetime_years <= 0.0) reader.fail(reader.place_of("lifetime_years"), "is not above 0");
  out.each = grams(reader.number_from("each_g", 0.0));
  out.share = grams(reader.number("share_g"));
  out.source = reader.maybe_text("source");
  return out;
}

account::RegionTotal region_of(Reader& reader) {
  account::RegionTotal out;
  out.path = reader.text("path");
  out.passages = reader.whole("passages");
  out.open = reader.flag("open");
  out.length = reader.seconds("seconds");
  out.energy = kilowatt_hours(reader.number("energy_kwh"));
  out.operational = maybe_grams(reader, "operational_g");
  return out;
}

account::Prediction prediction_of(Reader& reader) {
  account::Prediction out;
  out.region = reader.text("region");
  out.done = reader.whole("done");
  out.expected = reader.whole("expected");
  const double level = level_of(reader);
  const auto energy = kilowatt_hours(reader.number("energy_kwh"));
  out.energy = interval_of(reader, "energy_interval_kwh", energy, level, kilowatt_hours);
  const auto length = units::seconds(reader.number("seconds"));
  out.length = interval_of(reader, "seconds_interval", length, level, units::seconds);
  const auto emissions = maybe_grams(reader, "emissions_g");
  if (emissions && reader.has("emissions_interval_g")) {
    out.emissions = interval_of(reader, "emissions_interval_g", *emissions, level, grams);
  }
  return out;
}

account::GapTotal gap_of(Reader& reader) {
  account::GapTotal out;
  out.component = reader.maybe_text("component");
  out.cause = reader.text("cause");
  out.detail = reader.maybe_text("detail");
  out.when = {reader.instant("begin"), reader.instant("end")};
  out.count = reader.whole("count");
  out.recovered = reader.flag("recovered");
  return out;
}

void read_power(Reader& reader, RunRecord& record) {
  record.power.begin = reader.instant("begin");
  record.power.bin = reader.seconds("bin_seconds");
  if (record.power.bin <= time::Duration(0)) reader.fail(reader.place_of("bin_seconds"), "is not above 0");
  reader.each("components", [&record](Reader& line) {
    auto& rows = record.power.by_component;
    const auto name = line.text("name");
    if (rows.size() >= record.components.size() || record.components[rows.size()].name != name) {
      return line.fail(line.place_of("name"), "is not that of the component in its place");
    }
    auto& watts = rows.emplace_back();
    for (const auto& value : line.list("watts")) {
      const auto number = plain_number(value);
      if (!number && !value.is_null()) line.fail(line.place_of("watts"), "holds something that is no power");
      watts.push_back(units::watts(number.value_or(series::kMissing)));
    }
  });
}

}  // namespace

void read_lists(Reader& reader, RunRecord& record) {
  reader.each("what_if", [&record](Reader& inside) { record.what_if.push_back(what_if_of(inside)); });
  reader.each("embodied_parts",
              [&record](Reader& inside) { record.embodied_parts.push_back(embodied_share_of(inside)); });
  reader.each("regions", [&record](Reader& inside) { record.regions.push_back(region_of(inside)); });
  reader.maybe_object("prediction", [&record](Reader& inside) { record.prediction = prediction_of(inside); });
  reader.each("gaps", [&record](Reader& inside) { record.gaps.push_back(gap_of(inside)); });
  reader.maybe_object("power", [&record](Reader& inside) { read_power(inside, record); });
  reader.maybe_object("machine", [&record](Reader& inside) { record.machine_json = inside.json(); });
}

}  // namespace ebb::report
