#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ebb::hardware {

/// A to Z as a to z; every other byte as it is.
std::string lower_case(std::string_view text);

/// Lower-case words of letters and digits with one blank around each: " a100 sxm4 80gb ".
std::string words_of(std::string_view name);

/// The words of words_of, one by one.
std::vector<std::string> word_list(std::string_view name);

}  // namespace ebb::hardware
