#include "cli/estimate_elsewhere.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "grid/annual.h"
#include "grid/cloud_region.h"

namespace ebb::cli {
namespace {

constexpr std::size_t kMostPlaces = 3;

struct Candidate {
  std::string name;
  std::string where;
  std::string zone;
};

std::vector<Candidate> candidates(const grid::Place& place, const grid::AnnualIntensity& own) {
  std::vector<Candidate> found;
  const auto provider = place.region.substr(0, place.region.find(':'));
  for (const auto& region : grid::cloud_regions()) {
    if (place.region.empty() || region.provider == provider) {
      found.push_back({region.full_name(), region.place, region.zone});
    }
  }
  if (own.signal.scope == series::SignalScope::kDirect) {
    for (const auto& zone : grid::annual_zones()) found.push_back({zone, "", zone});
  }
  return found;
}

}  // namespace

std::optional<report::Elsewhere> elsewhere_of(const account::RunRecord& record, const grid::Place& place, int year) {
  const auto own = grid::annual_intensity(place.zone, year);
  if (!own) return std::nullopt;
  const auto priced = [&](std::string name, std::string where, const grid::AnnualIntensity& annual) {
    return report::Elsewhere::Place{
        std::move(name), std::move(where), annual.zone, annual.value, record.energy * record.pue * annual.value, {}};
  };
  report::Elsewhere elsewhere{own->signal,
                              fmt::format("annual averages of {} ({}, {})", own->year, own->source, own->licence),
                              priced(place.region.empty() ? place.zone : place.region, own->name, *own),
                              {},
                              0};
  std::vector<report::Elsewhere::Place> others;
  std::set<std::string> zones;
  for (auto& candidate : candidates(place, *own)) {
    if (candidate.zone == own->zone || !zones.insert(candidate.zone).second) continue;
    const auto annual = grid::annual_intensity(candidate.zone, year);
    if (!annual || annual->signal != own->signal || annual->source != own->source || annual->year != own->year)
      continue;
    ++elsewhere.compared;
    auto other = priced(std::move(candidate.name), std::move(candidate.where), *annual);
    other.less = elsewhere.here.operational - other.operational;
    if (units::in_grams(other.less) > 0.0) others.push_back(std::move(other));
  }
  std::stable_sort(others.begin(), others.end(), [](const auto& a, const auto& b) {
    return units::in_grams(a.operational) < units::in_grams(b.operational);
  });
  if (others.size() > kMostPlaces) others.resize(kMostPlaces);
  elsewhere.best = std::move(others);
  return elsewhere;
}

}  // namespace ebb::cli
