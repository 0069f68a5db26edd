#pragma once

#include <optional>
#include <string>

#include "formats/understood.h"
#include "report/json.h"

namespace ebb::cli {

/// What the store did with what was imported.
struct Stored {
  std::string folder;
  std::size_t added = 0;  ///< slots
  std::size_t same = 0;
  std::size_t revised = 0;
  std::size_t forecasts = 0;  ///< that were not there yet
};

/// `ebb grid import --json`.
report::Json import_json(const formats::Understood& read, const std::optional<Stored>& stored);
/// What was understood, for people.
std::string import_text(const formats::Understood& read);

}  // namespace ebb::cli
