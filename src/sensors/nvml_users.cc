#include "sensors/nvml_users.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>

namespace ebb::sensors::nvml {
namespace {

std::vector<BoardUser> equal_shares(const std::vector<unsigned>& pids) {
  std::vector<BoardUser> users;
  users.reserve(pids.size());
  for (const unsigned pid : pids) users.push_back({static_cast<int>(pid), 1.0 / static_cast<double>(pids.size())});
  return users;
}

}  // namespace

std::optional<std::vector<BoardUser>> BoardUsers::now() {
  auto here = pids();
  // A process may end between the two questions; one that is still listed lives in another PID namespace.
  if (here && !are_here(*here)) here = pids();
  if (!here || !are_here(*here)) return std::nullopt;

  std::map<unsigned, double> work;
  double all_work = 0.0;
  auto newest_us = last_seen_us_;
  for (const auto& sample : device_.samples_since(last_seen_us_).value) {
    // Drivers have given entries of nobody, old ones and percentages beyond 100.
    if (sample.pid == 0 || sample.timestamp_us <= last_seen_us_ || sample.sm_percent > 100) continue;
    newest_us = std::max<std::uint64_t>(newest_us, sample.timestamp_us);
    if (sample.sm_percent == 0) continue;
    work[sample.pid] += sample.sm_percent;
    all_work += sample.sm_percent;
  }
  last_seen_us_ = newest_us;
  if (all_work <= 0.0) return equal_shares(*here);
  std::vector<BoardUser> users;
  users.reserve(work.size());
  for (const auto& [pid, done] : work) users.push_back({static_cast<int>(pid), done / all_work});
  return users;
}

std::optional<std::vector<unsigned>> BoardUsers::pids() const {
  auto pids = device_.compute_pids();
  if (!pids.ok()) return std::nullopt;
  std::sort(pids.value.begin(), pids.value.end());
  pids.value.erase(std::unique(pids.value.begin(), pids.value.end()), pids.value.end());
  return std::move(pids.value);
}

bool BoardUsers::are_here(const std::vector<unsigned>& pids) const {
  return std::all_of(pids.begin(), pids.end(), [&](unsigned pid) {
    return pid != 0 && ::access(fmt::format("{}/{}", proc_, pid).c_str(), F_OK) == 0;
  });
}

}  // namespace ebb::sensors::nvml
