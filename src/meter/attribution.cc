#include "meter/attribution.h"

#include <algorithm>

#include "base/check.h"

namespace ebb::meter {
namespace {

double ratio(time::Duration part, time::Duration whole) {
  return whole.count() <= 0 ? 0.0 : static_cast<double>(part.count()) / static_cast<double>(whole.count());
}

/// CPU clocks tick in steps of their own, so the job may seem to have worked more than the machine.
double work_share(const CpuUse& use) { return ratio(use.job, std::max(use.busy, use.job)); }

double capacity_share(const CpuUse& use) { return std::min(1.0, ratio(use.job, use.busy + use.idle)); }

}  // namespace

void IdleFloor::observe(units::Energy energy, time::Duration over) {
  if (!floor_ || over < std::chrono::milliseconds(500)) return;
  floor_ = std::max(units::Power{}, std::min(*floor_, energy / time::as_quantity(over)));
}

units::Energy IdleFloor::part_of(units::Energy energy, time::Duration over) const {
  if (!floor_) return {};
  return std::min(energy, *floor_ * time::as_quantity(over));
}

Parts attribute_package(units::Energy energy, units::Energy idle, const CpuUse& use, const Allocation& allocation) {
  CHECK(idle <= energy);
  const units::Energy active = energy - idle;
  if (allocation.whole_machine) return {active, idle, {}, {}};
  const double share = work_share(use);
  const double of_idle = allocation.cpus ? std::clamp(*allocation.cpus, 0.0, 1.0) : capacity_share(use);
  const units::Energy job = active * share;
  const units::Energy job_idle = idle * of_idle;
  return {job, job_idle, idle - job_idle, active - job};
}

Parts attribute_memory(units::Energy energy, std::optional<double> job_memory, const CpuUse& use,
                       const Allocation& allocation) {
  if (allocation.whole_machine) return {energy, {}, {}, {}};
  if (!job_memory) return attribute_package(energy, {}, use, allocation);
  const units::Energy job = energy * std::clamp(*job_memory, 0.0, 1.0);
  return {job, {}, energy - job, {}};
}

Parts attribute_board(units::Energy energy, units::Energy idle, const BoardUse& use) {
  CHECK(idle <= energy);
  const units::Energy active = energy - idle;
  if (!use.job_share) return use.given ? Parts{active, idle, {}, {}} : Parts{{}, {}, idle, active};
  const double share = std::clamp(*use.job_share, 0.0, 1.0);
  const units::Energy job = active * share;
  if (use.given) return {use.used ? job : active, idle, {}, use.used ? active - job : units::Energy{}};
  return {job, idle * share, idle - idle * share, active - job};
}

double job_share_of(const std::vector<sensors::BoardUser>& users, const std::vector<bool>& is_jobs) {
  double job = 0.0;
  double all = 0.0;
  for (std::size_t i = 0; i < users.size(); ++i) {
    all += users[i].share;
    if (is_jobs[i]) job += users[i].share;
  }
  if (all > 0.0) return std::min(1.0, job / all);
  // All of them idle: by heads.
  const auto heads = static_cast<double>(std::count(is_jobs.begin(), is_jobs.end(), true));
  return users.empty() ? 0.0 : heads / static_cast<double>(users.size());
}

}  // namespace ebb::meter
