#include "imports/sampled_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "time/text.h"
#include "units/format.h"

namespace ebb::imports {
namespace {

std::string unique_name(const std::string& node, const std::string& name,
                        std::set<std::pair<std::string, std::string>>& taken) {
  std::string chosen = name;
  for (int i = 2; !taken.emplace(node, chosen).second; ++i) chosen = fmt::format("{}-{}", name, i);
  return chosen;
}

time::Interval reach_of(const std::vector<SampledPart>& parts) {
  time::Interval reach{time::Instant::max(), time::Instant::min()};
  for (const auto& part : parts) {
    if (part.samples.empty()) continue;
    reach.begin = std::min(reach.begin, part.samples.front().at);
    reach.end = std::max(reach.end, part.samples.back().at);
  }
  return reach;
}

/// A part that began later or ended earlier than the others is not known there.
void add_edges(const std::vector<Sample>& samples, const time::Interval& run, time::Duration step,
               std::vector<RunDraft::Hole>& holes) {
  const auto late = samples.front().at - run.begin;
  const auto early = run.end - samples.back().at;
  if (late / kLongestBridge > step) holes.push_back({{run.begin, samples.front().at}, "unread", "not there yet"});
  if (early / kLongestBridge > step) holes.push_back({{samples.back().at, run.end}, "unread", "not there any more"});
}

void add_notes(const std::string& name, const Integrated& read, std::vector<std::string>& notes) {
  if (read.bridged > 0) {
    notes.push_back(fmt::format("{}: {} stretches of up to {} steps lie between two readings without one in them", name,
                                read.bridged, kLongestBridge));
  }
  if (read.missing > 0) notes.push_back(fmt::format("{}: {} readings are no number", name, read.missing));
  if (read.resets > 0) {
    notes.push_back(fmt::format("{}: its counter fell {} times; what it counted since the reading before is not known",
                                name, read.resets));
  }
  if (read.across_holes > units::Energy{}) {
    notes.push_back(fmt::format("{}: over its gaps the counter grew by {}, which is not counted", name,
                                units::text_of(read.across_holes)));
  }
}

}  // namespace

base::Status add_sampled_parts(std::vector<SampledPart> parts, RunDraft& draft) {
  std::set<std::pair<std::string, std::string>> taken;
  draft.when = reach_of(parts);
  for (auto& part : parts) {
    part.component.name = unique_name(part.node, part.component.name, taken);
    auto read = integrate(part.samples, part.meaning);
    if (!read) return read.error().in(part.component.name);
    if (read->stretches.empty()) {
      draft.notes.push_back(fmt::format("{}: no two readings that energy could be made of", part.component.name));
      continue;
    }
    add_edges(part.samples, draft.when, read->step, read->holes);
    add_notes(part.component.name, *read, draft.notes);
    draft.parts.push_back(
        {std::move(part.node), std::move(part.component), std::move(read->stretches), std::move(read->holes)});
    part.samples = {};
  }
  if (draft.parts.empty()) return base::no_data("nothing in it has two readings in a row that energy could be made of");
  return base::Done{};
}

}  // namespace ebb::imports
