#include "report/nesting.h"

#include <utility>
#include <vector>

namespace ebb::report {

bool nested_too_deeply(const Json& document) {
  constexpr int kDeepest = 64;
  std::vector<std::pair<const Json*, int>> open{{&document, 0}};
  while (!open.empty()) {
    const auto [value, depth] = open.back();
    open.pop_back();
    if (!value->is_structured()) continue;
    if (depth >= kDeepest) return true;
    for (const auto& member : *value) open.emplace_back(&member, depth + 1);
  }
  return false;
}

}  // namespace ebb::report
