#include "report/run_lines.h"

#include <algorithm>

#include "report/run_words.h"
#include "report/table.h"

namespace ebb::report {

void LabelledLines::add(std::string_view label, std::string_view text) {
  constexpr std::size_t kWidth = 100;
  const std::size_t before = display_width(prefix_);
  const std::size_t column = before + label_width_ + 2;
  const std::string name(label);
  out_ += out_.empty() ? prefix_ : std::string(before, ' ');
  out_ += colour_ && !name.empty() ? "\x1b[1m" + name + "\x1b[0m" : name;
  out_ += std::string(label_width_ + 2 - std::min(label_width_, name.size()), ' ');
  out_ += wrapped(text, kWidth, column) + "\n";
}

}  // namespace ebb::report
