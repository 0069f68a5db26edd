#include "hardware/sorted_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace ebb::hardware {
namespace {

/// As parse_table skips before and after the header.
bool is_skipped(std::string_view line) {
  const auto trimmed = base::trimmed(line);
  return trimmed.empty() || trimmed.starts_with('#');
}

/// Between the rows nothing may stand: the search would take it for a row.
base::Status check_nothing_between(std::string_view text, const std::string& name) {
  base::Lines lines(text);
  bool in_rows = false;
  while (const auto line = lines.next()) {
    if (in_rows && is_skipped(*line)) {
      return base::bad_data(fmt::format("{}:{}: an empty line or a comment among the rows", name, lines.number()));
    }
    in_rows = in_rows || !is_skipped(*line);
  }
  return base::Done{};
}

}  // namespace

SortedTable::SortedTable(std::string_view text, std::string name, std::string_view column, Key key)
    : text_(text), name_(std::move(name)), key_(key) {
  base::Lines lines(text);
  while (const auto line = lines.next()) {
    if (is_skipped(*line)) continue;
    TableRow::Columns columns;
    for (const auto field : base::split(base::trimmed(*line), ','))
      columns.emplace(base::trimmed(field), columns.size());
    CHECK(columns.contains(column));
    column_ = columns.find(column)->second;
    columns_ = std::make_shared<const TableRow::Columns>(std::move(columns));
    break;
  }
  CHECK(columns_ != nullptr);
  body_ = lines.rest();
}

std::size_t SortedTable::line_start(std::size_t at) const {
  const auto before = at == 0 ? std::string_view::npos : body_.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

std::string_view SortedTable::line_at(std::size_t start) const {
  return body_.substr(start, body_.find('\n', start) - start);
}

std::string_view SortedTable::name_in(std::string_view line) const {
  for (std::size_t i = 0; i < column_; ++i) line.remove_prefix(std::min(line.size(), line.find(',') + 1));
  return base::trimmed(line.substr(0, line.find(',')));
}

std::size_t SortedTable::first_not_below(std::string_view key) const {
  std::size_t low = 0;
  std::size_t high = body_.size();  // both are starts of lines
  while (low < high) {
    const std::size_t middle = line_start(low + (high - low) / 2);
    const auto line = line_at(middle);
    if (key_(name_in(line)) < key) {
      low = std::min(body_.size(), middle + line.size() + 1);
    } else {
      high = middle;
    }
  }
  return low;
}

std::vector<TableRow> SortedTable::find(std::string_view key) const {
  std::vector<TableRow> rows;
  for (std::size_t at = first_not_below(key); at < body_.size();) {
    const auto line = line_at(at);
    if (key_(name_in(line)) != key) break;
    const auto before = text_.substr(0, static_cast<std::size_t>(line.data() - text_.data()));
    const auto number = 1 + std::count(before.begin(), before.end(), '\n');
    rows.emplace_back(columns_, base::split(line, ','), fmt::format("{}:{}", name_, number));
    at += line.size() + 1;
  }
  return rows;
}

void SortedTable::for_each_name(std::string_view prefix, const std::function<bool(std::string_view)>& each) const {
  for (std::size_t at = first_not_below(prefix); at < body_.size();) {
    const auto line = line_at(at);
    const auto name = name_in(line);
    if (!prefix.empty() && !key_(name).starts_with(prefix)) return;
    if (!each(name)) return;
    at += line.size() + 1;
  }
}

base::Expected<std::vector<TableRow>> parse_sorted(std::string_view text, const std::string& name,
                                                   const std::vector<std::string>& columns,
                                                   const std::vector<std::string>& may_be_empty,
                                                   std::string_view column, SortedTable::Key key, bool may_repeat) {
  EBB_TRY(auto rows, parse_table(text, name, columns, may_be_empty));
  EBB_TRY_DO(check_nothing_between(text, name));
  std::string last;
  for (const auto& row : rows) {
    auto its = key(row[column]);
    if (its.empty()) return row.error(fmt::format("{} is no name", base::in_quotes(row[column])));
    if (its == last && !may_repeat) return row.error(fmt::format("{} comes twice", base::in_quotes(row[column])));
    if (its < last) {
      return row.error(
          fmt::format("{} is not in order: its key is below that of the row before", base::in_quotes(row[column])));
    }
    last = std::move(its);
  }
  return rows;
}

}  // namespace ebb::hardware
