#pragma once

#include <optional>
#include <string>
#include <vector>

#include "account/measured.h"
#include "account/run_record.h"
#include "base/expected.h"
#include "series/series.h"

namespace ebb::account {

/// What turns energies into emissions: chosen by whoever asks, not by the trace.
struct Pricing {
  /// At most one series of each book, of one zone. Both empty: emissions are not known.
  std::optional<series::Series> attributional;
  std::optional<series::Series> consequential;
  /// The book of the headline; nothing: consequential where it prices the whole run, else attributional.
  std::optional<carbon::BookKind> book;
  /// 90% interval of the run's mean intensity as factors of it, where its source states one.
  std::optional<std::pair<double, double>> intensity_factors;
  double pue = 1.0;
  std::string pue_source;
  std::vector<EmbodiedShare> embodied;
  std::string functional_unit = "training";
  double functional_count = 1.0;
  /// Passages expected of `hinted_region`, for a prediction; nothing: none asked for.
  std::optional<int> passages_hint;
  std::string hinted_region = "epoch";
  /// Whether the run's process still lives: a run without an end is then running, else lost.
  bool alive = false;
};

/// Prices what was measured. Law 1: emissions are sums over 5-minute slots of energy x intensity (a finer series is
/// averaged over the slot, as the energy is known by slot). Law 4: where energy lies in a slot without a value, that
/// book is empty, and a warning says how much of it could be priced.
///
/// Errors: kBadData for a series whose signal does not say which book it belongs to, kUsage where a series stands in
/// the other's place or the PUE or count are out of range.
base::Expected<RunRecord> price(const Measured& measured, const Pricing& pricing);

/// Energy of a whole from parts of one uncertainty: parts measured in one way err together, so their ends add;
/// different ways err apart, in quadrature.
carbon::Uncertain<units::Energy> energy_interval(const std::vector<ComponentTotal>& components);

}  // namespace ebb::account
