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

std::string energy_line(const RunRecord& record) {
  std::string out = fmt::format("{} in {} ({})", text_of(record.energy), length_text(record.when.length()),
                                interval_words(record.energy_interval.level, span_text(record.energy_interval)));
  std::string_view separator = ": ";
  for (const auto& group : component_groups(record)) {
    out += fmt::format("{}{} {} {}", separator, kind_text(group.kind, group.count), text_of(group.energy.value),
                       method_text(group.method));
    // What is modelled never stands without its interval.
    const bool modelled = group.method.rfind("modelled", 0) == 0;
    if (modelled) out += ", " + span_text(group.energy);
    separator = "; ";
  }
  if (record.components.empty()) out += ": no sensor and no model gave a figure";
  return out;
}

std::string embodied_words(const RunRecord& record) {
  return record.embodied_parts.empty() ? "0 g for the hardware, whose making is not known"
                                       : text_of(record.embodied) + " embodied";
}

std::string own_book_line(const RunRecord& record, const account::BookTotal& own) {
  std::string out = fmt::format("{} CO2e", text_of(own.emissions));
  if (record.emissions_interval) {
    out +=
        fmt::format(" ({})", interval_words(record.emissions_interval->level, span_text(*record.emissions_interval)));
  }
  return out + fmt::format(" = {} operational + {}; {}", text_of(own.operational), embodied_words(record),
                           provenance_text(own));
}

std::string other_book_line(const RunRecord& record) {
  const bool consequential = record.book == carbon::BookKind::kConsequential;
  const auto& other = consequential ? record.attributional : record.consequential;
  if (other) return fmt::format("{} CO2e in the other book; {}", text_of(other->emissions), provenance_text(*other));
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

void add_remarks(LabelledLines& lines, const RunRecord& record) {
  constexpr double kWhole = 0.9995;
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
  for (const auto& warning : record.warnings) lines.add("warning", printable(warning));
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
