#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "formats/options.h"
#include "formats/understood.h"

namespace ebb::formats {

/// A row of a file or an item of a JSON list, made g/kWh.
struct Point {
  time::Instant at;
  double value = 0.0;       ///< series::kMissing where there is none
  std::uint32_t place = 0;  ///< line, or index in the list
  std::uint32_t file = 0;   ///< set by assemble()
};

/// Rows of one series before they are held against each other.
struct Draft {
  series::Provenance provenance;
  std::string unit;
  std::string time_zone = "UTC";
  std::string licence;
  std::string name;                    ///< of the file, for messages
  std::string list;                    ///< "data": places are then data[0], data[1]; empty: they are lines
  std::optional<time::Duration> step;  ///< that the file or its format states; else found from the rows
  bool any_order = false;              ///< the format's documentation says so
  bool is_forecast = false;
  std::optional<time::Instant> issued;
  Counts counts;  ///< what the reader itself counted (left_out)
  std::vector<Point> points;
  std::optional<series::Series> ready;  ///< instead of points, where the reader laid the rows on their step itself
  std::uint32_t ready_place = 0;        ///< of the first slot's row; the others follow one by one
};

/// What a reader makes of files.
struct Drafts {
  std::vector<Draft> drafts;
  std::vector<std::string> notes;
};

/// "f.csv:12" or "f.json: data[12]".
std::string place_text(const Draft& draft, std::uint32_t place);

/// Puts drafts of the same series (forecasts: of the same issue) together and lays the rows on a fixed step; slots
/// without a row are missing. kBadData naming the lines: rows out of order, two values for one time, a row off the
/// step, a step that cannot be found, rows so far apart that nearly all slots would be missing.
base::Expected<Understood> assemble(std::string format, Drafts drafts);

}  // namespace ebb::formats
