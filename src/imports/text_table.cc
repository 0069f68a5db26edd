#include "imports/text_table.h"

#include <fmt/format.h>

#include "base/file.h"

namespace ebb::imports {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Length of the well-formed UTF-8 character at the front; 0 where there is none.
std::size_t utf8_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80) return 0;
  }
  const auto second = length > 1 ? static_cast<unsigned char>(text[1]) : 0U;
  // Longer forms than needed, surrogates, beyond the last character.
  if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f)) return 0;
  if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) return 0;
  return length;
}

bool is_skipped(std::string_view line) {
  const auto trimmed = base::trimmed(line);
  return trimmed.empty() || trimmed.front() == '#';
}

}  // namespace

base::Error at_line(const std::string& name, std::size_t line, std::string_view what) {
  return base::bad_data(fmt::format("{}:{}: {}", name, line, what));
}

std::string clean_text(std::string_view text, std::size_t most) {
  std::string out;
  while (!text.empty()) {
    const auto length = utf8_length(text);
    const auto byte = static_cast<unsigned char>(text.front());
    const bool plain = length > 1 || (length == 1 && byte >= 0x20 && byte != 0x7f);
    if (out.size() + std::max<std::size_t>(1, length) > most) return out;
    out += plain ? text.substr(0, length) : std::string_view("?");
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

base::Expected<double> amount(std::string_view text, std::string_view column) {
  const auto value = base::parse_number(text);
  if (!value) return base::bad_data(fmt::format("{} is {}, which is no number", column, base::in_quotes(text)));
  if (*value < 0.0) return base::bad_data(fmt::format("{} is {}, less than nothing", column, base::in_quotes(text)));
  if (*value > units::kLargestJoules / units::kJoulesPerKwh) {
    return base::bad_data(fmt::format("{} is {}, larger than anything can be", column, base::in_quotes(text)));
  }
  return *value;
}

std::optional<std::string_view> header_line(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  base::Lines lines(text);
  while (const auto line = lines.next()) {
    if (!is_skipped(*line)) return base::trimmed(*line);
  }
  return std::nullopt;
}

base::Expected<TextTable> TextTable::open(std::string_view text, std::string name, char separator) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  TextTable table(text, std::move(name), separator);
  EBB_TRY(auto line, table.next());
  if (!line) return base::bad_data(table.name_ + ": there is no header in it");
  for (auto& field : line->fields) {
    std::string column(base::trimmed(field));
    if (!table.columns_.emplace(column, table.header_.size()).second) {
      return at_line(table.name_, line->number, fmt::format("the column {} comes twice", base::in_quotes(column)));
    }
    table.header_.push_back(std::move(column));
  }
  return table;
}

base::Expected<std::optional<TableLine>> TextTable::next() {
  while (const auto line = lines_.next()) {
    if (line->size() > base::kLongestLine) return at_line(name_, lines_.number(), "the line is too long");
    if (is_skipped(*line)) continue;
    auto fields = split(*line);
    if (!fields) return at_line(name_, lines_.number(), fields.error().message);
    return std::optional(TableLine{lines_.number(), *std::move(fields)});
  }
  return std::optional<TableLine>();
}

base::Expected<std::vector<std::string>> TextTable::split(std::string_view line) const {
  std::vector<std::string> fields;
  if (separator_ != ',' || line.find('"') == std::string_view::npos) {
    for (const auto field : base::split(line, separator_)) fields.emplace_back(field);
    return fields;
  }
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool doubled = quoted && line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"';
    if (doubled) {
      field += line[++i];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == separator_ && !quoted) {
      fields.push_back(std::move(field));
      field.clear();
    } else {
      field += line[i];
    }
  }
  if (quoted) return base::bad_data("a quote is not closed on its line");
  fields.push_back(std::move(field));
  return fields;
}

std::optional<std::size_t> TextTable::column(std::string_view name) const {
  const auto found = columns_.find(name);
  return found == columns_.end() ? std::nullopt : std::optional(found->second);
}

std::string_view TextTable::field(const TableLine& line, std::string_view column_name) const {
  const auto at = column(column_name);
  return at && *at < line.fields.size() ? base::trimmed(line.fields[*at]) : std::string_view();
}

}  // namespace ebb::imports
