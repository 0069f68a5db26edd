#include "measure/usage.h"

#include <algorithm>

namespace ebb::measure {

GroupUsage::GroupUsage(const exec::JobGroup& group) : group_(group) {
  if (const auto used = group_.cpu_time(); used && group_.joined()) before_ = *used;
}

std::optional<time::Duration> GroupUsage::cpu_time() {
  const auto used = group_.cpu_time();
  if (!used) return std::nullopt;
  return *used - before_;
}

bool GroupUsage::has_process(int pid) {
  const auto ids = group_.process_ids();
  return ids && std::find(ids->begin(), ids->end(), pid) != ids->end();
}

std::optional<time::Duration> TreeUsage::cpu_time() {
  const auto used = tree_.cpu_time();
  if (!used) return std::nullopt;
  return *used;
}

bool TreeUsage::has_process(int pid) { return tree_.contains(pid); }

std::optional<time::Duration> AttachedUsage::cpu_time() {
  const auto used = tree_.cpu_time();
  if (!used) return std::nullopt;
  return *used;
}

bool AttachedUsage::has_process(int pid) { return tree_.contains(pid); }

}  // namespace ebb::measure
