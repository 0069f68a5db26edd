#pragma once

#include <map>
#include <string>
#include <vector>

#include "account/run_record.h"

namespace ebb::report {

/// Tells which of some runs were measured by another of them as well: their parent, within its time, on a node of its.
/// Holds on to the records, which must outlive it.
class RunNesting {
 public:
  explicit RunNesting(const std::vector<account::RunRecord>& all);
  [[nodiscard]] bool is_inside(const account::RunRecord& record) const;

 private:
  [[nodiscard]] const account::RunRecord* parent_of(const account::RunRecord& record) const;
  /// Records that name each other as parents: then none of them is left out.
  [[nodiscard]] bool is_own_ancestor(const account::RunRecord& record) const;

  std::map<std::string, const account::RunRecord*> by_id_;
};

}  // namespace ebb::report
