#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace ebb::test {

inline constexpr const char* kNoRealData =
    "the real series are not here: set EBB_GRID_DATA to their folder (ATTRIBUTION.md says what they are)";

/// The folder with the raw series, or nothing: $EBB_GRID_DATA, else ../shared/data beside the repository.
inline std::string real_data_folder() {
  const char* given = std::getenv("EBB_GRID_DATA");
  const std::string folder = given != nullptr ? given : EBB_SOURCE_DIR "/../shared/data";
  return std::filesystem::exists(folder + "/grid/emaps-2022-derived") ? folder : "";
}

}  // namespace ebb::test
