#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb::base {

/// Without leading and trailing spaces, tabs and line ends.
std::string_view trimmed(std::string_view text);

/// A finite decimal number that fills the whole text; nothing for "nan", "inf", "0x10", "1e400", "1,5" or "".
std::optional<double> parse_number(std::string_view text);

/// The pieces between separators, empty ones included.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Splits lines off a text one by one; '\n' or "\r\n" end a line, a last one may end with the text.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  /// The next line without its end, or nothing at the end of the text. A line longer than kLongestLine (base/file.h)
  /// is given back cut to that length plus one byte, so that the caller can refuse it without reading on.
  std::optional<std::string_view> next();

  /// Number of the line that next() gave last, from 1.
  [[nodiscard]] std::size_t number() const { return number_; }

  /// What has not been given out yet.
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

/// A name or value put into a message: cut to 40 characters, unprintable bytes as '?', in quotes.
std::string in_quotes(std::string_view text);

/// Words as a shell would read them back: quoted where they have to be.
std::string shell_text(const std::vector<std::string>& words);

/// The entries of `names` nearest to `name` by edit distance, nearest first, at most `most`, none farther than half of
/// the name's length: for "unknown zone X; nearest: ...".
std::vector<std::string> nearest_names(std::string_view name, const std::vector<std::string>& names, std::size_t most);

}  // namespace ebb::base
