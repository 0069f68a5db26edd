#include "slurm/job_index.h"

#include <algorithm>

#include "slurm/submission.h"

namespace ebb::slurm {
namespace {

Job element_of(const Job& record, std::uint32_t element) {
  Job job = record;
  job.element = element;
  job.elements.clear();
  return job;
}

}  // namespace

std::string slurm_handle(const exec::TaskRef& ref) {
  return is_adopted(ref) ? ref.handle.substr(kAdopted.size()) : ref.handle;
}

JobIndex::JobIndex(std::vector<Job> jobs, std::optional<uid_t> uid) : jobs_(std::move(jobs)), uid_(uid) {
  std::stable_sort(jobs_.begin(), jobs_.end(), [](const Job& a, const Job& b) { return a.id < b.id; });
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    auto& job = jobs_[i];
    by_name_[job.name].push_back(i);
    if (!job.elements.empty()) {
      std::sort(job.elements.begin(), job.elements.end());
      arrays_[job.array].push_back(i);
    } else {
      by_handle_.insert_or_assign(job.handle(), i);
    }
  }
}

std::optional<Job> JobIndex::by_handle(const std::string& handle) const {
  if (const auto found = by_handle_.find(handle); found != by_handle_.end()) return jobs_[found->second];
  const auto name = parse_job_name(handle);
  if (!name || !name->element) return std::nullopt;
  const auto records = arrays_.find(name->id);
  if (records == arrays_.end()) return std::nullopt;
  for (const auto i : records->second) {
    const auto& elements = jobs_[i].elements;
    if (std::binary_search(elements.begin(), elements.end(), *name->element)) {
      return element_of(jobs_[i], *name->element);
    }
  }
  return std::nullopt;
}

std::optional<Job> JobIndex::find(const exec::TaskRef& ref) const {
  const auto tag = tag_of(ref.id, ref.attempt);
  if (!ref.handle.empty()) {
    auto job = by_handle(slurm_handle(ref));
    if (job && (is_adopted(ref) || job->name == tag)) return job;
    return std::nullopt;
  }
  auto tagged = with_tag(tag);
  if (tagged.empty()) return std::nullopt;
  return tagged.front();
}

std::vector<Job> JobIndex::with_tag(const std::string& tag) const {
  std::vector<Job> tagged;
  const auto found = by_name_.find(tag);
  if (found == by_name_.end()) return tagged;
  for (const auto i : found->second) {
    if (!uid_ || !jobs_[i].uid || *jobs_[i].uid == *uid_) tagged.push_back(jobs_[i]);
  }
  return tagged;
}

std::vector<Job> JobIndex::named(const JobName& name) const {
  std::vector<Job> found;
  for (const auto& job : jobs_) {
    const auto wanted = [&](std::uint32_t element) { return !name.element || *name.element == element; };
    if (job.array == name.id) {
      for (const auto element : job.elements) {
        if (wanted(element)) found.push_back(element_of(job, element));
      }
      if (job.element && wanted(*job.element)) found.push_back(job);
    } else if (job.id == name.id && job.array == 0 && !name.element) {
      found.push_back(job);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Job& a, const Job& b) { return a.element.value_or(0) < b.element.value_or(0); });
  return found;
}

}  // namespace ebb::slurm
