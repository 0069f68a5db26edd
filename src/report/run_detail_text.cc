#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/escape.h"
#include "report/run_lines.h"
#include "report/run_text.h"
#include "report/run_words.h"
#include "report/table.h"
#include "time/text.h"

namespace ebb::report {
namespace {

using account::RunRecord;
using units::text_of;
using Align = TextTable::Align;

/// A screen has few lines: what a list holds beyond these is counted.
constexpr std::size_t kMostComponents = 20;
constexpr std::size_t kMostRows = 8;

std::string grams_text(const std::optional<units::Emissions>& value) { return value ? text_of(*value) : "unknown"; }

std::string rest_text(std::size_t all, std::size_t shown, std::string_view what) {
  return all > shown ? fmt::format("  ... and {} {} more: --json has them\n", all - shown, what) : "";
}

std::string heading(const std::string& text, bool colour) {
  return "\n" + (colour ? "\x1b[1m" + text + "\x1b[0m" : text) + "\n";
}

std::string state_text(const RunRecord& record) {
  if (record.exit_code) return fmt::format("{}, exit code {}", printable(record.state), *record.exit_code);
  return printable(record.state) + (record.state == "lost" ? ": no end was recorded" : "");
}

void add_identity(LabelledLines& lines, const RunRecord& record) {
  std::string tags;
  for (const auto& [key, value] : record.tags) {
    tags += fmt::format("{}{}={}", tags.empty() ? "" : ", ", printable(key), printable(value));
  }
  lines.add("state", state_text(record));
  lines.add("command", command_text(record));
  lines.add("when", fmt::format("{} to {} ({})", time::text_of(record.when.begin), time::text_of(record.when.end),
                                length_text(record.when.length())));
  if (record.pauses > 0) lines.add("pauses", fmt::format("{}, {} in all", record.pauses, length_text(record.paused)));
  lines.add("where", names_text(record.nodes));
  if (!record.missing_nodes.empty()) lines.add("missing", names_text(record.missing_nodes) + " did not report");
  if (!record.user.empty()) lines.add("user", printable(record.user));
  if (!record.project.empty()) lines.add("project", printable(record.project));
  if (!tags.empty()) lines.add("tags", tags);
  if (!record.parent_run.empty()) lines.add("parent", printable(record.parent_run));
}

std::string components_table(const RunRecord& record) {
  TextTable table({{"component", Align::kLeft},
                   {"method", Align::kLeft},
                   {"energy", Align::kRight},
                   {"interval", Align::kLeft},
                   {"of it idle", Align::kRight},
                   {"nobody's", Align::kRight},
                   {"others'", Align::kRight},
                   {"CO2e", Align::kRight},
                   {"read", Align::kRight}});
  for (std::size_t i = 0; i < std::min(record.components.size(), kMostComponents); ++i) {
    const auto& part = record.components[i];
    table.add({printable(part.name), method_text(part.method), text_of(part.energy), span_text(part.interval),
               text_of(part.job_idle), text_of(part.idle), text_of(part.others), grams_text(part.emissions),
               fmt::format("{:.1f}%", 100.0 * part.coverage)});
  }
  return table.text(2) + rest_text(record.components.size(), kMostComponents, "components");
}

void add_book(LabelledLines& lines, std::string_view name, const std::optional<account::BookTotal>& book) {
  if (!book) return lines.add(name, "not known");
  lines.add(name, fmt::format("{} = {} operational at a mean of {}, + embodied; {}", text_of(book->emissions),
                              text_of(book->operational), text_of(book->mean_intensity), provenance_text(*book)));
}

void add_emissions(LabelledLines& lines, const RunRecord& record) {
  add_book(lines, "attributional", record.attributional);
  add_book(lines, "consequential", record.consequential);
  if (record.emissions_interval) {
    lines.add("interval", interval_words(record.emissions_interval->level, span_text(*record.emissions_interval)));
  }
  const auto& ladder = record.ladder;
  lines.add("boundary",
            fmt::format("GPUs {} -> whole machine {} -> x PUE {} {} -> + embodied {}", grams_text(ladder.gpu.emissions),
                        grams_text(ladder.plus_cpu_memory.emissions), units::three_digits(record.pue),
                        grams_text(ladder.plus_pue.emissions), grams_text(ladder.plus_embodied.emissions)));
  if (!record.pue_source.empty()) lines.add("PUE", printable(record.pue_source));
  for (const auto& part : record.embodied_parts) {
    lines.add("embodied",
              fmt::format("{} of {} {} at {} each, held {} of {} years ({})", text_of(part.share),
                          count_text(part.count), printable(part.device), text_of(part.each), length_text(part.held),
                          count_text(part.lifetime_years), part.source.empty() ? "no source" : printable(part.source)));
  }
  if (record.sci) lines.add("SCI", printable(carbon::text_of(*record.sci)));
}

std::string regions_table(const RunRecord& record) {
  TextTable table({{"region", Align::kLeft},
                   {"times", Align::kRight},
                   {"time", Align::kRight},
                   {"energy", Align::kRight},
                   {"CO2e", Align::kRight},
                   {"", Align::kLeft}});
  for (std::size_t i = 0; i < std::min(record.regions.size(), kMostRows); ++i) {
    const auto& region = record.regions[i];
    table.add({printable(region.path), fmt::format("{}", region.passages), length_text(region.length),
               text_of(region.energy), grams_text(region.operational), region.open ? "not ended" : ""});
  }
  return table.text(2) + rest_text(record.regions.size(), kMostRows, "regions");
}

void add_rest(LabelledLines& lines, const RunRecord& record) {
  if (const auto& next = record.prediction) {
    lines.add("prediction",
              fmt::format("after {} of {} {}: {} in all ({}), {}", next->done, next->expected, printable(next->region),
                          text_of(next->energy.value), interval_words(next->energy.level, span_text(next->energy)),
                          length_text(next->length.value)));
  }
  for (std::size_t i = 0; i < std::min(record.what_if.size(), kMostRows); ++i) {
    lines.add(i == 0 ? "what if" : "", what_if_text(record.what_if[i], record));
  }
  if (const auto text = conservation_text(record); !text.empty()) lines.add("machine", text);
  if (const auto text = gaps_text(record); !text.empty()) lines.add("gaps", text);
  lines.add("ebb itself",
            fmt::format("{} of CPU time, {}", length_text(record.meter_cpu), text_of(record.meter_energy)));
  for (const auto& warning : record.warnings) lines.add("warning", printable(warning));
}

}  // namespace

std::string run_detail_text(const RunRecord& record, bool colour) {
  LabelledLines identity("  ", 13, colour);
  add_identity(identity, record);
  LabelledLines emissions("  ", 13, colour);
  add_emissions(emissions, record);
  LabelledLines rest("  ", 13, colour);
  add_rest(rest, record);
  std::string out = (colour ? "\x1b[1mrun " : "run ") + printable(record.run_id) + (colour ? "\x1b[0m\n" : "\n");
  out += identity.text();
  out += heading(fmt::format("energy at the equipment: {} ({})", text_of(record.energy),
                             interval_words(record.energy_interval.level, span_text(record.energy_interval))),
                 colour);
  out += components_table(record);
  out += heading("emissions: " + (record.own_book() != nullptr ? text_of(record.own_book()->emissions) + " CO2e"
                                                               : std::string("not known")),
                 colour);
  out += emissions.text();
  if (!record.regions.empty()) out += heading("regions", colour) + regions_table(record);
  return out + "\n" + rest.text();
}

}  // namespace ebb::report
