#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "units/quantity.h"

namespace ebb::carbon {

/// An everyday quantity: a row of data/equivalences.csv, which explains its figures. A size to compare with, never an
/// offset (law 8).
struct Equivalence {
  std::string singular;  ///< "smartphone charge"
  std::string plural;
  units::Emissions each;
  int year = 0;       ///< of the vintage
  std::string label;  ///< publisher and vintage, as printed: "EPA 2026"
  std::string licence;
  std::string source;
  std::string note;  ///< may be empty
};

/// So many of one everyday quantity.
struct ChosenEquivalence {
  double count = 0.0;
  Equivalence of;
};

/// The quantity that says an amount best: one whose count lies between 1 and 1000 ("0.000001 railcars" tells nobody
/// anything); of those the newest vintage, and of these the count nearest to 30 on a log scale. Above 1000 of the
/// largest, so many of the largest. Nothing for an amount that is 0, negative, or less than one of the smallest.
std::optional<ChosenEquivalence> choose_equivalence(units::Emissions amount);
std::optional<ChosenEquivalence> choose_equivalence(units::Emissions amount, const std::vector<Equivalence>& known);

/// "about as much as 41 smartphone charges (EPA 2026: 12.4 g each)"
std::string text_of(const ChosenEquivalence& chosen);

/// Every row that ships, older vintages included.
const std::vector<Equivalence>& known_equivalences();

/// kBadData names file, line, what and why; every row has a source, a vintage and grams above 0.
base::Expected<std::vector<Equivalence>> parse_equivalences(std::string_view text, const std::string& name);

}  // namespace ebb::carbon
