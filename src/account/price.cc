#include "account/price.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "account/prediction.h"
#include "time/text.h"

namespace ebb::account {
namespace {

using Grams = std::optional<units::Emissions>;

/// One book while it is made.
struct Priced {
  const series::Series* series = nullptr;
  std::map<std::int64_t, double> intensity;  // g/kWh by slot, kMissing where there is none
  units::Emissions operational;              // at the equipment, of what could be priced
  units::Energy covered;
  int missing_slots = 0;
  [[nodiscard]] bool complete() const { return series != nullptr && missing_slots == 0; }
};

/// Mean of the series over the part of a slot that the run touches; kMissing outside the series.
double intensity_of(const series::Series& series, std::int64_t slot, const time::Interval& run) {
  time::Interval part{std::max(slot_begin(slot), run.begin), std::min(slot_begin(slot + 1), run.end)};
  if (part.end <= part.begin) part = {slot_begin(slot), slot_begin(slot + 1)};
  if (part.begin < series.begin() || part.end > series.end()) return series::kMissing;
  return series.mean_over(part);
}

Grams priced(const SlotEnergies& energies, const Priced& book) {
  units::Emissions sum;
  for (const auto& [slot, energy] : energies) {
    const auto known = book.intensity.find(slot);
    const double value = known == book.intensity.end() ? series::kMissing : known->second;
    if (series::is_missing(value)) {
      if (energy == units::Energy{}) continue;
      return std::nullopt;
    }
    sum += energy * units::grams_per_kwh(value);
  }
  return sum;
}

Priced price_book(const SlotEnergies& total, const time::Interval& run, const std::optional<series::Series>& series) {
  Priced book;
  if (!series) return book;
  book.series = &*series;
  for (const auto& [slot, energy] : total) {
    const double value = intensity_of(*series, slot, run);
    book.intensity[slot] = value;
    if (series::is_missing(value)) {
      book.missing_slots += energy == units::Energy{} ? 0 : 1;
      continue;
    }
    book.covered += energy;
    book.operational += energy * units::grams_per_kwh(value);
  }
  return book;
}

std::optional<BookTotal> total_of(const Priced& book, const RunRecord& record) {
  if (!book.complete()) return std::nullopt;
  BookTotal total;
  const auto& provenance = book.series->provenance();
  total.signal = provenance.signal;
  total.zone = provenance.zone;
  total.source = provenance.source;
  total.vintage = provenance.vintage;
  total.quality = provenance.quality;
  if (record.energy > units::Energy{}) {
    total.mean_intensity = book.operational / record.energy;
  } else {
    double sum = 0.0;
    double count = 0.0;
    for (const auto& [slot, value] : book.intensity) {
      if (series::is_missing(value)) continue;
      sum += value;
      count += 1.0;
    }
    total.mean_intensity = units::grams_per_kwh(count > 0.0 ? sum / count : 0.0);
  }
  total.operational = book.operational * record.pue;
  total.emissions = total.operational + record.embodied;
  return total;
}

base::Status check(const Pricing& pricing) {
  for (const auto* series : {&pricing.attributional, &pricing.consequential}) {
    if (!*series) continue;
    EBB_TRY(const auto book, carbon::book_of((*series)->signal()));
    const bool attributional = series == &pricing.attributional;
    if ((book == carbon::BookKind::kAttributional) != attributional) {
      return base::usage_error(fmt::format(
          "the {} book is priced with a series of average intensity, the {} one with "
          "marginal: {} is {}",
          carbon::name_of(carbon::BookKind::kAttributional), carbon::name_of(carbon::BookKind::kConsequential),
          (*series)->zone(), series::text_of((*series)->signal())));
    }
  }
  if (!(pricing.pue >= 1.0) || !std::isfinite(pricing.pue)) return base::usage_error("a PUE is 1 or more");
  if (!(pricing.functional_count > 0.0) || !std::isfinite(pricing.functional_count)) {
    return base::usage_error("the number of functional units (R) is above 0");
  }
  return base::Done{};
}

void take_components(const Measured& measured, RunRecord& record) {
  std::set<std::string> nodes;
  for (const auto& node : measured.nodes) nodes.insert(node.name);
  const double length = std::max(1e-9, time::in_seconds(record.when.length()));
  double covered = 1.0;
  double modelled = 0.0;
  for (const auto& sum : measured.components) {
    ComponentTotal total;
    total.name = nodes.size() > 1 ? sum.node + "/" + sum.component.name : sum.component.name;
    total.node = sum.node;
    total.kind = sum.component.kind;
    total.device = sum.component.device;
    total.method = sum.component.method;
    total.source = sum.component.source;
    total.job = sum.job;
    total.job_idle = sum.job_idle;
    total.idle = sum.idle;
    total.others = sum.others;
    total.measured = sum.job + sum.job_idle + sum.idle + sum.others;
    total.energy = sum.job + sum.job_idle;
    total.interval = {total.energy * std::min(1.0, sum.component.low_factor), total.energy,
                      total.energy * std::max(1.0, sum.component.high_factor), 0.9};
    total.coverage = std::min(1.0, time::in_seconds(sum.covered) / length);
    covered = std::min(covered, total.coverage);
    record.energy += total.energy;
    if (total.method.starts_with("modelled")) modelled += units::in_joules(total.energy);
    record.components.push_back(std::move(total));
  }
  record.coverage = record.components.empty() ? 0.0 : covered;
  const double all = units::in_joules(record.energy);
  if (all > 0.0) record.energy_quality = {1.0 - modelled / all, modelled / all, 0.0};
  record.energy_interval = energy_interval(record.components);
}

void take_header(const Measured& measured, const Pricing& pricing, RunRecord& record) {
  const auto& header = measured.header;
  record.run_id = header.run_id;
  record.command = header.command;
  record.project = header.project;
  record.tags = header.tags;
  record.parent_run = header.parent_run;
  record.user = header.user;
  record.machine_json = header.machine_json;
  record.versions = {{"ebb", header.version}, {"record", "ebb-run-1"}};
  record.when = measured.when();
  bool ended = !measured.nodes.empty();
  for (const auto& node : measured.nodes) {
    if (std::find(record.nodes.begin(), record.nodes.end(), node.name) == record.nodes.end()) {
      record.nodes.push_back(node.name);
    }
    ended = ended && node.exit_code.has_value();
    // The run's code is the first that is not 0, as a shell pipeline with pipefail would say.
    if (node.exit_code && (!record.exit_code || *record.exit_code == 0)) record.exit_code = node.exit_code;
  }
  for (const auto& expected : header.expected_nodes) {
    if (std::find(record.nodes.begin(), record.nodes.end(), expected) == record.nodes.end()) {
      record.missing_nodes.push_back(expected);
    }
  }
  if (!ended) record.exit_code.reset();
  record.state = ended ? "finished" : pricing.alive ? "running" : "lost";
  record.gaps = measured.gaps;
  for (const auto& node : record.missing_nodes) {
    record.gaps.push_back({"", "missing-node", "node " + node + " did not report", record.when, 1, false});
  }
  record.power = measured.power;
  record.job_cpu = measured.job_cpu;
  record.meter_cpu = measured.meter_cpu;
  record.pauses = measured.pauses;
  record.paused = measured.paused;
  record.warnings = measured.notes;
}

SlotEnergies total_by_slot(const Measured& measured) {
  SlotEnergies total;
  for (const auto& sum : measured.components) {
    for (const auto& [slot, energy] : sum.by_slot) total[slot] += energy;
  }
  return total;
}

void take_slots(const Measured& measured, const SlotEnergies& total, const Priced& own, const Priced& other,
                RunRecord& record) {
  const auto intensity = [](const Priced& book, std::int64_t slot) -> std::optional<units::Intensity> {
    const auto known = book.intensity.find(slot);
    if (known == book.intensity.end() || series::is_missing(known->second)) return std::nullopt;
    return units::grams_per_kwh(known->second);
  };
  for (const auto& [slot, energy] : total) {
    SlotTotal line{slot_begin(slot), energy, {}, intensity(own, slot), intensity(other, slot)};
    for (const auto& sum : measured.components) {
      const auto known = sum.by_slot.find(slot);
      line.by_component.push_back(known == sum.by_slot.end() ? units::Energy{} : known->second);
    }
    record.slots.push_back(std::move(line));
  }
}

void take_regions(const Measured& measured, const Priced* own, RunRecord& record) {
  for (const auto& region : measured.regions) {
    RegionTotal total;
    total.path = region.path;
    total.passages = static_cast<int>(region.passages.size());
    total.open = region.open;
    for (const auto& passage : region.passages) {
      total.length += passage.length;
      total.energy += passage.energy;
    }
    if (own != nullptr) {
      if (const auto grams = priced(region.by_slot, *own)) total.operational = *grams * record.pue;
    }
    record.regions.push_back(std::move(total));
  }
}

void take_meter_energy(const Measured& measured, RunRecord& record) {
  units::Energy active;
  for (const auto& component : record.components) {
    if (component.kind == hardware::ComponentKind::kCpu) active += component.job + component.others;
  }
  const double busy = time::in_seconds(measured.machine_cpu);
  if (busy > 0.0) record.meter_energy = active * std::min(1.0, time::in_seconds(record.meter_cpu) / busy);
}

void warn_of_data(const Priced& book, std::string_view name, RunRecord& record) {
  if (book.series == nullptr || book.complete()) return;
  record.warnings.push_back(
      fmt::format("{} intensity of {} is missing in {} slots of the run: {} of {} could be priced ({}), so no total is "
                  "stated",
                  series::text_of(book.series->signal()), book.series->zone(), book.missing_slots,
                  units::in_kwh(book.covered), units::in_kwh(record.energy), name));
}

base::Status take_headline(const Pricing& pricing, RunRecord& record) {
  const auto* own = record.own_book();
  if (own == nullptr) return base::Done{};
  record.zone = own->zone;
  EBB_TRY(record.sci, carbon::make_sci({record.energy, record.pue, own->mean_intensity, own->signal, record.embodied,
                                        pricing.functional_count, pricing.functional_unit}));
  auto intensity = carbon::exactly(own->mean_intensity);
  if (pricing.intensity_factors && own->mean_intensity > units::Intensity{}) {
    intensity.low = own->mean_intensity * pricing.intensity_factors->first;
    intensity.high = own->mean_intensity * pricing.intensity_factors->second;
  } else {
    record.warnings.emplace_back(
        "the source states no error of its intensities: their interval is the value itself, "
        "and that of the emissions is the energy's");
  }
  record.intensity_interval = intensity;
  const auto equipment = record.energy_interval * intensity;
  record.emissions_interval =
      carbon::Uncertain<units::Emissions>{equipment.low * record.pue + record.embodied, own->emissions,
                                          equipment.high * record.pue + record.embodied, equipment.level};
  return base::Done{};
}

}  // namespace

carbon::Uncertain<units::Energy> energy_interval(const std::vector<ComponentTotal>& components) {
  std::map<std::string, carbon::Uncertain<units::Energy>> by_method;
  for (const auto& component : components) {
    auto& sum = by_method.try_emplace(component.method, carbon::exactly(units::Energy{})).first->second;
    sum.low += component.interval.low;
    sum.value += component.interval.value;
    sum.high += component.interval.high;
  }
  auto all = carbon::exactly(units::Energy{});
  for (const auto& [method, sum] : by_method) all = all + sum;
  return all;
}

base::Expected<RunRecord> price(const Measured& measured, const Pricing& pricing) {
  EBB_TRY_DO(check(pricing));
  RunRecord record;
  take_header(measured, pricing, record);
  take_components(measured, record);
  record.pue = pricing.pue;
  record.pue_source = pricing.pue_source;
  record.embodied_parts = pricing.embodied;
  for (const auto& part : pricing.embodied) record.embodied += part.share;
  record.functional_count = pricing.functional_count;
  record.functional_unit = pricing.functional_unit;

  const auto total = total_by_slot(measured);
  const auto attributional = price_book(total, record.when, pricing.attributional);
  const auto consequential = price_book(total, record.when, pricing.consequential);
  record.attributional = total_of(attributional, record);
  record.consequential = total_of(consequential, record);
  warn_of_data(attributional, "attributional", record);
  warn_of_data(consequential, "consequential", record);
  record.book = pricing.book;
  if (!record.book && (record.attributional || record.consequential)) {
    record.book = record.consequential ? carbon::BookKind::kConsequential : carbon::BookKind::kAttributional;
  }
  const bool marginal = record.book.value_or(carbon::BookKind::kConsequential) == carbon::BookKind::kConsequential;
  const auto& own = marginal ? consequential : attributional;
  take_slots(measured, total, own, marginal ? attributional : consequential, record);
  take_regions(measured, own.series == nullptr ? nullptr : &own, record);
  take_meter_energy(measured, record);
  std::vector<carbon::ComponentUse> uses;
  for (std::size_t i = 0; i < record.components.size(); ++i) {
    auto& component = record.components[i];
    if (own.series != nullptr) component.emissions = priced(measured.components[i].by_slot, own);
    uses.push_back({component.name, component.kind, component.energy, component.emissions});
  }
  record.ladder = carbon::boundary_ladder(uses, record.pue, record.embodied);
  EBB_TRY_DO(take_headline(pricing, record));
  if (pricing.passages_hint) record.prediction = predict(measured, pricing, record);
  return record;
}

}  // namespace ebb::account
