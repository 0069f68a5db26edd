#include "ledger/selection.h"

#include <algorithm>
#include <limits>

namespace ebb::ledger {
namespace {

std::int64_t nanoseconds_of(time::Instant instant) { return instant.time_since_epoch().count(); }

}  // namespace

Selection::Selection(const Filter& filter, bool in_order) {
  const auto equal = [&](const char* column, const std::string& value) {
    require(std::string(column) + " = ?");
    add(value);
  };
  if (filter.project) equal("project", *filter.project);
  if (filter.user) equal("user", *filter.user);
  if (filter.parent_run) equal("parent_run", *filter.parent_run);
  if (filter.state) equal("state", std::string(name_of(*filter.state)));
  for (const auto& [key, value] : filter.tags) {
    require("EXISTS (SELECT 1 FROM run_tags t WHERE t.id = runs.id AND t.key = ? AND t.value = ?)");
    add(key);
    add(value);
  }
  if (filter.from) {
    require("begin_ns >= ?");
    add(nanoseconds_of(*filter.from));
  }
  if (filter.to) {
    require("begin_ns < ?");
    add(nanoseconds_of(*filter.to));
  }
  if (in_order || filter.limit) sql_ += " ORDER BY begin_ns DESC, run_id DESC";
  if (filter.limit) {
    sql_ += " LIMIT ?";
    constexpr std::size_t kMost = std::numeric_limits<std::int64_t>::max();
    add(static_cast<std::int64_t>(std::min(*filter.limit, kMost)));
  }
}

void Selection::bind_to(Query& query) const {
  for (const auto& parameter : parameters_) {
    if (parameter.text) {
      query.bind(*parameter.text);
    } else {
      query.bind(parameter.number);
    }
  }
}

}  // namespace ebb::ledger
