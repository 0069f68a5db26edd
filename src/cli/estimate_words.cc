#include "cli/estimate_words.h"

#include <fmt/format.h>

#include <optional>

#include "base/text.h"
#include "cli/common.h"
#include "hardware/names.h"

namespace ebb::cli {
namespace {

/// "8xA100" is eight of them; a name alone says no number.
std::pair<std::optional<double>, std::string> counted(const std::string& text) {
  const auto times = text.find('x');
  if (times == std::string::npos || times == 0) return {std::nullopt, text};
  const auto digits = text.substr(0, times);
  if (digits.find_first_not_of("0123456789") != std::string::npos) return {std::nullopt, text};
  return {base::parse_number(digits), std::string(base::trimmed(text.substr(times + 1)))};
}

}  // namespace

std::string text_of(const Busy& busy) {
  if (busy.said) return fmt::format("working {:.3g}% of the time", 100.0 * busy.value);
  return fmt::format("working {:.0f} to {:.0f}% of the time, as nobody said", 100.0 * busy.low, 100.0 * busy.high);
}

base::Expected<Busy> busy_of(const Arguments& arguments, std::string_view option, const Busy& otherwise) {
  EBB_TRY(const auto share, share_option(arguments, option));
  return share ? Busy{*share, *share, *share, true} : otherwise;
}

base::Expected<std::pair<double, std::string>> several(const Arguments& arguments, std::string_view option,
                                                       std::string_view number) {
  const auto [count, name] = counted(*arguments.get(option));
  EBB_TRY(const auto given, number_option(arguments, number, 1e-3, kMostParts));
  if (count && given) {
    return base::usage_error(fmt::format("{} says how many already: {} is one too many", option, number));
  }
  if (count && (*count < 1.0 || *count > kMostParts)) {
    return base::usage_error(fmt::format("{}: {:g} is no number from 1 to {:g}", option, *count, kMostParts));
  }
  return std::pair(count.value_or(given.value_or(1.0)), name);
}

std::string count_of(double count, const std::string& name) {
  return count == 1.0 ? name : fmt::format("{:g} x {}", count, name);
}

base::Expected<double> parse_gigabytes(std::string_view text) {
  struct Unit {
    std::string_view name;
    double gigabytes;
  };
  constexpr Unit kUnits[] = {{"gib", 1.073741824}, {"gb", 1.0},          {"tib", 1099.511627776},
                             {"tb", 1000.0},       {"mib", 1.048576e-3}, {"mb", 1e-3}};
  const auto trimmed = base::trimmed(text);
  for (const auto& unit : kUnits) {
    if (trimmed.size() < unit.name.size()) continue;
    const auto digits = trimmed.size() - unit.name.size();
    if (hardware::lower_case(trimmed.substr(digits)) != unit.name) continue;
    const auto number = base::parse_number(base::trimmed(trimmed.substr(0, digits)));
    if (number && *number >= 0.0 && *number * unit.gigabytes <= 1e9) return *number * unit.gigabytes;
  }
  return base::usage_error(fmt::format("{} is no size: write it like 64GB or 1.5TB", base::in_quotes(text)));
}

}  // namespace ebb::cli
