#include "formats/csv_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/file.h"
#include "series/series.h"

namespace ebb::formats {

std::string_view first_line(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto end = text.substr(0, base::kLongestLine).find('\n');
  return base::trimmed(text.substr(0, end == std::string_view::npos ? base::kLongestLine : end));
}

std::string_view file_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

base::Error CsvTable::error(std::string_view what) const {
  return base::bad_data(fmt::format("{}:{}: {}", name_, lines_.number(), what));
}

base::Expected<CsvTable> CsvTable::open(std::string_view text, std::string name) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  CsvTable table(text, std::move(name));
  EBB_TRY(const bool any, table.next());
  if (!any) return base::bad_data(fmt::format("{}: the file is empty", table.name_));
  for (const auto field : table.fields_) table.columns_.emplace_back(field);
  return table;
}

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

base::Status CsvTable::expect(std::initializer_list<std::string_view> first) const {
  if (columns_.size() >= first.size() && std::equal(first.begin(), first.end(), columns_.begin())) return base::Done{};
  return error(fmt::format("the header does not begin with {}", fmt::join(first, ",")));
}

base::Expected<bool> CsvTable::next() {
  while (const auto line = lines_.next()) {
    if (line->size() > base::kLongestLine) return error("the line is too long");
    const auto row = base::trimmed(*line);
    if (row.empty()) continue;
    EBB_TRY_DO(split(*line));
    if (!columns_.empty() && fields_.size() != columns_.size()) {
      return error(fmt::format("{} fields, but the header has {}", fields_.size(), columns_.size()));
    }
    return true;
  }
  return false;
}

base::Status CsvTable::split(std::string_view line) {
  fields_.clear();
  if (std::memchr(line.data(), '"', line.size()) != nullptr) return split_quoted(line);
  for (;;) {
    const auto comma = line.find(',');
    fields_.push_back(base::trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) return base::Done{};
    line.remove_prefix(comma + 1);
  }
}

base::Status CsvTable::split_quoted(std::string_view line) {
  unquoted_.clear();
  unquoted_.reserve(line.size() / 2 + 1);  // no text moves while views on it are held
  for (;;) {
    auto rest = line;
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
    if (rest.empty() || rest.front() != '"') {
      const auto comma = line.find(',');
      fields_.push_back(base::trimmed(line.substr(0, comma)));
      if (comma == std::string_view::npos) return base::Done{};
      line.remove_prefix(comma + 1);
      continue;
    }
    std::string text;
    std::size_t at = 1;
    for (; at < rest.size(); ++at) {
      if (rest[at] == '"') {
        if (at + 1 >= rest.size() || rest[at + 1] != '"') break;
        ++at;
      }
      text += rest[at];
    }
    if (at >= rest.size()) return error("a quote is opened and not closed in this line");
    unquoted_.push_back(std::move(text));
    fields_.push_back(base::trimmed(unquoted_.back()));
    const auto behind = base::trimmed(rest.substr(at + 1));
    if (behind.empty()) return base::Done{};
    if (behind.front() != ',') return error("there is text behind a closing quote");
    line = rest.substr(rest.find(',', at + 1) + 1);
  }
}

base::Expected<double> CsvTable::intensity(std::size_t column, double factor) const {
  const auto field = fields_[column];
  if (field.empty()) return series::kMissing;
  const auto number = base::parse_number(field);
  if (!number) {
    return error(fmt::format("{} is no finite number (column {}); a missing value is an empty field",
                             base::in_quotes(field), base::in_quotes(columns_[column])));
  }
  if (!series::is_plausible(*number * factor)) {
    return error(fmt::format("{} is beyond any intensity (column {})", base::in_quotes(field),
                             base::in_quotes(columns_[column])));
  }
  return *number * factor;
}

}  // namespace ebb::formats
