#include <fmt/format.h>

#include <algorithm>

#include "imports/power_rows.h"
#include "imports/readers.h"
#include "imports/run_draft.h"
#include "imports/run_id.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

constexpr int kLongHold = 5;

base::Expected<time::Instant> end_of(const std::vector<PowerRow>& rows, const ImportOptions& options) {
  const auto last = rows.back().at;
  if (options.end) {
    if (*options.end > last) return *options.end;
    return base::usage_error(
        fmt::format("--end: {} is not after the last row, {}", time::text_of(*options.end), time::text_of(last)));
  }
  if (rows.size() > 1) return last + (last - rows.front().at) / static_cast<std::int64_t>(rows.size() - 1);
  return base::usage_error("--end: the file has one row, so how long its value holds is not known");
}

/// Each value holds until the next row.
std::vector<RunDraft::Part> parts_of(const PowerTable& table, time::Instant end, const std::string& node) {
  std::vector<RunDraft::Part> parts;
  for (std::size_t c = 0; c < table.components.size(); ++c) {
    RunDraft::Part part;
    part.node = node;
    part.component.name = table.components[c];
    part.component.kind = kind_of_name(table.components[c]);
    part.component.method = "imported:power-csv";
    assume_error(part.component, "a power meter");
    const auto& rows = table.rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const time::Interval when{rows[i].at, i + 1 < rows.size() ? rows[i + 1].at : end};
      if (const auto power = rows[i].powers[c]) {
        part.stretches.push_back({when, *power * time::as_quantity(when.length())});
      } else if (!part.holes.empty() && part.holes.back().when.end == when.begin) {
        part.holes.back().when.end = when.end;
      } else {
        part.holes.push_back({when, "unread", "no value"});
      }
    }
    if (!part.stretches.empty()) parts.push_back(std::move(part));
  }
  return parts;
}

void warn_of_long_holds(const std::vector<PowerRow>& rows, time::Instant end, const std::string& name,
                        std::vector<std::string>& warnings) {
  if (rows.size() < 3) return;
  std::vector<time::Duration> steps;
  for (std::size_t i = 1; i < rows.size(); ++i) steps.push_back(rows[i].at - rows[i - 1].at);
  auto sorted = steps;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  const auto median = sorted[sorted.size() / 2];
  steps.push_back(end - rows.back().at);
  std::size_t count = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i] / kLongHold <= median || ++count > 3) continue;
    warnings.push_back(
        fmt::format("{}:{}: its value holds for {}, {} rows' time: write an empty value where the meter "
                    "was off",
                    name, rows[i].line, time::text_of(steps[i]), steps[i] / median));
  }
  if (count > 3) warnings.push_back(fmt::format("{} further values hold as long", count - 3));
}

}  // namespace

base::Expected<Imported> import_power_csv(std::string_view text, const std::string& name,
                                          const ImportOptions& options) {
  EBB_TRY(const auto table, parse_power_table(text, name, options.unit));
  const auto& rows = table.rows;
  EBB_TRY(const auto end, end_of(rows, options));
  Imported imported;
  RunDraft draft;
  draft.header = header_of(Format::kPowerCsv, name, options);
  draft.when = {rows.front().at, end};
  draft.parts = parts_of(table, end, node_of(options));
  if (draft.parts.empty()) return base::no_data(name + ": no row has a value");
  EBB_TRY(draft.header.run_id, chosen_run_id(options, run_id_of_text("power", draft.when.begin, text)));
  warn_of_long_holds(rows, end, name, imported.warnings);
  if (draft.parts.size() < table.components.size())
    imported.warnings.emplace_back("columns without any value are left out");
  RunBuilder builder(name);
  EBB_TRY(auto run, builder.build(draft));
  imported.runs.push_back(std::move(run));
  imported.understood = {
      fmt::format("time: UTC, {} to {} ({})", time::text_of(rows.front().at), time::text_of(end),
                  options.end ? "--end" : "the last value holds for the mean step"),
      fmt::format("values: {}, each until the next row; an empty one is not known", table.meaning.unit),
      fmt::format("{} rows, {} components of one run", rows.size(), draft.parts.size())};
  return imported;
}

}  // namespace ebb::imports
