#include <fmt/format.h>

#include <algorithm>

#include "report/run_checks.h"
#include "time/text.h"

namespace ebb::report {
namespace {

using account::RunRecord;
using units::in_kwh;

/// Sums what each slot of the record holds, whole and by component.
struct SlotSums {
  units::Energy all;
  std::vector<units::Energy> by_component;
};

SlotSums sum_slots(Checks& checks, const RunRecord& record) {
  SlotSums sums;
  sums.by_component.resize(record.components.size());
  for (std::size_t i = 0; i < record.slots.size(); ++i) {
    const auto& slot = record.slots[i];
    units::Energy parts;
    for (std::size_t c = 0; c < slot.by_component.size(); ++c) {
      parts += slot.by_component[c];
      sums.by_component[c] += slot.by_component[c];
    }
    sums.all += slot.energy;
    checks.compare(fmt::format("slots[{}].energy_kwh", i), in_kwh(slot.energy), in_kwh(parts),
                   "the sum of its components", in_kwh(record.energy));
  }
  return sums;
}

void check_component(Checks& checks, const account::ComponentTotal& part, std::size_t index, units::Energy by_slots) {
  const auto key = [index](const char* name) { return fmt::format("components[{}].{}", index, name); };
  const double scale = in_kwh(part.measured);
  checks.compare(key("energy_kwh"), in_kwh(part.energy), in_kwh(by_slots), "the sum of its slots", scale);
  checks.compare(key("energy_kwh"), in_kwh(part.energy), in_kwh(part.job + part.job_idle), "job + job_idle", scale);
  checks.compare(key("measured_kwh"), in_kwh(part.measured), in_kwh(part.job + part.job_idle + part.idle + part.others),
                 "job + job_idle + idle + others", scale);
  checks.hold(part.interval.low <= part.energy && part.energy <= part.interval.high, key("energy_kwh"),
              in_kwh(part.energy), "inside its own interval");
  checks.hold(part.coverage >= 0.0 && part.coverage <= 1.0, key("coverage"), part.coverage, "from 0 to 1");
}

void check_conservation(Checks& checks, const RunRecord& record, Reader& document) {
  account::ComponentTotal sum;
  for (const auto& part : record.components) {
    sum.measured += part.measured;
    sum.job += part.job;
    sum.job_idle += part.job_idle;
    sum.idle += part.idle;
    sum.others += part.others;
  }
  const double scale = in_kwh(sum.measured);
  document.object("conservation", [&](Reader& inside) {
    const auto compare = [&](const char* key, units::Energy value) {
      checks.compare(inside.place_of(key), inside.number(key), in_kwh(value), "the sum over the components", scale);
    };
    compare("measured_kwh", sum.measured);
    compare("job_kwh", sum.job);
    compare("job_idle_kwh", sum.job_idle);
    compare("idle_kwh", sum.idle);
    compare("others_kwh", sum.others);
  });
}

void check_shares(Checks& checks, const std::string& key, const series::DataQuality& quality) {
  const double sum = quality.measured + quality.modelled + quality.filled;
  checks.compare(key, sum, 1.0, "measured + modelled + filled = 1");
  const double least = std::min({quality.measured, quality.modelled, quality.filled});
  checks.hold(least >= -1e-9, key, least, "no share below 0");
}

}  // namespace

void check_energy(Checks& checks, const RunRecord& record, Reader& document) {
  const auto slots = sum_slots(checks, record);
  units::Energy all;
  double coverage = record.components.empty() ? record.coverage : 1.0;
  for (std::size_t i = 0; i < record.components.size(); ++i) {
    check_component(checks, record.components[i], i, slots.by_component[i]);
    all += record.components[i].energy;
    coverage = std::min(coverage, record.components[i].coverage);
  }
  checks.compare("energy_kwh", in_kwh(record.energy), in_kwh(all), "the sum of the components");
  checks.compare("energy_kwh", in_kwh(record.energy), in_kwh(slots.all), "the sum of the slots");
  checks.compare("coverage", record.coverage, coverage, "the least of the components'");
  check_conservation(checks, record, document);
  check_shares(checks, "energy_quality", record.energy_quality);
  if (record.attributional) check_shares(checks, "attributional.data_quality", record.attributional->quality);
  if (record.consequential) check_shares(checks, "consequential.data_quality", record.consequential->quality);
  checks.checked(fmt::format("energy of {} components over {} slots", record.components.size(), record.slots.size()));
  checks.checked("conservation: job + job_idle + idle + others = measured");
}

void check_times(Checks& checks, const RunRecord& record, Reader& document) {
  constexpr time::Duration kSlot = std::chrono::minutes(5);
  for (std::size_t i = 0; i < record.slots.size(); ++i) {
    const auto begin = record.slots[i].begin;
    const bool rising = i == 0 || record.slots[i - 1].begin < begin;
    const bool inside = begin + kSlot > record.when.begin && begin <= record.when.end;
    if (rising && inside) continue;
    checks.fault({fmt::format("slots[{}].begin", i),
                  {},
                  {},
                  fmt::format("{} is {}", time::text_of(begin),
                              rising ? "outside of the run" : "not after the slot before it")});
  }
  checks.compare("duration_seconds", document.number("duration_seconds"), time::in_seconds(record.when.length()),
                 "end - begin");
  checks.checked("times: slots in order and inside the run");
}

}  // namespace ebb::report
