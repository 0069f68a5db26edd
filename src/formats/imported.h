#pragma once

#include <cstddef>
#include <vector>

#include "series/series.h"

namespace ebb::formats {

/// What an importer counted, to be shown to the user.
struct Counts {
  std::size_t rows = 0;        ///< read
  std::size_t duplicates = 0;  ///< rows whose time was there already, with the same values
  std::size_t left_out = 0;    ///< rows that the format's documentation says to leave out
  std::size_t missing = 0;     ///< slots without a value
  std::size_t zeros = 0;
  std::size_t negatives = 0;

  friend bool operator==(const Counts&, const Counts&) = default;
};

struct Imported {
  std::vector<series::Series> series;
  Counts counts;
};

}  // namespace ebb::formats
