#include "imports/power_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "imports/run_draft.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

base::Expected<PowerTable> columns_of(const TextTable& table, const std::string& unit) {
  const auto& header = table.header();
  if (header.size() < 2 || header[0] != "time") {
    return base::bad_data("the header is not time,watts or time,COMPONENT_watts,...");
  }
  if (header.size() > RunBuilder::kMostParts + 1) {
    return base::bad_data(fmt::format("more than {} components: import them in parts", RunBuilder::kMostParts));
  }
  PowerTable columns;
  EBB_TRY(columns.meaning, meaning_of_unit(unit.empty() ? "W" : unit));
  if (columns.meaning.is_counter) return base::usage_error("--unit: the values of a power CSV are powers: W, mW, kW");
  for (std::size_t i = 1; i < header.size(); ++i) {
    std::string_view name = header[i];
    const bool watts = name == "watts" || name.ends_with("_watts");
    if (name.empty() || name.find("kwh") != std::string_view::npos) {
      return base::bad_data(fmt::format("the column {} is no power of a component", base::in_quotes(name)));
    }
    if (watts && columns.meaning.unit != "W") {
      return base::usage_error(fmt::format("--unit: {} is not what the column {} says", unit, name));
    }
    if (name.ends_with("_watts")) name.remove_suffix(6);
    columns.components.push_back(name == "watts" ? "meter" : clean_text(name, 80));
    const auto before = columns.components.end() - 1;
    if (std::find(columns.components.begin(), before, columns.components.back()) != before) {
      return base::bad_data(fmt::format("the component {} comes twice", base::in_quotes(columns.components.back())));
    }
  }
  return columns;
}

base::Expected<PowerRow> read_row(const TextTable& table, const TableLine& line, const PowerTable& columns) {
  if (line.fields.size() != table.header().size()) {
    return base::bad_data(fmt::format("{} fields, but the header has {}", line.fields.size(), table.header().size()));
  }
  PowerRow row;
  row.line = line.number;
  EBB_TRY(row.at, time::parse_instant(base::trimmed(line.fields[0])));
  for (std::size_t i = 1; i < line.fields.size(); ++i) {
    const auto text = base::trimmed(line.fields[i]);
    if (text.empty()) {
      row.powers.emplace_back();
      continue;
    }
    EBB_TRY(const double value, amount(text, table.header()[i]));
    const double watts = value * columns.meaning.in_base;
    if (watts > units::kLargestWatts) return base::bad_data(base::in_quotes(text) + " is larger than any power");
    row.powers.emplace_back(units::watts(watts));
  }
  return row;
}

base::Expected<std::vector<PowerRow>> read_rows(TextTable& table, const PowerTable& columns) {
  std::vector<PowerRow> rows;
  while (true) {
    EBB_TRY(const auto line, table.next());
    if (!line) break;
    auto row = read_row(table, *line, columns);
    if (!row) return at_line(table.name(), line->number, row.error().message);
    if (!rows.empty() && row->at <= rows.back().at) {
      return at_line(table.name(), line->number,
                     fmt::format("{} is not after {}: rows must be in order, each time once", time::text_of(row->at),
                                 time::text_of(rows.back().at)));
    }
    rows.push_back(*std::move(row));
  }
  if (rows.empty()) return base::bad_data(table.name() + ": there are no rows behind the header");
  return rows;
}

}  // namespace

base::Expected<PowerTable> parse_power_table(std::string_view text, const std::string& name, const std::string& unit) {
  EBB_TRY(auto table, TextTable::open(text, name, ','));
  auto power = columns_of(table, unit);
  if (!power) return power.error().in(name);
  EBB_TRY(power->rows, read_rows(table, *power));
  return power;
}

}  // namespace ebb::imports
