#include "report/run_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "carbon/equivalence.h"
#include "report/escape.h"
#include "report/run_lines.h"
#include "report/run_words.h"

namespace ebb::report {
namespace {

using account::RunRecord;
using units::text_of;

/// The parts are modelled or measured each in its way; the interval is of their sum. `ebb runs show` has one for each.
std::string energy_line(const RunRecord& record) {
  std::string out = fmt::format("{} ({}) in {}", text_of(record.energy),
                                interval_words(record.energy_interval.level, span_text(record.energy_interval)),
                                length_text(record.when.length()));
  std::string_view separator = ": ";
  for (const auto& group : component_groups(record)) {
    out += fmt::format("{}{} {} {}", separator, kind_text(group.kind, group.count), text_of(group.energy.value),
                       method_text(group.method));
    separator = ", ";
  }
  if (record.components.empty()) out += ": no sensor and no model gave a figure";
  return out;
}

std::string embodied_words(const RunRecord& record) {
  return record.embodied_parts.empty() ? "the making of the hardware not known, counted as 0 g"
                                       : text_of(record.embodied) + " of it embodied";
}

std::string own_book_line(const RunRecord& record, const account::BookTotal& own) {
  std::string out = fmt::format("{} CO2e", text_of(own.emissions));
  if (record.emissions_interval) {
    out +=
        fmt::format(" ({})", interval_words(record.emissions_interval->level, span_text(*record.emissions_interval)));
  }
  return out + fmt::format(", {}; {}", embodied_words(record), short_provenance_text(own));
}

std::string other_book_line(const RunRecord& record) {
  const bool consequential = record.book == carbon::BookKind::kConsequential;
  const auto& other = consequential ? record.attributional : record.consequential;
  if (other) return fmt::format("other book: {}; {}", text_of(other->emissions), short_provenance_text(*other));
  return fmt::format("no {} figure: there is no {} series for the run",
                     consequential ? "attributional" : "consequential", consequential ? "average" : "marginal");
}

std::string better_line(const RunRecord& record) {
  if (const auto* best = best_what_if(record)) return what_if_text(*best, record) + ", in hindsight";
  if (record.what_if.empty()) return "no other time or place was looked at";
  return fmt::format("nothing, of {} other times and places looked at in hindsight", record.what_if.size());
}

/// What a grid of so much would make of the run, in place of a figure that nobody can know without a zone.
std::string unpriced_line(const RunRecord& record) {
  const auto on_grid = [&record](double g_per_kwh) {
    return text_of(record.energy * record.pue * units::grams_per_kwh(g_per_kwh));
  };
  if (!record.zone.empty()) {
    return fmt::format("not known: no series of {} has an intensity for every moment of the run",
                       printable(record.zone));
  }
  return fmt::format("not known without a zone; a grid of 50 g/kWh would make it {}, one of 800 g/kWh {}",
                     on_grid(50.0), on_grid(800.0));
}

void add_emissions(LabelledLines& lines, const RunRecord& record) {
  const auto* own = record.own_book();
  if (own == nullptr) {
    lines.add("emissions", unpriced_line(record));
    lines.add("next", fmt::format("ebb runs price {} --zone Z (or ebb run --zone Z) gives the grams in both books, "
                                  "and what a later start would have changed",
                                  printable(record.run_id)));
    return;
  }
  lines.add("emissions", own_book_line(record, *own));
  lines.add("", other_book_line(record));
  if (const auto chosen = carbon::choose_equivalence(own->emissions)) lines.add("that is", text_of(*chosen));
  lines.add("better", better_line(record));
}

/// A line each for the first ones: who wants to know asks for all.
void add_warnings(LabelledLines& lines, const RunRecord& record) {
  constexpr std::size_t kMost = 3;
  constexpr std::size_t kColumns = 84;
  for (std::size_t i = 0; i < std::min(kMost, record.warnings.size()); ++i) {
    lines.add("warning", shortened(printable(record.warnings[i]), kColumns));
  }
  if (record.warnings.empty()) return;
  const auto more = record.warnings.size() > kMost ? fmt::format("{} more, and ", record.warnings.size() - kMost) : "";
  lines.add("", fmt::format("{}all in full: ebb runs show {}", more, printable(record.run_id)));
}

void add_remarks(LabelledLines& lines, const RunRecord& record) {
  constexpr double kWhole = 0.995;  // starting and ending take a moment
  if (const auto text = conservation_text(record); !text.empty()) lines.add("machine", text);
  const auto gaps = gaps_text(record);
  if (!gaps.empty() || record.coverage < kWhole) {
    lines.add("gaps", fmt::format("readings stand for {:.1f}% of {}{}{}", 100.0 * record.coverage,
                                  length_text(record.when.length()), gaps.empty() ? "" : ": ", gaps));
  }
  for (const auto& node : record.missing_nodes) {
    const bool said = std::any_of(record.warnings.begin(), record.warnings.end(),
                                  [&node](const auto& warning) { return warning.find(node) != std::string::npos; });
    if (said) continue;
    lines.add("missing", fmt::format("{} did not report: its energy is in no figure here", printable(node)));
  }
  if (record.state == "lost") lines.add("lost", "no end was recorded: these are the figures up to the last reading");
  add_warnings(lines, record);
}

}  // namespace

std::string run_text(const RunRecord& record, bool colour) {
  LabelledLines lines("ebb: ", 9, colour);
  lines.add("energy", energy_line(record));
  add_emissions(lines, record);
  lines.add("report", fmt::format("ebb report {}", printable(record.run_id)));
  add_remarks(lines, record);
  return lines.text();
}

}  // namespace ebb::report
