#include "carbon/equivalence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "hardware/table.h"
#include "units/format.h"

extern "C" const char ebb_data_equivalences_begin[];
extern "C" const char ebb_data_equivalences_end[];

namespace ebb::carbon {
namespace {

constexpr double kMostCounted = 1000.0;
constexpr double kBestCounted = 30.0;
constexpr double kLeastGrams = 1e-9;

/// Two digits below ten ("2.5", "3"), whole above ("41", "1,320").
std::string count_text(double count) {
  if (count < 9.95) {
    const double rounded = std::round(count * 10.0) / 10.0;
    return rounded == std::floor(rounded) ? fmt::format("{:.0f}", rounded) : fmt::format("{:.1f}", rounded);
  }
  return count < 999.5 ? fmt::format("{:.0f}", count) : units::three_digits(std::round(count));
}

/// Smaller is better.
std::pair<int, double> rank(const Equivalence& equivalence, double count) {
  return {-equivalence.year, std::fabs(std::log(count / kBestCounted))};
}

}  // namespace

std::optional<ChosenEquivalence> choose_equivalence(units::Emissions amount, const std::vector<Equivalence>& known) {
  if (!(amount > units::Emissions{}) || !std::isfinite(units::in_grams(amount))) return std::nullopt;
  const Equivalence* best = nullptr;
  const Equivalence* largest = nullptr;
  const auto count_of = [amount](const Equivalence& one) { return units::as_number(amount / one.each); };
  for (const auto& one : known) {
    if (largest == nullptr || one.each > largest->each) largest = &one;
    const double count = count_of(one);
    if (count < 1.0 || count > kMostCounted) continue;
    if (best == nullptr || rank(one, count) < rank(*best, count_of(*best))) best = &one;
  }
  if (best == nullptr && largest != nullptr && count_of(*largest) > kMostCounted) best = largest;
  if (best == nullptr) return std::nullopt;
  return ChosenEquivalence{count_of(*best), *best};
}

std::optional<ChosenEquivalence> choose_equivalence(units::Emissions amount) {
  return choose_equivalence(amount, known_equivalences());
}

std::string text_of(const ChosenEquivalence& chosen) {
  const std::string count = count_text(chosen.count);
  return fmt::format("about as much as {} {} ({}: {} each)", count,
                     count == "1" ? chosen.of.singular : chosen.of.plural, chosen.of.label,
                     units::text_of(chosen.of.each));
}

const std::vector<Equivalence>& known_equivalences() {
  static const std::vector<Equivalence> known = [] {
    auto parsed = parse_equivalences({ebb_data_equivalences_begin, ebb_data_equivalences_end}, "equivalences.csv");
    CHECK(parsed.ok());
    return *std::move(parsed);
  }();
  return known;
}

base::Expected<std::vector<Equivalence>> parse_equivalences(std::string_view text, const std::string& name) {
  EBB_TRY(const auto rows,
          hardware::parse_table(
              text, name, {"singular", "plural", "grams", "year", "label", "licence", "source", "note"}, {"note"}));
  std::vector<Equivalence> known;
  for (const auto& row : rows) {
    EBB_TRY(const double grams, row.number("grams", kLeastGrams));
    EBB_TRY(const double year, row.number("year", 1900.0));
    if (year != std::floor(year) || year > 2200.0) return row.error("the year is no year");
    const bool twice = std::any_of(known.begin(), known.end(), [&](const Equivalence& other) {
      return other.singular == row["singular"] && other.label == row["label"];
    });
    if (twice) return row.error("the quantity comes twice in one vintage");
    known.push_back({row.text("singular"), row.text("plural"), units::grams(grams), static_cast<int>(year),
                     row.text("label"), row.text("licence"), row.text("source"), row.text("note")});
  }
  return known;
}

}  // namespace ebb::carbon
