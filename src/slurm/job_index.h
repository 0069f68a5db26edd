#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exec/executor.h"
#include "slurm/job.h"

namespace ebb::slurm {

/// What stands before the handle of a job that was adopted: it has a name of its own, no tag.
inline constexpr std::string_view kAdopted = "adopted:";
inline bool is_adopted(const exec::TaskRef& ref) { return ref.handle.starts_with(kAdopted); }
/// What Slurm's commands take: "123", "123_4"; empty where it is not known yet.
std::string slurm_handle(const exec::TaskRef& ref);

/// Finds the job of a task among Slurm's. A job counts as the task's only where it has its tag (an id may be another
/// job's after Slurm lost its state) or was adopted; and where the user is `uid`, if one is given: anybody can name his
/// job like ours.
class JobIndex {
 public:
  JobIndex(std::vector<Job> jobs, std::optional<uid_t> uid);

  /// Of several with one tag, the one that was submitted first. Of an array's elements that wait in one record, one for
  /// itself.
  [[nodiscard]] std::optional<Job> find(const exec::TaskRef& ref) const;
  /// Every job with the tag, by rising id.
  [[nodiscard]] std::vector<Job> with_tag(const std::string& tag) const;
  /// A job, each element of an array, by rising element.
  [[nodiscard]] std::vector<Job> named(const JobName& name) const;

 private:
  [[nodiscard]] std::optional<Job> by_handle(const std::string& handle) const;

  std::vector<Job> jobs_;
  std::unordered_map<std::string, std::size_t> by_handle_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_name_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> arrays_;  ///< records that stand for several elements
  std::optional<uid_t> uid_;
};

}  // namespace ebb::slurm
