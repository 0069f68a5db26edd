#include "report/run_nesting.h"

#include <algorithm>

namespace ebb::report {
namespace {

using account::RunRecord;

bool share_a_node(const RunRecord& a, const RunRecord& b) {
  return std::any_of(a.nodes.begin(), a.nodes.end(), [&b](const std::string& node) {
    return std::find(b.nodes.begin(), b.nodes.end(), node) != b.nodes.end();
  });
}

}  // namespace

RunNesting::RunNesting(const std::vector<RunRecord>& all) {
  for (const auto& record : all) by_id_.emplace(record.run_id, &record);
}

bool RunNesting::is_inside(const RunRecord& record) const {
  const auto* parent = parent_of(record);
  if (parent == nullptr || is_own_ancestor(record)) return false;
  return parent->when.begin <= record.when.begin && record.when.end <= parent->when.end &&
         share_a_node(*parent, record);
}

const RunRecord* RunNesting::parent_of(const RunRecord& record) const {
  const auto found = by_id_.find(record.parent_run);
  return found == by_id_.end() ? nullptr : found->second;
}

bool RunNesting::is_own_ancestor(const RunRecord& record) const {
  const auto* at = parent_of(record);
  for (std::size_t steps = 0; at != nullptr && steps <= by_id_.size(); ++steps) {
    if (at == &record) return true;
    at = parent_of(*at);
  }
  return at != nullptr;
}

}  // namespace ebb::report
