#pragma once

#include <string>
#include <vector>

namespace ebb::report {

/// A table for the terminal: columns as wide as their widest cell, numbers to the right.
class TextTable {
 public:
  enum class Align { kLeft, kRight };
  explicit TextTable(std::vector<std::pair<std::string, Align>> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// Each line begins with `indent` blanks and ends without blanks.
  [[nodiscard]] std::string text(std::size_t indent = 0) const;

 private:
  std::vector<std::pair<std::string, Align>> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// How many columns a UTF-8 text takes on a terminal, one a code point.
std::size_t display_width(const std::string& text);

}  // namespace ebb::report
