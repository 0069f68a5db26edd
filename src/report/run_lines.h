#pragma once

#include <string>
#include <string_view>

namespace ebb::report {

/// Lines "label  text" of at most 100 columns; a longer text goes on below itself.
class LabelledLines {
 public:
  /// `first` stands before the first line, as many blanks before the others; labels are `label_width` wide.
  LabelledLines(std::string_view first, std::size_t label_width, bool colour)
      : prefix_(first), label_width_(label_width), colour_(colour) {}
  void add(std::string_view label, std::string_view text);
  [[nodiscard]] std::string text() const { return out_; }

 private:
  std::string prefix_;
  std::size_t label_width_;
  bool colour_;
  std::string out_;
};

}  // namespace ebb::report
