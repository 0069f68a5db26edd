#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace ebb::hardware {

/// One row of a table of sourced figures. The texts are views into the text that was parsed.
class TableRow {
 public:
  using Columns = std::map<std::string, std::size_t, std::less<>>;
  TableRow(std::shared_ptr<const Columns> columns, std::vector<std::string_view> fields, std::string where)
      : columns_(std::move(columns)), fields_(std::move(fields)), where_(std::move(where)) {}

  /// The field without blanks around it. The column must be one of those that parse_table was asked for.
  [[nodiscard]] std::string_view operator[](std::string_view column) const;
  [[nodiscard]] std::string text(std::string_view column) const { return std::string((*this)[column]); }
  /// A number of at least `least`; kBadData names file, line, column and what stands there.
  [[nodiscard]] base::Expected<double> number(std::string_view column, double least) const;
  /// The same, and at most `most`.
  [[nodiscard]] base::Expected<double> number(std::string_view column, double least, double most) const;
  /// An error about this row: kBadData, "file:line: what".
  [[nodiscard]] base::Error error(std::string_view what) const;

 private:
  std::shared_ptr<const Columns> columns_;
  std::vector<std::string_view> fields_;
  std::string where_;  // "embodied.csv:20"
};

/// Reads a table: comment lines (#), a header, rows; fields parted by commas, no quoting, so no field holds a comma.
///
/// `columns` must all be in the header, in any order; those in `may_be_empty` may have empty fields, the others not:
/// that is how every row is held to have a source and a vintage. kBadData names file, line, what and why: a column
/// missing or twice, a row with another number of fields, an empty field, a line too long, no rows.
base::Expected<std::vector<TableRow>> parse_table(std::string_view text, const std::string& name,
                                                  const std::vector<std::string>& columns,
                                                  const std::vector<std::string>& may_be_empty = {});

/// "unknown GPU "V10O"; nearest are V100, A100": kUsage. A dozen names are listed where none is near.
base::Error unknown_name(std::string_view what, std::string_view name, const std::vector<std::string>& names);

}  // namespace ebb::hardware
