#include "account/prediction.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"

namespace ebb::account {
namespace {

/// 95% quantile of Student's t (two-sided 90%) by degrees of freedom; the normal's beyond the table (its error there
/// is below 2%). Source: any table of the distribution; checked against its density in the tests.
double t_quantile(std::size_t freedom) {
  static constexpr std::array<double, 30> kTable{6.3138, 2.9200, 2.3534, 2.1318, 2.0150, 1.9432, 1.8946, 1.8595,
                                                 1.8331, 1.8125, 1.7959, 1.7823, 1.7709, 1.7613, 1.7531, 1.7459,
                                                 1.7396, 1.7341, 1.7291, 1.7247, 1.7207, 1.7171, 1.7139, 1.7109,
                                                 1.7081, 1.7056, 1.7033, 1.7011, 1.6991, 1.6973};
  return freedom <= kTable.size() ? kTable.at(freedom - 1) : 1.6449;
}

template <typename Q>
carbon::Uncertain<Q> as_quantity(const carbon::UncertainNumber& number) {
  return {Q(number.low), Q(number.value), Q(number.high), number.level};
}

}  // namespace

carbon::UncertainNumber predict_sum(const std::vector<double>& passages, int expected) {
  CHECK(!passages.empty());
  const auto n = static_cast<double>(passages.size());
  double done = 0.0;
  for (const double one : passages) done += one;
  const double mean = done / n;
  const double rest = std::max(0.0, expected - n);
  const double value = done + rest * mean;
  if (rest == 0.0) return {value, value, value, 0.9};
  if (passages.size() == 1) return {done + 0.5 * rest * mean, value, done + 2.0 * rest * mean, 0.9};
  double squares = 0.0;
  for (const double one : passages) squares += (one - mean) * (one - mean);
  const double spread = std::sqrt(squares / (n - 1.0));
  const double half = t_quantile(passages.size() - 1) * spread * std::sqrt(rest + rest * rest / n);
  return {std::max(done, value - half), value, value + half, 0.9};
}

std::optional<Prediction> predict(const Measured& measured, const Pricing& pricing, const RunRecord& record) {
  const auto& name = pricing.hinted_region;
  const auto region = std::find_if(measured.regions.begin(), measured.regions.end(),
                                   [&](const auto& one) { return one.path == name || one.path.ends_with("/" + name); });
  if (region == measured.regions.end()) return std::nullopt;
  std::vector<double> energies;
  std::vector<double> lengths;
  // A passage that the run's end (or now) cut short says nothing about a whole one.
  const std::size_t whole = region->passages.size() - (region->open ? 1 : 0);
  for (std::size_t i = 0; i < whole; ++i) {
    energies.push_back(units::in_joules(region->passages[i].energy));
    lengths.push_back(time::in_seconds(region->passages[i].length));
  }
  const int expected = *pricing.passages_hint;
  if (energies.empty() || expected < static_cast<int>(energies.size())) return std::nullopt;
  Prediction prediction;
  prediction.region = region->path;
  prediction.done = static_cast<int>(energies.size());
  prediction.expected = expected;
  prediction.energy = as_quantity<units::Energy>(predict_sum(energies, expected));
  prediction.length = as_quantity<units::Seconds>(predict_sum(lengths, expected));
  if (const auto* own = record.own_book()) {
    auto intensity = carbon::exactly(own->mean_intensity);
    if (record.intensity_interval) intensity = *record.intensity_interval;
    const auto equipment = prediction.energy * intensity;
    prediction.emissions = carbon::Uncertain<units::Emissions>{equipment.low * record.pue, equipment.value * record.pue,
                                                               equipment.high * record.pue, equipment.level};
  }
  return prediction;
}

}  // namespace ebb::account
