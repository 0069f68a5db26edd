#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/unit.h"
#include "series/signal.h"
#include "time/instant.h"

namespace ebb::formats {

/// An hour that clocks show twice, where a file of local times shows it once.
enum class RepeatedHour { kRefuse, kFirst, kSecond };

/// What the user says about files. What a file says itself wins: an option that contradicts it is refused.
struct Options {
  std::string format;              ///< a name of formats(); empty: found from the file
  std::vector<std::string> zones;  ///< names the zone of a file that does not, chooses those of one with several
  std::optional<series::Signal> signal;
  std::optional<Unit> unit;
  std::string time_zone;  ///< IANA name, "UTC" or "+02:00", for times that carry no zone
  RepeatedHour repeated_hour = RepeatedHour::kRefuse;
  std::string time_column;  ///< of a CSV that is none of the known formats
  std::string value_column;
  std::string source;
  std::string licence;
  std::string vintage;
  std::optional<time::Instant> issued;  ///< when the forecasts were issued, where the file does not say
  bool with_forecasts = true;           ///< false: forecast columns are not read
};

}  // namespace ebb::formats
