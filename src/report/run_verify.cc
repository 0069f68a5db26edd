#include "report/run_verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/escape.h"
#include "report/run_checks.h"
#include "report/run_read.h"

namespace ebb::report {
namespace {

using account::RunRecord;

constexpr double kTolerance = 1e-9;

template <typename Q>
bool in_order(const carbon::Uncertain<Q>& value) {
  return value.low <= value.value && value.value <= value.high;
}

/// Sum of the components' ends: where they all err the same way. No interval of the sum is wider.
carbon::Uncertain<units::Energy> widest_energy(const RunRecord& record) {
  carbon::Uncertain<units::Energy> out;
  for (const auto& part : record.components) {
    out.low += part.interval.low;
    out.high += part.interval.high;
  }
  return out;
}

std::string figure(const std::optional<double>& value) { return value ? number_text(*value) : "nothing"; }

}  // namespace

void Checks::compare(const std::string& what, double recorded, double recomputed, const std::string& why,
                     double scale) {
  const double size = std::max({std::fabs(recorded), std::fabs(recomputed), std::fabs(scale)});
  if (std::fabs(recorded - recomputed) <= kTolerance * size) return;
  fault({what, recorded, recomputed, why});
}

void Checks::compare(const std::string& what, std::optional<double> recorded, std::optional<double> recomputed,
                     const std::string& why, double scale) {
  if (recorded && recomputed) return compare(what, *recorded, *recomputed, why, scale);
  if (recorded.has_value() != recomputed.has_value()) fault({what, recorded, recomputed, why});
}

void Checks::hold(bool holds, const std::string& what, double recorded, const std::string& why) {
  if (!holds) fault({what, recorded, {}, why});
}

void check_uncertainty(Checks& checks, const RunRecord& record) {
  const auto& energy = record.energy_interval;
  const double kwh = units::in_kwh(record.energy);
  checks.hold(in_order(energy), "uncertainty.energy_kwh", kwh, "an interval that holds the energy");
  const auto widest = widest_energy(record);
  const auto room = record.energy * kTolerance;
  checks.hold(energy.low >= widest.low - room && energy.high <= widest.high + room, "uncertainty.energy_kwh",
              units::in_kwh(energy.high), "no wider than the components' ends added up");
  checks.checked("uncertainty of the energy: holds it, and is no wider than its components' together");
  const auto* own = record.own_book();
  const auto& intensity = record.intensity_interval;
  const auto& emissions = record.emissions_interval;
  if (own == nullptr || !intensity || !emissions) {
    return checks.unchecked("uncertainty of the emissions: the record has none");
  }
  checks.hold(in_order(*intensity), "uncertainty.intensity_g_per_kwh", units::in_grams_per_kwh(intensity->value),
              "an interval that holds the mean intensity");
  if (!in_order(*intensity) || !in_order(energy)) return;
  auto building = record.pue_interval.value_or(carbon::exactly(units::Ratio(record.pue)));
  auto made = record.embodied_interval.value_or(carbon::exactly(record.embodied));
  building.level = made.level = energy.level;  // what is exact is so at any level
  checks.hold(in_order(building) && in_order(made), "uncertainty.pue", record.pue,
              "intervals that hold the PUE and the embodied emissions");
  const auto product = energy * *intensity * building + made;
  // However sums are rounded, the ends hold the figure.
  const double low = std::min(units::in_grams(product.low), units::in_grams(emissions->value));
  const double high = std::max(units::in_grams(product.high), units::in_grams(emissions->value));
  const double scale = std::max(std::fabs(low), std::fabs(high));
  constexpr auto kHow = "energy x intensity x PUE + embodied (docs/run-record.md)";
  checks.compare("uncertainty.emissions_g[0]", units::in_grams(emissions->low), low, kHow, scale);
  checks.compare("uncertainty.emissions_g[1]", units::in_grams(emissions->high), high, kHow, scale);
  checks.checked("uncertainty of the emissions: from those of energy, intensity, PUE and embodied emissions");
}

base::Expected<Verification> verify_run(const Json& document) {
  EBB_TRY(const auto record, read_run(document));
  Reader reader(document, "the record");
  Checks checks;
  check_energy(checks, record, reader);
  check_times(checks, record, reader);
  check_books(checks, record, reader);
  check_boundary(checks, record);
  check_embodied(checks, record);
  check_sci(checks, record, reader);
  check_uncertainty(checks, record);
  check_what_ifs(checks, record);
  checks.unchecked("regions, gaps, prediction, power over time: they need the trace");
  EBB_TRY_DO(reader.status());
  return std::move(checks).found();
}

std::string verification_text(const Verification& verification) {
  constexpr std::size_t kMost = 20;
  std::string out = verification.reproduced()
                        ? "arithmetic reproduced; inputs not attested\n"
                        : fmt::format("arithmetic not reproduced: {} differences\n", verification.differences.size());
  const auto& differences = verification.differences;
  for (std::size_t i = 0; i < std::min(differences.size(), kMost); ++i) {
    const auto& one = differences[i];
    const bool figures = one.recorded || one.recomputed;
    out += "  " + one.what;
    if (figures) out += fmt::format(": recorded {}, recomputed {}", figure(one.recorded), figure(one.recomputed));
    out += " (" + printable(one.why) + ")\n";
  }
  if (differences.size() > kMost) out += fmt::format("  ... and {} more\n", differences.size() - kMost);
  for (const auto& what : verification.checked) out += "  checked      " + what + "\n";
  for (const auto& what : verification.unchecked) out += "  not checked  " + what + "\n";
  return out;
}

Json verification_json(const Verification& verification) {
  Json differences = Json::array();
  for (const auto& one : verification.differences) {
    differences.push_back({{"what", one.what},
                           {"recorded", value_or_null(one.recorded)},
                           {"recomputed", value_or_null(one.recomputed)},
                           {"why", one.why}});
  }
  return {{"reproduced", verification.reproduced()},
          {"inputs", "not attested"},
          {"differences", std::move(differences)},
          {"checked", verification.checked},
          {"unchecked", verification.unchecked}};
}

}  // namespace ebb::report
