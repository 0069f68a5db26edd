#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/planner.h"
#include "report/json.h"

namespace ebb::report {

/// A plan with everything that its reports say about it.
struct PlanView {
  plan::Request request;
  plan::Plan plan;
  /// The other book (law 11): the same schedules scored on a series of the other signal; nothing where there is none.
  struct OtherBook {
    series::Signal signal;
    std::string source;
    std::optional<double> emissions_g;
    std::optional<double> baseline_g;
  };
  std::optional<OtherBook> other_book;
  std::optional<std::string> accounting_text;  ///< SCI line, where it was asked for
  Json accounting = nullptr;                   ///< SCI, ladder, equivalence
  std::vector<std::string> warnings;
};

/// The document of docs/contract: `ebb plan --json`.
Json plan_json(const PlanView& view);

/// For a person: what to do, absolute grams first, the window as a heat strip with the chosen segments.
/// colour: ANSI colours, for a terminal.
std::string plan_text(const PlanView& view, bool colour);

}  // namespace ebb::report
