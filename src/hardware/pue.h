#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace ebb::hardware {

/// Power usage effectiveness of a provider's data centres: energy of the whole building / energy of its equipment. A
/// row of data/pue.csv, which explains its figures. A yearly mean over a fleet: a site's own figure is better.
struct Pue {
  std::string provider;  ///< "gcp", "unknown"
  std::string name;      ///< "Google Cloud"
  double value = 1.0;    ///< >= 1
  double low = 1.0;      ///< low and high: where sources disagree, or a judgement; no confidence interval
  double high = 1.0;
  std::string vintage;
  std::string licence;
  std::string range;  ///< where low and high come from
  std::string source;
};

/// By provider, whatever the case: gcp, aws, azure, ovhcloud, oracle; `unknown` (a data centre of which nothing is
/// known) and `none` (a laptop or desk: 1). kUsage with the nearest names where there is no such row: `unknown` is the
/// caller's choice, never a silent default.
base::Expected<Pue> find_pue(std::string_view provider);

/// Every row that ships.
const std::vector<Pue>& known_pues();

/// kBadData names file, line, what and why; 1 <= low <= value <= high, and every row has a source and a vintage.
base::Expected<std::vector<Pue>> parse_pues(std::string_view text, const std::string& name);

}  // namespace ebb::hardware
