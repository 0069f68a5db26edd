#include "hardware/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/file.h"
#include "base/text.h"

namespace ebb::hardware {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

base::Expected<TableRow::Columns> columns_of(std::string_view header, const std::vector<std::string>& needed) {
  TableRow::Columns columns;
  const auto fields = base::split(header, ',');
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!columns.emplace(base::trimmed(fields[i]), i).second) {
      return base::bad_data(fmt::format("the column {} comes twice", base::in_quotes(base::trimmed(fields[i]))));
    }
  }
  for (const auto& column : needed) {
    if (!columns.contains(column)) {
      return base::bad_data(
          fmt::format("the header has no column {}: it is {}", base::in_quotes(column), base::in_quotes(header)));
    }
  }
  return columns;
}

base::Status check_row(const TableRow& row, std::size_t fields, const TableRow::Columns& columns,
                       const std::vector<std::string>& needed, const std::vector<std::string>& may_be_empty) {
  if (fields != columns.size()) {
    return row.error(fmt::format("{} fields, but the header has {}", fields, columns.size()));
  }
  for (const auto& column : needed) {
    if (row[column].empty() && !contains(may_be_empty, column)) {
      return row.error(fmt::format("the field {} is empty", base::in_quotes(column)));
    }
  }
  return base::Done{};
}

}  // namespace

std::string_view TableRow::operator[](std::string_view column) const {
  const auto at = columns_->find(column);
  CHECK(at != columns_->end() && at->second < fields_.size());
  return base::trimmed(fields_[at->second]);
}

base::Expected<double> TableRow::number(std::string_view column, double least) const {
  const auto value = base::parse_number((*this)[column]);
  if (!value) return error(fmt::format("{} is no number in {}", base::in_quotes((*this)[column]), column));
  if (*value < least) return error(fmt::format("{} is {}, less than {}", column, *value, least));
  return *value;
}

base::Expected<double> TableRow::number(std::string_view column, double least, double most) const {
  EBB_TRY(const double value, number(column, least));
  if (value > most) return error(fmt::format("{} is {}, more than {}", column, value, most));
  return value;
}

base::Error TableRow::error(std::string_view what) const { return base::bad_data(fmt::format("{}: {}", where_, what)); }

base::Expected<std::vector<TableRow>> parse_table(std::string_view text, const std::string& name,
                                                  const std::vector<std::string>& columns,
                                                  const std::vector<std::string>& may_be_empty) {
  base::Lines lines(text);
  std::shared_ptr<const TableRow::Columns> known;
  std::vector<TableRow> rows;
  while (const auto line = lines.next()) {
    const auto where = fmt::format("{}:{}", name, lines.number());
    if (line->size() > base::kLongestLine) return base::bad_data(where + ": the line is too long");
    const auto trimmed = base::trimmed(*line);
    if (trimmed.empty() || trimmed.starts_with('#')) continue;
    if (!known) {
      auto found = columns_of(trimmed, columns);
      if (!found) return found.error().in(where);
      known = std::make_shared<const TableRow::Columns>(*std::move(found));
      continue;
    }
    auto fields = base::split(*line, ',');
    const auto count = fields.size();
    rows.emplace_back(known, std::move(fields), where);
    EBB_TRY_DO(check_row(rows.back(), count, *known, columns, may_be_empty));
  }
  if (rows.empty()) return base::bad_data(fmt::format("{}: there are no rows in it", name));
  return rows;
}

base::Error unknown_name(std::string_view what, std::string_view name, const std::vector<std::string>& names) {
  // A person reads a dozen names; a table may have thousands.
  constexpr std::size_t kMostListed = 12;
  const auto near = base::nearest_names(name, names, 3);
  const auto head = base::in_quotes(name);
  if (!near.empty()) {
    return base::usage_error(fmt::format("unknown {} {}; nearest are {}", what, head, fmt::join(near, ", ")));
  }
  const std::vector<std::string> listed(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMostListed)));
  const auto more = names.size() - listed.size();
  return base::usage_error(fmt::format("unknown {} {}; known are {}{}", what, head, fmt::join(listed, ", "),
                                       more > 0 ? fmt::format(" and {} more", more) : ""));
}

}  // namespace ebb::hardware
