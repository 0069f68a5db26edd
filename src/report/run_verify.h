#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "report/json.h"

namespace ebb::report {

/// One figure of a record that does not follow from the figures that it should follow from.
struct Difference {
  std::string what;                  ///< "components[2].energy_kwh", the key in the document
  std::optional<double> recorded;    ///< nothing: null in the document
  std::optional<double> recomputed;  ///< nothing: it cannot be computed, `why` says why
  std::string why;                   ///< what it should be: "the sum of the components"
};

/// Whether the arithmetic of a record can be done again. Nothing of it says that readings, intensities or factors are
/// true: those are the record's inputs.
struct Verification {
  std::vector<Difference> differences;
  std::vector<std::string> checked;    ///< what was recomputed, in words
  std::vector<std::string> unchecked;  ///< what could not be, and why
  [[nodiscard]] bool reproduced() const { return differences.empty(); }
};

/// Recomputes a record from its own slots, components and factors, by the formulas of docs/run-record.md: energies,
/// conservation, each book, mean intensity, PUE, embodied share, boundary, SCI, intervals. Two figures agree when they
/// differ by at most 1e-9 of the larger (of the largest term, where a sum cancels). kBadData for a document that is no
/// record (read_run).
base::Expected<Verification> verify_run(const Json& document);

/// "arithmetic reproduced; inputs not attested", or each difference with both figures.
std::string verification_text(const Verification& verification);
/// {"reproduced", "differences": [{"what", "recorded", "recomputed", "why"}], "checked", "unchecked", "inputs"}
Json verification_json(const Verification& verification);

}  // namespace ebb::report
