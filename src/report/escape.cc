#include "report/escape.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace ebb::report {
namespace {

using Replacement = std::pair<char, std::string_view>;

template <std::size_t N>
std::string replaced(std::string_view text, const std::array<Replacement, N>& replacements) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto* found =
        std::find_if(replacements.begin(), replacements.end(), [c](const Replacement& r) { return r.first == c; });
    if (found == replacements.end()) {
      out += c;
    } else {
      out += found->second;
    }
  }
  return out;
}

unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}
bool continues(unsigned byte) { return (byte & 0xc0U) == 0x80U; }

/// Bytes of the UTF-8 character at `at` (RFC 3629: no overlong form, no surrogate, at most U+10FFFF); 0 where none is.
std::size_t character_length(std::string_view text, std::size_t at) {
  const unsigned first = byte_at(text, at);
  const unsigned second = byte_at(text, at + 1);
  if (first < 0x80U) return 1;
  if (first < 0xc2U || first > 0xf4U || !continues(second)) return 0;
  if (first < 0xe0U) return 2;
  if (!continues(byte_at(text, at + 2))) return 0;
  if (first < 0xf0U) {
    const bool overlong = first == 0xe0U && second < 0xa0U;
    const bool surrogate = first == 0xedU && second >= 0xa0U;
    return overlong || surrogate ? 0 : 3;
  }
  const bool in_range = (first != 0xf0U || second >= 0x90U) && (first != 0xf4U || second < 0x90U);
  return in_range && continues(byte_at(text, at + 3)) ? 4 : 0;
}

}  // namespace

std::string escaped_html(std::string_view text) {
  static constexpr std::array<Replacement, 5> kHtml{
      {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'"', "&quot;"}, {'\'', "&#39;"}}};
  return replaced(text, kHtml);
}

std::string escaped_latex(std::string_view text) {
  static constexpr std::array<Replacement, 12> kLatex{{{'\\', "\\textbackslash{}"},
                                                       {'{', "\\{"},
                                                       {'}', "\\}"},
                                                       {'%', "\\%"},
                                                       {'&', "\\&"},
                                                       {'_', "\\_"},
                                                       {'#', "\\#"},
                                                       {'$', "\\$"},
                                                       {'~', "\\textasciitilde{}"},
                                                       {'^', "\\textasciicircum{}"},
                                                       {'\n', " "},
                                                       {'\r', " "}}};
  return replaced(text, kLatex);
}

std::string escaped_markdown(std::string_view text) {
  static constexpr std::array<Replacement, 13> kMarkdown{{{'\\', "\\\\"},
                                                          {'`', "\\`"},
                                                          {'*', "\\*"},
                                                          {'_', "\\_"},
                                                          {'[', "\\["},
                                                          {']', "\\]"},
                                                          {'<', "&lt;"},
                                                          {'>', "&gt;"},
                                                          {'&', "&amp;"},
                                                          {'|', "\\|"},
                                                          {'#', "\\#"},
                                                          {'\n', " "},
                                                          {'\r', " "}}};
  return replaced(text, kMarkdown);
}

std::string csv_field(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_number_float()) return number_text(value.get<double>());
  const std::string text = value.is_string() ? value.get<std::string>() : dump(value);
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  static constexpr std::array<Replacement, 1> kQuote{{{'"', "\"\""}}};
  return "\"" + replaced(text, kQuote) + "\"";
}

std::string script_safe(const std::string& json) {
  static constexpr std::array<Replacement, 1> kLess{{{'<', "\\u003c"}}};
  return replaced(json, kLess);
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = character_length(text, at);
    out += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

std::string printable(std::string_view text) {
  const std::string valid = valid_utf8(text);
  std::string out;
  for (std::size_t at = 0; at < valid.size(); ++at) {
    const unsigned byte = byte_at(valid, at);
    // U+0080 to U+009F are controls as well: c2 80 to c2 9f.
    const bool wide_control = byte == 0xc2U && byte_at(valid, at + 1) < 0xa0U;
    if (wide_control) ++at;
    out += byte < 0x20U || byte == 0x7fU || wide_control ? '?' : valid[at];
  }
  return out;
}

}  // namespace ebb::report
