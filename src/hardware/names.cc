#include "hardware/names.h"

#include <algorithm>

#include "base/text.h"

namespace ebb::hardware {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::string words_of(std::string_view name) {
  std::string words = " ";
  for (const char raw : name) {
    const char c = lower(raw);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      words += c;
    } else if (words.back() != ' ') {
      words += ' ';
    }
  }
  return words.back() == ' ' ? words : words + ' ';
}

std::vector<std::string> word_list(std::string_view name) {
  const std::string words = words_of(name);
  std::vector<std::string> list;
  for (const auto word : base::split(base::trimmed(words), ' ')) {
    if (!word.empty()) list.emplace_back(word);
  }
  return list;
}

}  // namespace ebb::hardware
