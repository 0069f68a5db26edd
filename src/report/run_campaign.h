#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/run_record.h"
#include "base/expected.h"
#include "report/json.h"

namespace ebb::report {

/// What became of a run. Each run is one of them: a failed tuning run is failed.
enum class RunClass { kDone, kTuning, kFailed, kRunning };
inline constexpr std::size_t kRunClasses = 4;
std::string_view name_of(RunClass kind);  ///< "done", "tuning", "failed", "running"
/// kTuning: a tag `tuning`, or a tag `kind`, `purpose` or `stage` of value "tuning". kFailed: an exit code other than
/// 0, or lost. kRunning: it goes on; what it has used so far counts.
RunClass class_of(const account::RunRecord& record);

/// R of SCI for the whole project.
struct Functional {
  std::string unit;  ///< "training", "epoch", "token", "request"
  double count = 0.0;
};

/// What does not depend on a signal, summed over runs. The ends of the interval add up: one machine's sensors err
/// alike.
struct EnergySum {
  std::size_t runs = 0;
  units::Seconds length;  ///< a project's may be longer than a Duration can be
  carbon::Uncertain<units::Energy> energy;
  units::Emissions embodied;
  void add(const account::RunRecord& record);
};

/// Law 5: the grams of one signal, scope, source and vintage. Two lines are never added to each other.
struct CampaignLine {
  carbon::BookKind book = carbon::BookKind::kAttributional;
  series::Signal signal;
  std::string source;
  std::string vintage;
  std::vector<std::string> zones;
  std::size_t runs = 0;
  units::Seconds length;
  units::Energy energy;
  units::Emissions operational;
  units::Emissions embodied;
  units::Emissions emissions;
  std::array<units::Emissions, kRunClasses> by_class{};
  std::optional<carbon::Uncertain<units::Emissions>> interval;  ///< where each of its runs has one in this book
  std::optional<units::Emissions> per_unit;                     ///< SCI; nothing unless the line has every run
};

/// Runs of one user or month, or one run; grams by line, nothing where no run of it is in the line.
struct CampaignGroup {
  std::string name;
  EnergySum sum;
  std::vector<std::optional<units::Emissions>> emissions;
  std::size_t without_emissions = 0;
  RunClass kind = RunClass::kDone;  ///< of one run only
};

/// A project's runs together.
struct CampaignTotals {
  EnergySum all;
  std::array<EnergySum, kRunClasses> by_class{};
  std::optional<time::Interval> when;
  std::vector<CampaignLine> lines;
  std::vector<CampaignGroup> by_user;   ///< by name
  std::vector<CampaignGroup> by_month;  ///< "2024-05", of the run's begin, UTC
  std::vector<CampaignGroup> runs;      ///< in the order given
  std::optional<Functional> functional;
  series::DataQuality energy_quality{0.0, 0.0, 0.0};  ///< weighted by energy
  double coverage = 0.0;                              ///< weighted by time
  std::vector<std::string> without_emissions;         ///< ids: counted in the energy, never as 0 g
  std::vector<std::string> without_embodied;          ///< ids: no part of the hardware has a figure
  std::vector<std::string> nested;                    ///< ids: inside another run of the list, not counted again
  std::vector<std::string> missing_nodes;             ///< "RUN: NODE"
  std::vector<std::string> warnings;
};

/// Sums the records of runs (run_json). Without `functional`, R is what the runs that are done say of themselves, where
/// they name one unit: failed and tuning runs are part of the cost and deliver nothing.
///
/// A run whose parent is in the list, on a node of the parent's and within its time, was measured by the parent already
/// and is not added. kBadData: a document that is no record, or a run that comes twice. kUsage: an R that is not above
/// 0.
base::Expected<CampaignTotals> campaign(const std::vector<Json>& run_records,
                                        const std::optional<Functional>& functional = std::nullopt);

}  // namespace ebb::report
