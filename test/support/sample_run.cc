#include "support/sample_run.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "carbon/uncertainty.h"
#include "report/run_html.h"
#include "report/run_json.h"
#include "time/text.h"

namespace ebb::test {
namespace {

using account::RunRecord;
using hardware::ComponentKind;

constexpr double kSlotSeconds = 300.0;
constexpr const char* kSampleSource = "Sample series, made by code (CC0)";

time::Instant instant(const std::string& text) {
  const auto parsed = time::parse_instant(text);
  CHECK(parsed.ok());
  return *parsed;
}

/// To three decimals: the same on every machine, whatever its sine, and short in JSON.
double rounded(double value) { return std::round(value * 1000.0) / 1000.0; }

/// Work comes in waves of 20 minutes: slots differ.
double wave(double seconds) { return rounded(1.0 + 0.15 * std::sin(seconds / 1200.0 * 2.0 * 3.141592653589793)); }

std::optional<units::Intensity> intensity_at(const std::optional<series::Series>& series, time::Instant moment) {
  if (!series) return std::nullopt;
  const auto slot = series->slot_at(moment);
  if (!slot || series::is_missing((*series)[*slot])) return std::nullopt;
  return units::grams_per_kwh((*series)[*slot]);
}

void add_components(RunRecord& record, const SampleRun& sample) {
  for (const auto& part : sample.parts) {
    auto& out = record.components.emplace_back();
    out.name = part.name;
    out.node = part.node;
    out.kind = part.kind;
    out.device = part.device;
    out.method = part.method;
    out.source = part.method.rfind("modelled", 0) == 0 ? "a curve of the CPU's type" : "the counter's data sheet";
    out.coverage = part.coverage;
    if (std::find(record.nodes.begin(), record.nodes.end(), part.node) == record.nodes.end()) {
      record.nodes.push_back(part.node);
    }
  }
}

void add_slots(RunRecord& record, const SampleRun& sample) {
  const bool consequential = sample.book == carbon::BookKind::kConsequential;
  const auto slot = std::chrono::seconds(static_cast<int>(kSlotSeconds));
  const auto first = record.when.begin - record.when.begin.time_since_epoch() % slot;
  for (auto at = first; at < record.when.end; at += slot) {
    const auto from = std::max(time::Instant(at), record.when.begin);
    const auto to = std::min(time::Instant(at + slot), record.when.end);
    auto& out = record.slots.emplace_back();
    out.begin = at;
    for (const auto& part : sample.parts) {
      const double shape = wave(time::in_seconds(at - first));
      out.by_component.push_back(units::watts(part.watts * shape) * time::as_quantity(to - from));
      out.energy += out.by_component.back();
    }
    out.intensity = intensity_at(consequential ? sample.marginal : sample.average, at);
    out.other = intensity_at(consequential ? sample.average : sample.marginal, at);
    if (!sample.book) out.other = std::nullopt;
  }
}

void sum_components(RunRecord& record, const SampleRun& sample) {
  for (std::size_t i = 0; i < sample.parts.size(); ++i) {
    const auto& part = sample.parts[i];
    auto& out = record.components[i];
    units::Emissions grams;
    bool priced = true;
    for (const auto& slot : record.slots) {
      out.energy += slot.by_component[i];
      priced = priced && slot.intensity;
      if (slot.intensity) grams += slot.by_component[i] * *slot.intensity;
    }
    out.interval = {out.energy * part.low_factor, out.energy, out.energy * part.high_factor, 0.9};
    out.job_idle = out.energy * part.job_idle_part;
    out.job = out.energy - out.job_idle;
    out.idle = units::watts(part.idle_watts) * time::as_quantity(record.when.length());
    out.others = units::watts(part.others_watts) * time::as_quantity(record.when.length());
    out.measured = out.job + out.job_idle + out.idle + out.others;
    if (priced && record.book) out.emissions = grams;
    record.energy += out.energy;
    record.energy_interval.low += out.interval.low;
    record.energy_interval.high += out.interval.high;
    record.coverage = i == 0 ? part.coverage : std::min(record.coverage, part.coverage);
  }
  record.energy_interval.value = record.energy;
}

std::optional<account::BookTotal> book_total(const RunRecord& record, const std::optional<series::Series>& series) {
  if (!series) return std::nullopt;
  units::Emissions at_equipment;
  for (const auto& slot : record.slots) {
    const auto intensity = intensity_at(series, slot.begin);
    if (!intensity) return std::nullopt;
    at_equipment += slot.energy * *intensity;
  }
  const auto& from = series->provenance();
  account::BookTotal out{from.signal, from.zone, from.source, from.vintage, from.quality, {}, {}, {}};
  if (record.energy > units::Energy{}) out.mean_intensity = at_equipment / record.energy;
  out.operational = at_equipment * record.pue;
  out.emissions = out.operational + record.embodied;
  return out;
}

void add_emissions(RunRecord& record, const SampleRun& sample) {
  for (auto part : sample.embodied) {
    const double life = part.lifetime_years * 8760.0 * 3600.0;
    part.share = part.each * part.count * (time::in_seconds(part.held) / life);
    record.embodied += part.share;
    record.embodied_parts.push_back(part);
  }
  record.zone = sample.zone;
  if (sample.book) {
    record.attributional = book_total(record, sample.average);
    record.consequential = book_total(record, sample.marginal);
  }
  std::vector<carbon::ComponentUse> uses;
  for (const auto& part : record.components) uses.push_back({part.name, part.kind, part.energy, part.emissions});
  record.ladder = carbon::boundary_ladder(uses, record.pue, record.embodied);
  const auto* own = record.own_book();
  if (own == nullptr) return;
  record.sci = carbon::Sci{record.energy,         record.pue,      own->mean_intensity,
                           own->signal,           record.embodied, record.functional_count,
                           record.functional_unit};
  const double wide = std::fabs(units::in_grams_per_kwh(own->mean_intensity)) * 0.1;
  record.intensity_interval = {own->mean_intensity - units::grams_per_kwh(wide), own->mean_intensity,
                               own->mean_intensity + units::grams_per_kwh(wide), 0.9};
  const auto product = record.energy_interval * *record.intensity_interval;
  record.emissions_interval = {product.low * record.pue + record.embodied, own->emissions,
                               product.high * record.pue + record.embodied, 0.9};
}

void add_quality(RunRecord& record) {
  units::Energy modelled;
  for (const auto& part : record.components) {
    if (part.method.rfind("modelled", 0) == 0) modelled += part.energy;
  }
  const double share = record.energy > units::Energy{} ? units::as_number(modelled / record.energy) : 0.0;
  record.energy_quality = {1.0 - share, share, 0.0};
}

/// Mean watts over bins of a minute, with one bin unread.
void add_power(RunRecord& record, const SampleRun& sample) {
  record.power.begin = record.when.begin;
  record.power.bin = std::chrono::minutes(1);
  const auto bins = static_cast<std::size_t>(record.when.length() / record.power.bin) + 1;
  for (const auto& part : sample.parts) {
    auto& row = record.power.by_component.emplace_back();
    for (std::size_t i = 0; i < bins; ++i)
      row.push_back(units::watts(part.watts * wave(60.0 * static_cast<double>(i))));
    if (bins > 8) row[5] = units::watts(series::kMissing);
  }
}

account::WhatIf later(const RunRecord& record, const series::Series& series, time::Duration by, double pue) {
  account::WhatIf out{
      by > time::Duration(0) ? "later" : "zone", series.zone(), series.signal(), kSampleSource, by, {}, {}, ""};
  for (const auto& slot : record.slots) {
    const auto intensity = intensity_at(series, slot.begin + by);
    CHECK(intensity.has_value());
    out.operational += slot.energy * *intensity * pue;
  }
  out.difference = record.own_book()->operational - out.operational;
  out.word = series.signal().kind == series::SignalKind::kMarginal ? "avoided" : "allocated";
  return out;
}

SamplePart gpu(int number, const std::string& node, double watts) {
  const std::string name = (node == "node1" || node == "gpu-box" ? "" : node + "/") + "gpu" + std::to_string(number);
  return {name, node, ComponentKind::kGpu, "NVIDIA A100-SXM4-80GB", "measured:nvml-counter", watts, 0.08, 0, 0, 0.97,
          1.03, 1.0};
}

}  // namespace

RunRecord make_run(const SampleRun& sample) {
  RunRecord record;
  record.run_id = sample.id;
  record.command = {"python", "train.py"};
  record.user = "ada";
  record.when = {instant(sample.begin), instant(sample.begin) + sample.length};
  record.exit_code = 0;
  record.pue = sample.pue;
  record.book = sample.book;
  record.versions = {{"ebb", "0.1.0"}};
  record.machine_json = R"({"cpu":"AMD EPYC 7742","memory_gb":512})";
  add_components(record, sample);
  add_slots(record, sample);
  sum_components(record, sample);
  add_quality(record);
  add_emissions(record, sample);
  add_power(record, sample);
  record.job_cpu = sample.length / 2;
  record.meter_cpu = std::chrono::milliseconds(300);
  record.meter_energy = units::joules(1.5);
  return record;
}

series::Series sample_series(const std::string& zone, const series::Signal& signal, double shift_g) {
  std::vector<double> values;
  for (int i = 0; i < 36 * 12; ++i) {
    const double hour = i / 12.0;
    const double sun = std::max(0.0, std::sin((hour - 12.0) / 12.0 * 3.141592653589793));
    const bool marginal = signal.kind == series::SignalKind::kMarginal;
    values.push_back(
        rounded(shift_g + (marginal ? 460.0 - 120.0 * sun + 20.0 * std::sin(i * 1.7) : 320.0 - 150.0 * sun)));
  }
  return series::Series({zone, signal, kSampleSource, "2024", {0.9, 0.1, 0.0}}, instant("2024-05-02T06:00:00Z"),
                        std::chrono::minutes(5), std::move(values));
}

RunRecord modelled_vm() {
  SampleRun sample;
  sample.id = "20240502-vm";
  sample.length = std::chrono::minutes(7);
  sample.parts = {{"cpu", "vm", ComponentKind::kCpu, "AMD EPYC", "modelled:cpu-time", 22.0, 0.0, 0, 0, 0.5, 1.9, 1.0},
                  {"dram", "vm", ComponentKind::kDram, "", "modelled:dram-size", 2.9, 1.0, 0, 0, 0.5, 2.0, 1.0}};
  auto record = make_run(sample);
  record.warnings = {"the CPU hides its model (\"AMD EPYC\"): the interval is wide"};
  return record;
}

RunRecord eight_gpus() {
  SampleRun sample;
  sample.id = "20240502-gpus";
  sample.length = std::chrono::minutes(95);
  for (int i = 0; i < 8; ++i) sample.parts.push_back(gpu(i, "gpu-box", 385.0 - 4.0 * i));
  sample.parts.push_back({"cpu0", "gpu-box", ComponentKind::kCpu, "AMD EPYC 7742", "attributed:rapl", 96.0, 0.25, 30.0,
                          41.0, 0.95, 1.05, 0.998});
  sample.parts.push_back(
      {"dram", "gpu-box", ComponentKind::kDram, "", "modelled:dram-size", 28.0, 0.9, 0.0, 0.0, 0.5, 1.8, 1.0});
  sample.embodied = {{"A100", 8.0, sample.length, 4.0, units::grams(164000), {}, "Boavizta"},
                     {"server", 1.0, sample.length, 4.0, units::grams(1300000), {}, "Cloud Carbon Footprint"}};
  sample.pue = 1.12;
  sample.zone = "US-CAL-CISO";
  sample.book = carbon::BookKind::kConsequential;
  sample.average = sample_series(sample.zone, series::kAverageLifecycle);
  sample.marginal = sample_series(sample.zone, series::kMarginalDirect);
  auto record = make_run(sample);
  record.command = {"torchrun", "--nproc-per-node=8", "train.py", "--note", "</script><script>alert(1)</script>"};
  record.project = "bert";
  record.tags = {{"model", "bert-base"}, {"seed", "7"}};
  record.pue_source = "Google Cloud, 2023";
  record.what_if = {later(record, *sample.marginal, std::chrono::hours(6), record.pue),
                    later(record, *sample.marginal, std::chrono::hours(12), record.pue),
                    later(record, sample_series("US-NW-BPAT", series::kMarginalDirect, -90.0), {}, record.pue)};
  const auto half = record.energy * 0.5;
  record.regions = {{"train", 1, true, std::chrono::minutes(90), record.energy * 0.96, std::nullopt},
                    {"train/epoch", 3, false, std::chrono::minutes(60), half, record.own_book()->operational * 0.5}};
  record.prediction = account::Prediction{"train/epoch",
                                          3,
                                          10,
                                          {half * 3.0, half * 10.0 / 3.0, half * 4.0, 0.9},
                                          {units::seconds(11400), units::seconds(12000), units::seconds(12900), 0.9},
                                          std::nullopt};
  return record;
}

RunRecord two_nodes_one_missing() {
  SampleRun sample;
  sample.id = "20240502-two";
  for (const auto* node : {"node1", "node2"}) {
    for (int i = 0; i < 2; ++i) sample.parts.push_back(gpu(i, node, 290.0));
  }
  sample.zone = "DE";
  sample.book = carbon::BookKind::kAttributional;
  sample.average = sample_series(sample.zone, series::kAverageLifecycle, 60.0);
  auto record = make_run(sample);
  record.missing_nodes = {"node3"};
  record.gaps = {{"", "missing-node", "node node3 did not report", record.when, 1, false}};
  record.warnings = {"node3 did not report: its energy is in no figure here"};
  record.what_if = {later(record, *sample.average, std::chrono::hours(5), record.pue)};
  return record;
}

RunRecord crashed_with_gaps() {
  SampleRun sample;
  sample.id = "20240502-crash";
  sample.length = std::chrono::minutes(22);
  sample.parts = {gpu(0, "gpu-box", 310.0)};
  sample.parts[0].coverage = 0.91;
  sample.zone = "US-CAL-CISO";
  sample.book = carbon::BookKind::kConsequential;
  sample.marginal = sample_series(sample.zone, series::kMarginalDirect);
  auto record = make_run(sample);
  record.state = "lost";
  record.exit_code = std::nullopt;
  const auto at = [&record](int seconds) { return record.when.begin + std::chrono::seconds(seconds); };
  record.gaps = {{"gpu0", "read-failed", "EIO", {at(60), at(62)}, 2, true},
                 {"gpu0", "reset", "the driver was loaded again", {at(300), at(402)}, 1, false},
                 {"", "suspended", "", {at(500), at(517)}, 1, false}};
  return record;
}

RunRecord random_run(std::mt19937_64& random) {
  const auto between = [&random](double a, double b) { return std::uniform_real_distribution<double>(a, b)(random); };
  const auto below = [&random](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  SampleRun sample;
  sample.id = "random-" + std::to_string(below(1000000));
  sample.length = std::chrono::milliseconds(1 + below(4 * 3600 * 1000));
  const int parts = below(12);
  for (int i = 0; i < parts; ++i) {
    const auto kind = static_cast<ComponentKind>(below(4));
    sample.parts.push_back({"part" + std::to_string(i), below(2) == 0 ? "a" : "b", kind, "board",
                            below(2) == 0 ? "measured:x" : "modelled:y", below(5) == 0 ? 0.0 : between(0.0, 900.0),
                            between(0.0, 1.0), between(0.0, 50.0), between(0.0, 80.0), between(0.4, 1.0),
                            between(1.0, 2.5), between(0.0, 1.0)});
  }
  for (int i = below(3); i > 0; --i) {
    sample.embodied.push_back({"device",
                               between(0.0, 8.0),
                               sample.length,
                               between(1.0, 7.0),
                               units::grams(between(0.0, 2e6)),
                               {},
                               "a table"});
  }
  sample.pue = between(1.0, 2.0);
  const int books = below(4);  // none, average, marginal, both
  if (books > 0) {
    sample.zone = "Z";
    if (books != 2) sample.average = sample_series("Z", series::kAverageLifecycle, between(-100.0, 300.0));
    if (books != 1) sample.marginal = sample_series("Z", series::kMarginalDirect, between(-600.0, 300.0));
    const bool consequential = books == 2 || (books == 3 && below(2) == 0);
    sample.book = consequential ? carbon::BookKind::kConsequential : carbon::BookKind::kAttributional;
  }
  return make_run(sample);
}

report::Json sample_run_document(const RunRecord& record) {
  const std::string zone = record.zone;
  std::vector<series::Series> all;
  if (!zone.empty()) {
    all = {sample_series(zone, series::kMarginalDirect), sample_series(zone, series::kAverageLifecycle),
           sample_series("US-NW-BPAT", series::kMarginalDirect, -90.0)};
    // An hour of it is missing from 18:00 on, and it ends at 24:00.
    const auto whole = sample_series("FR", series::kMarginalDirect, -200.0);
    std::vector<double> values(whole.values().begin(), whole.values().begin() + 18 * 12);
    std::fill(values.begin() + 12 * 12, values.begin() + 13 * 12, series::kMissing);
    all.emplace_back(whole.provenance(), whole.begin(), whole.step(), std::move(values));
  }
  return report::run_document(
      report::run_json(record), all,
      {{"A100-SXM4-80GB", units::watts(400.0)}, {"H100-SXM5-80GB", units::watts(700.0)}, {"L4", units::watts(72.0)}});
}

}  // namespace ebb::test
