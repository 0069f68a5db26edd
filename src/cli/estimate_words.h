#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/expected.h"
#include "cli/command.h"
#include "hardware/power_range.h"

/// How hardware is written on the command line of `ebb estimate`.
namespace ebb::cli {

inline constexpr double kMostParts = 1e6;

/// The share of time in which a part works: as said, or a range around a judgement.
struct Busy {
  double low = 0.0;
  double value = 0.0;
  double high = 0.0;
  bool said = false;
};
std::string text_of(const Busy& busy);  ///< "working 70% of the time"

/// What the option says (`0.7`, `70%`), else `otherwise`.
base::Expected<Busy> busy_of(const Arguments& arguments, std::string_view option, const Busy& otherwise);

/// The power over such a share: the low end of the least, the high end of the greatest.
template <typename Power>
hardware::PowerRange spanned(const Busy& busy, const Power& power_at) {
  return {power_at(busy.low).low, power_at(busy.value).value, power_at(busy.high).high};
}

/// How many of what `option` names, which was given: "8xA100", or the option `number`; else one. kUsage for both.
base::Expected<std::pair<double, std::string>> several(const Arguments& arguments, std::string_view option,
                                                       std::string_view number);
/// "8 x A100", "A100".
std::string count_of(double count, const std::string& name);

/// 64 of "64GB", 68.7 of "64GiB", 1500 of "1.5TB".
base::Expected<double> parse_gigabytes(std::string_view text);

}  // namespace ebb::cli
