#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "imports/samples.h"

namespace ebb::imports {

/// One series of a range query.
struct MatrixSeries {
  std::map<std::string, std::string, std::less<>> labels;  ///< with __name__ where the query kept it
  std::vector<Sample> samples;

  /// Empty where there is no such label.
  [[nodiscard]] std::string label(std::string_view name) const;
};

struct Matrix {
  std::vector<MatrixSeries> series;
  std::vector<std::string> warnings;  ///< the server's own
};

/// Reads the answer of /api/v1/query_range, resultType matrix, without building a tree of it: memory is that of the
/// samples. Unknown members are skipped (native histograms too).
///
/// kBadData: with the line where it is no JSON; else what it is instead: an error of the server, the vector of an
/// instant query, a value that is no number in a string, a time outside 1900 to 2150, more than kMostSeries series or
/// labels of one.
base::Expected<Matrix> parse_matrix(std::string_view text, const std::string& name);

inline constexpr std::size_t kMostSeries = 1024;

}  // namespace ebb::imports
