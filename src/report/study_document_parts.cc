#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "base/text.h"
#include "carbon/equivalence.h"
#include "carbon/ladder.h"
#include "hardware/embodied.h"
#include "hardware/pue.h"
#include "report/study_document.h"
#include "workload/experiment.h"

extern "C" const char ebb_data_paper_results_begin[];
extern "C" const char ebb_data_paper_results_end[];

namespace ebb::report {
namespace {

/// Places of one signal, in the order of the study.
std::vector<std::pair<series::Signal, std::vector<std::size_t>>> by_signal(const study::Spec& spec) {
  std::vector<std::pair<series::Signal, std::vector<std::size_t>>> groups;
  for (std::size_t i = 0; i < spec.places.size(); ++i) {
    const auto& signal = spec.places[i].series.signal();
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == signal; });
    if (group == groups.end()) group = groups.insert(groups.end(), {signal, {}});
    group->second.push_back(i);
  }
  return groups;
}

std::string label_of(const study::Place& place) { return place.region.empty() ? place.series.zone() : place.region; }

Json job_range(const study::Spec& spec, const workload::Experiment& experiment, const series::Signal& signal,
               const std::vector<std::pair<std::size_t, double>>& grams) {
  const auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto low = *std::min_element(grams.begin(), grams.end(), less);
  const auto high = *std::max_element(grams.begin(), grams.end(), less);
  return {{"experiment", experiment.name},
          {"energy_kwh", units::in_kwh(experiment.profile.energy())},
          {"min_g", low.second},
          {"max_g", high.second},
          {"min_region", label_of(spec.places[low.first])},
          {"max_region", label_of(spec.places[high.first])},
          {"signal", json_of(signal)},
          {"note", experiment.extrapolated ? Json("extrapolated: " + experiment.note) : text_or_null(experiment.note)}};
}

/// A paper's experiment has rows of every slack; run-now does not depend on it, so the first will do.
std::optional<double> baseline_of(const std::vector<study::Row>& rows, std::size_t place, std::size_t experiment) {
  for (const auto& row : rows) {
    if (row.place == place && row.experiment == experiment && row.baseline_g) return row.baseline_g;
  }
  return std::nullopt;
}

Json rung(const std::string& name, const carbon::Rung& rung, std::optional<double> watts, const std::string& method) {
  return {{"name", name},
          {"watts", value_or_null(watts)},
          {"energy_kwh", units::in_kwh(rung.energy)},
          {"g", rung.emissions ? Json(units::in_grams(*rung.emissions)) : Json(nullptr)},
          {"method", method}};
}

}  // namespace

Json equivalences_json(const study::Spec& spec, const std::vector<study::Row>& rows) {
  Json jobs = Json::array();
  for (const auto& [signal, places] : by_signal(spec)) {
    for (std::size_t e = 0; e < spec.experiments.size(); ++e) {
      std::vector<std::pair<std::size_t, double>> grams;
      for (const auto place : places) {
        if (const auto g = baseline_of(rows, place, e)) grams.emplace_back(place, *g);
      }
      if (!grams.empty()) jobs.push_back(job_range(spec, spec.experiments[e], signal, grams));
    }
    // The whole 6B training does not fit a year's sweep in every window: its energy at each place's mean intensity.
    const auto full = workload::find_experiment("6b-transformer-full");
    const bool studied = std::any_of(spec.experiments.begin(), spec.experiments.end(),
                                     [](const auto& x) { return x.name == "6b-transformer"; });
    if (full && studied) {
      std::vector<std::pair<std::size_t, double>> grams;
      for (const auto place : places) {
        const auto mean = units::grams_per_kwh(spec.places[place].series.mean());
        grams.emplace_back(place, units::in_grams(full->profile.energy() * mean));
      }
      auto job = job_range(spec, *full, signal, grams);
      job["note"] = "extrapolated from 13% of a run to a full training, at the yearly mean intensity";
      jobs.push_back(std::move(job));
    }
  }
  Json everyday = Json::array();
  const auto& all = carbon::known_equivalences();
  for (const auto& known : all) {
    // The newest vintage of each, and none that is smaller than the smallest job.
    const bool superseded = std::any_of(all.begin(), all.end(), [&](const auto& other) {
      return other.singular == known.singular && other.year > known.year;
    });
    if (superseded || known.each < units::grams(1.0)) continue;
    everyday.push_back({{"name", known.singular},
                        {"grams", units::in_grams(known.each)},
                        {"vintage", known.label},
                        {"source", known.source}});
  }
  return {{"jobs", std::move(jobs)}, {"everyday", std::move(everyday)}};
}

Json table1_json() {
  const auto& powers = carbon::dodge2022_component_powers();
  const auto fractions = carbon::fractions_of(powers);
  Json out = Json::array();
  for (std::size_t i = 0; i < powers.size(); ++i) {
    out.push_back(
        {{"component", powers[i].name}, {"watts", units::in_watts(powers[i].power)}, {"fraction", fractions[i]}});
  }
  return out;
}

Json ladder_json(const study::Spec& spec) {
  constexpr auto kRun = std::chrono::hours(12);
  Json out = Json::array();
  const auto pue = hardware::find_pue("azure");
  const auto gpu = hardware::find_embodied("any-gpu");
  const auto server = hardware::server_embodied({2, 16.0, 0, 0, 0, "any-gpu"});
  if (!pue || !gpu || !server) return out;
  const auto lifetime = hardware::kLifetimeYear * static_cast<std::int64_t>(gpu->lifetime_years);
  const auto embodied = hardware::embodied_share(gpu->each, kRun, lifetime, 1.0).value +
                        hardware::embodied_share(*server, kRun, lifetime, 1.0).value;
  for (const auto& [signal, places] : by_signal(spec)) {
    const auto& place = spec.places[places.front()];
    const auto intensity = units::grams_per_kwh(place.series.mean());
    std::vector<carbon::ComponentUse> uses;
    double gpu_watts = 0.0;
    double all_watts = 0.0;
    for (const auto& component : carbon::dodge2022_component_powers()) {
      const auto energy = component.power * time::as_quantity(kRun);
      uses.push_back({component.name, component.kind, energy, energy * intensity});
      all_watts += units::in_watts(component.power);
      if (component.kind == carbon::ComponentKind::kGpu) gpu_watts += units::in_watts(component.power);
    }
    const auto ladder = carbon::boundary_ladder(uses, pue->value, embodied);
    Json rungs = Json::array();
    rungs.push_back(rung("GPU only (the paper's boundary)", ladder.gpu, gpu_watts, "measured: Table 1"));
    rungs.push_back(rung("+ CPU and memory", ladder.plus_cpu_memory, all_watts, "measured: Table 1"));
    rungs.push_back(rung(fmt::format("x PUE {}", pue->value), ladder.plus_pue, {}, "modelled: " + pue->source));
    rungs.push_back(rung("+ embodied", ladder.plus_embodied, {},
                         "modelled: one GPU and a server with two CPUs, 12 h of 4 years: " + gpu->source));
    out.push_back(
        {{"title", fmt::format("BERT-base on one TITAN X, 12 h, in {} ({})", label_of(place), series::text_of(signal))},
         {"note",
          fmt::format("{} intensity at its yearly mean, {:.0f} g/kWh", series::text_of(signal), place.series.mean())},
         {"signal", json_of(signal)},
         {"rungs", std::move(rungs)}});
  }
  return out;
}

Json paper_json(const study::Spec& spec, const std::vector<study::Row>& rows) {
  struct Sum {
    double percent = 0.0;
    double pauses = 0.0;
    std::size_t places = 0;
  };
  Json out = Json::array();
  for (const auto& [signal, places] : by_signal(spec)) {
    std::map<std::tuple<std::string, std::string, plan::Strategy>, Sum> sums;
    for (const auto& row : rows) {
      if (!(spec.places[row.place].series.signal() == signal) || !row.saved_percent_mean) continue;
      auto& sum = sums[{spec.slacks[row.slack].text, spec.experiments[row.experiment].name, row.strategy}];
      sum.percent += *row.saved_percent_mean;
      sum.pauses += *row.pauses_per_hour;
      ++sum.places;
    }
    const bool marginal = signal.kind == series::SignalKind::kMarginal;
    const std::string group =
        marginal ? "West US, marginal 5-minute" : "average of 16 regions (stand-ins, average lifecycle)";
    base::Lines lines(std::string_view(ebb_data_paper_results_begin, ebb_data_paper_results_end));
    while (const auto line = lines.next()) {
      if (line->starts_with('#') || line->starts_with("slack,") || line->empty()) continue;
      const auto fields = base::split(*line, ',');
      const auto mean = [&](plan::Strategy strategy, double Sum::*what) -> Json {
        const auto found = sums.find({std::string(fields[0]), std::string(fields[1]), strategy});
        if (found == sums.end()) return nullptr;
        return found->second.*what / static_cast<double>(found->second.places);
      };
      out.push_back({{"slack", fields[0]},
                     {"experiment", fields[1]},
                     {"paper_flexible_start_percent", value_or_null(base::parse_number(fields[2]))},
                     {"paper_pause_resume_percent", value_or_null(base::parse_number(fields[3]))},
                     {"paper_pauses_per_hour", value_or_null(base::parse_number(fields[4]))},
                     {"group", group},
                     {"flexible_start_percent", mean(plan::Strategy::kFlexibleStart, &Sum::percent)},
                     {"pause_resume_percent", mean(plan::Strategy::kPauseResume, &Sum::percent)},
                     {"pauses_per_hour", mean(plan::Strategy::kPauseResume, &Sum::pauses)}});
    }
  }
  return out;
}

}  // namespace ebb::report
