#include "hardware/cpu_name.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "hardware/names.h"

namespace ebb::hardware {
namespace {

constexpr std::array<std::string_view, 8> kNoise = {"intel",      "amd", "cpu",     "processor",
                                                    "processors", "apu", "genuine", "soc"};
constexpr std::array<std::string_view, 10> kNumbers = {"dual", "two",   "triple", "quad",   "four",
                                                       "six",  "eight", "ten",    "twelve", "sixteen"};
constexpr std::array<std::string_view, 5> kCuts = {"@", ",", " with ", " w/ ", " radeon "};
constexpr std::array<std::string_view, 3> kMarks = {"(r)", "(tm)", "(c)"};
constexpr std::size_t kLongestName = 256;  // the kernel's names have 48 bytes at most

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '+' || c == '.'; }

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool all_digits(std::string_view word) { return !word.empty() && std::all_of(word.begin(), word.end(), is_digit); }

std::vector<std::string> words_in(std::string_view name) {
  std::string text = lower_case(name.substr(0, kLongestName));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 128; }, ' ');
  for (const auto cut : kCuts) text.resize(std::min(text.size(), text.find(cut)));
  for (const auto mark : kMarks) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) text.replace(at, mark.size(), " ");
  }
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    if (is_word(c) && !inside) words.emplace_back();
    inside = is_word(c);
    if (inside) words.back() += c;
  }
  return words;
}

/// "12th gen"
bool is_generation(std::string_view word, std::string_view after) {
  return word.size() > 2 && all_digits(word.substr(0, word.size() - 2)) &&
         contains(std::array<std::string_view, 4>{"st", "nd", "rd", "th"}, word.substr(word.size() - 2)) &&
         after.starts_with("gen");
}

/// "64 core", "quad core"
bool is_core_count(std::string_view word, std::string_view after) {
  return (contains(kNumbers, word) || (all_digits(word) && word.size() <= 3)) && (after == "core" || after == "cores");
}

}  // namespace

std::string cpu_key(std::string_view name) {
  const auto words = words_in(name);
  std::vector<std::string_view> kept;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const std::string_view after = i + 1 < words.size() ? std::string_view(words[i + 1]) : std::string_view();
    if (is_generation(word, after) || is_core_count(word, after)) {
      ++i;
    } else if (!contains(kNoise, word) && !word.ends_with("ghz") && !word.ends_with("mhz")) {
      kept.push_back(word);
    }
  }
  // The first Xeon E5 call themselves "E5-2680 0".
  if (kept.size() >= 4 && kept.front() == "xeon" && kept.back() == "0") kept.pop_back();
  std::string key;
  for (const auto word : kept) key += (key.empty() ? "" : " ") + std::string(word);
  return key;
}

int cores_in_name(std::string_view name) {
  const auto words = words_in(name);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    int cores = 0;
    if (!all_digits(words[i]) || !is_core_count(words[i], words[i + 1])) continue;
    std::from_chars(words[i].data(), words[i].data() + words[i].size(), cores);
    return cores;
  }
  return 0;
}

}  // namespace ebb::hardware
