#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "report/json.h"

namespace ebb::test {

/// Where two documents differ, numbers by more than 1e-9 of the larger; empty where they agree. Keys must come in the
/// same order.
inline std::string json_difference(const report::Json& a, const report::Json& b, const std::string& at = "") {
  if (a.is_number() && b.is_number()) {
    const double x = a.get<double>();
    const double y = b.get<double>();
    const bool same = std::fabs(x - y) <= 1e-9 * std::max(std::fabs(x), std::fabs(y));
    return same ? "" : at + ": " + a.dump() + " and " + b.dump();
  }
  if (!a.is_structured() || a.type() != b.type()) return a == b ? "" : at + ": " + a.dump() + " and " + b.dump();
  if (a.size() != b.size()) return at + ": of different sizes";
  for (auto x = a.begin(), y = b.begin(); x != a.end(); ++x, ++y) {
    if (a.is_object() && x.key() != y.key()) return at + ": keys " + x.key() + " and " + y.key();
    const auto place = at + "/" + (a.is_object() ? x.key() : std::to_string(x - a.begin()));
    if (const auto found = json_difference(*x, *y, place); !found.empty()) return found;
  }
  return "";
}

/// JSON pointers to every value of a document; of a list, to its first two members and their insides.
inline std::vector<std::string> places_of(const report::Json& document, const std::string& at = "") {
  std::vector<std::string> out;
  std::size_t index = 0;
  for (const auto& [key, value] : document.items()) {
    if (document.is_array() && ++index > 2) break;
    const auto place = at + "/" + key;
    out.push_back(place);
    if (!value.is_structured()) continue;
    const auto inside = places_of(value, place);
    out.insert(out.end(), inside.begin(), inside.end());
  }
  return out;
}

}  // namespace ebb::test
