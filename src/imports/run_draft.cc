#include "imports/run_draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "imports/text_table.h"

namespace ebb::imports {
namespace {

std::size_t slots_in(time::Duration length) { return static_cast<std::size_t>(length / account::kSlot) + 2; }

/// Slots that a part will fill: no more than lie between its first and last moment.
std::size_t slots_of(const RunDraft::Part& part) {
  if (part.stretches.empty()) return 0;
  std::size_t touched = 0;
  auto reach = part.stretches.front().when;
  for (const auto& stretch : part.stretches) {
    reach = {std::min(reach.begin, stretch.when.begin), std::max(reach.end, stretch.when.end)};
    touched += slots_in(stretch.when.length());
  }
  return std::min(touched, slots_in(reach.length()));
}

struct PartHole {
  std::size_t part;
  const RunDraft::Hole* hole;
  [[nodiscard]] time::Duration length() const { return hole->when.length(); }
};

/// The longest ones where there are too many, in order of time; the others as one note.
std::vector<PartHole> kept_holes(const RunDraft& draft, std::vector<std::string>& notes) {
  std::vector<PartHole> holes;
  for (std::size_t i = 0; i < draft.parts.size(); ++i) {
    for (const auto& hole : draft.parts[i].holes) holes.push_back({i, &hole});
  }
  if (holes.size() > RunBuilder::kMostHoles) {
    std::stable_sort(holes.begin(), holes.end(), [](auto a, auto b) { return a.length() > b.length(); });
    time::Duration rest{0};
    for (std::size_t i = RunBuilder::kMostHoles; i < holes.size(); ++i) rest += holes[i].length();
    notes.push_back(fmt::format("{} further gaps, {} s in all, are not listed", holes.size() - RunBuilder::kMostHoles,
                                time::in_seconds(rest)));
    holes.resize(RunBuilder::kMostHoles);
  }
  std::stable_sort(holes.begin(), holes.end(), [](auto a, auto b) { return a.hole->when.begin < b.hole->when.begin; });
  return holes;
}

/// Writes the trace of one node, as if ebb had measured there.
void add_node(const RunDraft& draft, const std::string& node, const std::vector<PartHole>& holes,
              account::MeasuredBuilder& into) {
  auto header = draft.header;
  header.node = node;
  header.utc = draft.when.begin;
  header.steady = time::Duration(0);
  into.add(header);
  std::vector<std::optional<std::uint32_t>> numbers(draft.parts.size());
  std::uint32_t next = 0;
  const auto since_begin = [&](time::Instant moment) { return moment - draft.when.begin; };
  for (std::size_t i = 0; i < draft.parts.size(); ++i) {
    if (draft.parts[i].node != node) continue;
    into.add(draft.parts[i].component);
    numbers[i] = next++;
    trace::Interval interval;
    interval.energies.resize(1);
    for (const auto& stretch : draft.parts[i].stretches) {
      interval.from = since_begin(stretch.when.begin);
      interval.to = since_begin(stretch.when.end);
      interval.energies[0] = {*numbers[i], interval.from, interval.to, stretch.energy, {}, {}, {}};
      into.add(interval);
    }
  }
  for (const auto& [part, hole] : holes) {
    if (!numbers[part]) continue;
    into.add(trace::Gap{numbers[part], since_begin(hole->when.begin), since_begin(hole->when.end), hole->cause,
                        hole->detail, false});
  }
  if (draft.exit_code) into.add(trace::End{draft.when.length(), *draft.exit_code, {}, {}});
}

}  // namespace

base::Expected<account::Measured> RunBuilder::build(const RunDraft& draft) {
  if (draft.parts.size() > kMostParts) {
    return base::bad_data(fmt::format("{}: {} components in one run, of which ebb takes {}: import them in parts",
                                      name_, draft.parts.size(), kMostParts));
  }
  for (const auto& part : draft.parts) slots_ += slots_of(part);
  if (slots_ > kMostSlots) {
    return base::bad_data(
        fmt::format("{}: its runs have more than {} slots of 5 minutes in all: import it in parts", name_, kMostSlots));
  }
  std::vector<std::string> nodes;
  for (const auto& part : draft.parts) {
    if (std::find(nodes.begin(), nodes.end(), part.node) == nodes.end()) nodes.push_back(part.node);
  }
  auto notes = draft.notes;
  const auto holes = kept_holes(draft, notes);
  account::MeasuredBuilder builder;
  for (const auto& node : nodes) add_node(draft, node, holes, builder);
  for (auto& note : notes) builder.add(trace::Note{time::Duration(0), std::move(note)});
  auto measured = builder.finish();
  // A flat line through a total would look like a measurement.
  if (!draft.shape_known) measured.power = {};
  return measured;
}

trace::Header header_of(Format format, const std::string& file, const ImportOptions& options) {
  trace::Header header;
  header.project = clean_text(options.project);
  for (const auto& word : options.command) header.command.push_back(clean_text(word, 4096));
  header.tags["import.format"] = name_of(format);
  header.tags["import.file"] = clean_text(std::filesystem::path(file).filename().string());
  header.version = EBB_VERSION;
  return header;
}

void assume_error(trace::Component& component, std::string_view meter) {
  component.low_factor = 0.85;
  component.high_factor = 1.15;
  component.source = fmt::format("{}, whose error the file does not say: 15% is assumed", meter);
}

void take_board_error(trace::Component& component, bool is_counter) {
  component.low_factor = is_counter ? 0.95 : 0.85;
  component.high_factor = is_counter ? 1.05 : 1.15;
  component.source = is_counter ? "the board's energy counter; the interval as for readings of ebb's own"
                                : "the board's power, integrated by trapezoids; the interval as for readings of ebb's "
                                  "own";
}

std::string node_of(const ImportOptions& options) {
  return options.node.empty() ? "unknown" : clean_text(options.node);
}

}  // namespace ebb::imports
