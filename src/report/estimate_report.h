#pragma once

#include <optional>
#include <string>
#include <vector>

#include "account/run_record.h"
#include "report/json.h"

namespace ebb::report {

/// What the job would emit in other places, all of them by one signal, source and year (law 5).
struct Elsewhere {
  struct Place {
    std::string name;   ///< "aws:eu-north-1", or a zone
    std::string where;  ///< "Stockholm"; may be empty
    std::string zone;
    units::Intensity intensity;
    units::Emissions operational;
    units::Emissions less;  ///< here less there: above 0 = that place is lower
  };
  series::Signal signal;
  std::string source;  ///< "annual averages of 2025 (Electricity Maps, ODbL 1.0)"
  Place here;
  std::vector<Place> best;   ///< the lowest first; only places below `here`, one for each zone
  std::size_t compared = 0;  ///< how many other places were looked at
};

/// A job described in words, as a record that nobody measured (every component's method is "modelled:estimate").
struct EstimateView {
  account::RunRecord record;
  bool at_any_time = false;  ///< no start was given: the figures are means over a year of starts
  std::string place;         ///< as it was asked for, "aws:us-east-1"; empty: none
  std::string hardware;      ///< "8 x A100 working 70% of the time, 64 GB"
  std::optional<Elsewhere> elsewhere;
};

/// run_json (report/run_json.h) of the record; `begin` and `end` are null where no start was given; and `elsewhere`
/// with {signal, source, compared, word, here, best}, null where there is nothing to compare by.
Json estimate_json(const EstimateView& view);

/// Five lines for a person (long ones go on below), absolute grams first: emissions with interval, signal and source;
/// the other book; energy by component; an everyday quantity; what other places would give.
std::string estimate_text(const EstimateView& view, bool colour);

}  // namespace ebb::report
