#include "exec/node_list.h"

#include <fmt/format.h>

#include <cstdint>

#include "base/text.h"
#include "exec/whole_number.h"

namespace ebb::exec {
namespace {

constexpr std::size_t kLongestName = 255;

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

/// Walks over the text once; every function leaves `at_` behind what it read.
class NodeListParser {
 public:
  explicit NodeListParser(std::string_view text) : text_(text) {}

  base::Expected<std::vector<std::string>> parse() {
    if (text_.empty()) return error("it is empty");
    do {
      EBB_TRY_DO(entry());
    } while (skip(','));
    if (at_ < text_.size()) return error("no host name has this character");
    return std::move(names_);
  }

 private:
  /// "rack[1-2]n[1-4]x": the names of all its parts put together.
  base::Status entry() {
    std::vector<std::string> heads{""};
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != ',') {
      if (skip('[')) {
        EBB_TRY(const auto numbers, bracket());
        EBB_TRY_DO(cross(heads, numbers));
      } else if (is_name_byte(text_[at_])) {
        for (auto& head : heads) head += text_[at_];
        ++at_;
      } else {
        return error("no host name has this character");
      }
      if (heads.front().size() > kLongestName) return error("a name is longer than 255 bytes");
    }
    if (at_ == begin) return error("a name is empty");
    if (names_.size() + heads.size() > kMostNodes) return too_many();
    names_.insert(names_.end(), heads.begin(), heads.end());
    return base::Done{};
  }

  /// "01-03,7]"
  base::Expected<std::vector<std::string>> bracket() {
    std::vector<std::string> numbers;
    do {
      EBB_TRY_DO(range(numbers));
    } while (skip(','));
    if (!skip(']')) return error("a bracket is not closed");
    return numbers;
  }

  base::Status range(std::vector<std::string>& numbers) {
    const auto low = digits();
    const auto high = skip('-') ? digits() : low;
    const auto first = parse_whole<std::uint64_t>(low);
    const auto last = parse_whole<std::uint64_t>(high);
    if (!first || !last) return error("a number is expected in brackets");
    if (*last < *first) return error("a range runs backwards");
    if (*last - *first >= kMostNodes - numbers.size()) return too_many();
    for (std::uint64_t n = *first; n <= *last; ++n) numbers.push_back(fmt::format("{:0{}}", n, low.size()));
    return base::Done{};
  }

  base::Status cross(std::vector<std::string>& heads, const std::vector<std::string>& numbers) const {
    if (heads.size() * numbers.size() > kMostNodes) return too_many();
    std::vector<std::string> longer;
    longer.reserve(heads.size() * numbers.size());
    for (const auto& head : heads) {
      for (const auto& number : numbers) longer.push_back(head + number);
    }
    heads = std::move(longer);
    return base::Done{};
  }

  std::string_view digits() {
    constexpr std::size_t kMostDigits = 18;
    const std::size_t begin = at_;
    while (at_ < text_.size() && at_ - begin < kMostDigits && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return text_.substr(begin, at_ - begin);
  }

  bool skip(char c) {
    const bool is_here = at_ < text_.size() && text_[at_] == c;
    if (is_here) ++at_;
    return is_here;
  }

  [[nodiscard]] base::Error error(std::string_view what) const {
    return base::bad_data(fmt::format("node list {}: {} (at byte {})", base::in_quotes(text_), what, at_ + 1));
  }
  [[nodiscard]] base::Error too_many() const { return error(fmt::format("more than {} names", kMostNodes)); }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> names_;
};

}  // namespace

base::Expected<std::vector<std::string>> parse_node_list(std::string_view text) { return NodeListParser(text).parse(); }

}  // namespace ebb::exec
