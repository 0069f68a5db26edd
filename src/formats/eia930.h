#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "formats/draft.h"
#include "formats/understood.h"

namespace ebb::formats {

/// Bodies of EIA's API v2, electricity/rto/fuel-type-data, hourly: the pages of one question, in any order. `period` is
/// the hour's end in UTC (with an offset where it is local). Each balancing authority's intensity of an hour is that of
/// its own generation, each fuel by its factor (data/fuel_factors.csv): two series, average direct and average
/// lifecycle (options.signal chooses). It leaves out imports and exports, storage, and fuels without a factor; a note
/// says so, with their share. Negative generation counts as none. An hour in which a fuel that the authority has in
/// others is not there, or null, is missing.
///
/// kBadData naming body and item: an error answer, another question's answer, a unit other than MWh, a fuel that is not
/// in the table, two values for one hour and fuel. kNoData: no rows.
base::Expected<Understood> parse_eia930(const std::vector<std::string_view>& bodies,
                                        const std::string& name = "EIA-930", const Options& options = {});

/// MWh of one hour by fuel, and where it stands.
struct FuelHour {
  double mwh = 0.0;  ///< kMissing where null
  std::string place;
};
/// Generation by authority, hour (its begin) and fuel.
using Generation = std::map<std::string, std::map<time::Instant, std::map<std::string, FuelHour>>>;

/// Adds a page; the names stand in messages. `total`, where the page has it, is the rows of all pages.
struct Eia930Pages {
  Generation generation;
  std::size_t rows = 0;
  std::size_t duplicates = 0;
  std::size_t total = 0;

  base::Status add(std::string_view body, const std::string& name);
  /// One row. kBadData: the hour and fuel have another value already.
  base::Status add_row(const std::string& authority, time::Instant begin, const std::string& fuel, FuelHour hour);
  /// The mix priced.
  [[nodiscard]] base::Expected<Drafts> drafts(const std::string& name) const;
};

}  // namespace ebb::formats
