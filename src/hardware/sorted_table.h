#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hardware/table.h"

namespace ebb::hardware {

/// A table of thousands of rows, sorted by a key that is made from one column, and searched where it stands: a program
/// that asks for one CPU must not pay for reading all of them.
///
/// The text must outlive the table, have a header with the columns, and be in order: parse_sorted says whether it is.
/// Thread safety: reading is safe from any thread.
class SortedTable {
 public:
  using Key = std::string (*)(std::string_view);

  SortedTable(std::string_view text, std::string name, std::string_view column, Key key);

  /// The rows with this key, in the order of the file. The fields are views into the text.
  [[nodiscard]] std::vector<TableRow> find(std::string_view key) const;

  /// The key columns, as they are written, of the rows whose key begins with `prefix`, until `each` returns false. For
  /// the nearest names after a failure; the empty prefix gives every row.
  void for_each_name(std::string_view prefix, const std::function<bool(std::string_view)>& each) const;

 private:
  [[nodiscard]] std::size_t line_start(std::size_t at) const;
  [[nodiscard]] std::string_view line_at(std::size_t start) const;
  [[nodiscard]] std::string_view name_in(std::string_view line) const;
  [[nodiscard]] std::size_t first_not_below(std::string_view key) const;

  std::string_view text_;
  std::string_view body_;
  std::string name_;
  std::shared_ptr<const TableRow::Columns> columns_;
  std::size_t column_ = 0;
  Key key_;
};

/// parse_table (hardware/table.h), and kBadData where two neighbours are not in rising order of the key (equal keys
/// pass where `may_repeat`), a key is empty, or an empty line or a comment stands after the header.
base::Expected<std::vector<TableRow>> parse_sorted(std::string_view text, const std::string& name,
                                                   const std::vector<std::string>& columns,
                                                   const std::vector<std::string>& may_be_empty,
                                                   std::string_view column, SortedTable::Key key, bool may_repeat);

}  // namespace ebb::hardware
