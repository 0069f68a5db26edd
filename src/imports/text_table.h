#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "base/text.h"
#include "units/quantity.h"

namespace ebb::imports {

/// One line of a table, split.
struct TableLine {
  std::size_t number = 0;  ///< of the line in the file, from 1
  std::vector<std::string> fields;
};

/// "name:line: what": kBadData.
base::Error at_line(const std::string& name, std::size_t line, std::string_view what);

/// Somebody else's text as it may be kept: control characters and what is no UTF-8 as '?', cut to `most` bytes.
std::string clean_text(std::string_view text, std::size_t most = 200);

/// A number that is not negative; kBadData naming the column and what stands there ("nan", "inf" and the like too).
base::Expected<double> amount(std::string_view text, std::string_view column);

/// The first lines' header: without a byte order mark and comments (#). Nothing where the text has no line.
std::optional<std::string_view> header_line(std::string_view text);

/// A text file with a header and one record a line. Comment lines (#) and empty ones are skipped.
///
/// The file's text must outlive it. kBadData names file and line: no header, a column twice, a line too long, quotes
/// that are not closed on their line.
class TextTable {
 public:
  /// With separator ',' a field may stand in double quotes (RFC 4180, but on one line).
  static base::Expected<TextTable> open(std::string_view text, std::string name, char separator);

  /// The next record, with as many fields as the line has; nothing at the end.
  base::Expected<std::optional<TableLine>> next();

  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return column(name).has_value(); }
  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  /// The field without blanks around it; empty where there is no such column or the line ends before it.
  [[nodiscard]] std::string_view field(const TableLine& line, std::string_view column) const;

 private:
  TextTable(std::string_view text, std::string name, char separator)
      : lines_(text), name_(std::move(name)), separator_(separator) {}
  base::Expected<std::vector<std::string>> split(std::string_view line) const;

  base::Lines lines_;
  std::string name_;
  char separator_;
  std::vector<std::string> header_;
  std::map<std::string, std::size_t, std::less<>> columns_;
};

}  // namespace ebb::imports
