#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "carbon/books.h"
#include "carbon/ladder.h"
#include "carbon/sci.h"
#include "carbon/uncertainty.h"
#include "hardware/component.h"
#include "series/series.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::account {

/// One component of a run on one node, over the whole run.
struct ComponentTotal {
  std::string name;  ///< "gpu0"; "node2/gpu0" in a run of several nodes
  std::string node;
  hardware::ComponentKind kind = hardware::ComponentKind::kOther;
  std::string device;
  std::string method;                         ///< "measured:nvml-counter", "attributed:rapl", "modelled:cpu-time"
  std::string source;                         ///< of the interval
  units::Energy energy;                       ///< the job's: its work, and the idle draw allocated to it
  carbon::Uncertain<units::Energy> interval;  ///< around `energy`
  double coverage = 0.0;                      ///< share of the run's time that readings stand for, 0 to 1
  // Conservation: job + job_idle + idle + others = measured.
  units::Energy measured;
  units::Energy job;
  units::Energy job_idle;
  units::Energy idle;
  units::Energy others;
  std::optional<units::Emissions> emissions;  ///< at the equipment, in the run's own book
};

/// Energy of the job in one 5-minute slot (or the part of it that the run touches).
struct SlotTotal {
  time::Instant begin;
  units::Energy energy;
  std::vector<units::Energy> by_component;    ///< in the order of RunRecord::components
  std::optional<units::Intensity> intensity;  ///< of the chosen book, weighted by the energy; nothing where missing
  std::optional<units::Intensity> other;      ///< of the other book
};

/// One of the two books with what must stand beside its figure.
struct BookTotal {
  series::Signal signal;
  std::string zone;
  std::string source;
  std::string vintage;
  series::DataQuality quality;
  units::Intensity mean_intensity;  ///< weighted by the energy
  units::Emissions operational;     ///< energy x intensity x PUE
  units::Emissions emissions;       ///< + embodied
};

/// A region between marks, all its passages together.
struct RegionTotal {
  std::string path;  ///< "train/epoch": nested names
  int passages = 0;
  bool open = false;  ///< the run ended inside
  time::Duration length{0};
  units::Energy energy;
  std::optional<units::Emissions> operational;
};

/// Progress and prediction of a whole from its first part.
struct Prediction {
  std::string region;  ///< whose passages are counted, "epoch"
  int done = 0;
  int expected = 0;
  carbon::Uncertain<units::Energy> energy;  ///< of all passages
  carbon::Uncertain<units::Seconds> length;
  std::optional<carbon::Uncertain<units::Emissions>> emissions;
};

/// The same run at another time or place.
struct WhatIf {
  std::string kind;  ///< "later", "zone"
  std::string zone;
  series::Signal signal;
  std::string source;
  time::Duration later{0};
  units::Emissions operational;
  units::Emissions difference;  ///< of the run's own book less this one: above 0 = better than what was done
  std::string word;             ///< "avoided" where marginal, else "allocated" (law 5)
};

/// A stretch without readings, of one component ("" = all).
struct GapTotal {
  std::string component;
  std::string cause;
  std::string detail;
  time::Interval when;
  int count = 1;  ///< neighbours of one cause are put together
  bool recovered = false;
};

/// What the hardware's making adds: one device kind.
struct EmbodiedShare {
  std::string device;
  double count = 0.0;
  time::Duration held{0};
  double lifetime_years = 0.0;
  units::Emissions each;
  units::Emissions share;
  std::string source;
};

/// Power over time for the chart: means over equal bins.
struct PowerTimeline {
  time::Instant begin;
  time::Duration bin{0};
  std::vector<std::vector<units::Power>> by_component;  ///< [component][bin]; NaN watts where no reading
};

/// One measured execution, priced: the ledger's record and the report's input (contract.md, `ebb run --json`).
struct RunRecord {
  std::string run_id;
  std::string state = "finished";  ///< running, finished, lost
  std::vector<std::string> command;
  std::string project;
  std::map<std::string, std::string> tags;
  std::string parent_run;
  std::string user;
  std::vector<std::string> nodes;
  std::vector<std::string> missing_nodes;
  time::Interval when;
  std::optional<int> exit_code;
  std::vector<ComponentTotal> components;
  units::Energy energy;
  carbon::Ladder ladder;
  double pue = 1.0;
  std::string pue_source;
  std::vector<EmbodiedShare> embodied_parts;
  units::Emissions embodied;
  std::string zone;                      ///< empty: emissions are not known
  std::optional<carbon::BookKind> book;  ///< the one that `operational` is in
  std::optional<BookTotal> attributional;
  std::optional<BookTotal> consequential;
  std::optional<carbon::Sci> sci;
  double functional_count = 1.0;  ///< R, also where there is no SCI
  std::string functional_unit = "training";
  carbon::Uncertain<units::Energy> energy_interval;
  std::optional<carbon::Uncertain<units::Intensity>> intensity_interval;
  std::optional<carbon::Uncertain<units::Emissions>> emissions_interval;
  /// What an estimate does not know exactly either; nothing: taken as exact.
  std::optional<carbon::Uncertain<units::Ratio>> pue_interval;
  std::optional<carbon::Uncertain<units::Emissions>> embodied_interval;
  std::vector<SlotTotal> slots;
  double coverage = 0.0;               ///< least of the components'
  series::DataQuality energy_quality;  ///< share of the energy that is measured, modelled, filled
  int pauses = 0;
  time::Duration paused{0};
  std::vector<GapTotal> gaps;
  std::vector<RegionTotal> regions;
  std::optional<Prediction> prediction;
  std::vector<WhatIf> what_if;
  PowerTimeline power;
  time::Duration job_cpu{0};
  time::Duration meter_cpu{0};
  units::Energy meter_energy;
  std::string machine_json;
  std::map<std::string, std::string> versions;
  std::vector<std::string> warnings;

  /// Of the run's own book; nothing without a zone.
  [[nodiscard]] const BookTotal* own_book() const {
    if (!book) return nullptr;
    const auto& chosen = *book == carbon::BookKind::kConsequential ? consequential : attributional;
    return chosen ? &*chosen : nullptr;
  }
};

}  // namespace ebb::account
