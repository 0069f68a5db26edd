#pragma once

#include <string>
#include <vector>

#include "report/table.h"

namespace ebb::report {

/// A table in words, to be written in several ways; every row has as many cells as there are columns. The cells hold
/// plain text: each way of writing escapes it.
struct PlainTable {
  struct Column {
    std::string heading;
    bool number = false;  ///< to the right
  };
  std::string title;
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

std::string text_of(const PlainTable& table);      ///< for a terminal, indented, under its title
std::string markdown_of(const PlainTable& table);  ///< under its title in bold
std::string latex_of(const PlainTable& table);     ///< a tabular of booktabs, its title in a comment
std::string html_of(const PlainTable& table);      ///< a table element with a caption, in a box that scrolls

}  // namespace ebb::report
