#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "base/text.h"

namespace ebb::formats {

/// A CSV text row by row: a byte-order mark is passed over, fields may stand in quotes (with commas and "" in them, no
/// line ends), blanks around fields are not part of them, empty lines are passed over. Views are valid until next().
class CsvTable {
 public:
  /// Reads the header. kBadData: an empty text, a line that is too long.
  static base::Expected<CsvTable> open(std::string_view text, std::string name);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;

  /// kBadData where the first columns are not these.
  [[nodiscard]] base::Status expect(std::initializer_list<std::string_view> first) const;

  /// The next row; false at the end. kBadData naming the line: another number of fields than the header, an open quote.
  base::Expected<bool> next();
  [[nodiscard]] std::string_view operator[](std::size_t column) const { return fields_[column]; }
  [[nodiscard]] std::uint32_t line() const { return static_cast<std::uint32_t>(lines_.number()); }

  /// kBadData, "name:line: what".
  [[nodiscard]] base::Error error(std::string_view what) const;
  /// A field as a value times `factor`; an empty one is kMissing. kBadData: no finite number, beyond any intensity.
  [[nodiscard]] base::Expected<double> intensity(std::size_t column, double factor) const;

 private:
  explicit CsvTable(std::string_view text, std::string name) : lines_(text), name_(std::move(name)) {}
  base::Status split(std::string_view line);
  base::Status split_quoted(std::string_view line);

  base::Lines lines_;
  std::string name_;
  std::vector<std::string> columns_;
  std::vector<std::string_view> fields_;
  std::vector<std::string> unquoted_;  // storage of fields with "" in them
};

/// The first line of a text without its byte-order mark and line end.
std::string_view first_line(std::string_view text);
/// The last part of a path.
std::string_view file_name(std::string_view path);

}  // namespace ebb::formats
