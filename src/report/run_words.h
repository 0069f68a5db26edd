#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "account/run_record.h"
#include "units/format.h"

/// Phrases that every text about a run is made of. What the record holds of other people's text comes out printable.
namespace ebb::report {

/// "12.3 s", "7.00 min", "1.58 h", "8.00 d": three digits, for people.
std::string length_text(units::Seconds length);
inline std::string length_text(time::Duration length) { return length_text(time::as_quantity(length)); }

/// "3.14 to 3.34 kWh", "0 J to 1.20 kWh": the unit once where both have it.
std::string span_text(const std::string& low, const std::string& high);
template <typename Q>
std::string span_text(const carbon::Uncertain<Q>& value) {
  return span_text(units::text_of(value.low), units::text_of(value.high));
}
/// "8", "2.50", "1,320": a count of whole things has no fraction.
std::string count_text(double count);
/// "GPU", "2 CPUs", "memory": what a component is, with its number where there are several.
std::string kind_text(hardware::ComponentKind kind, std::size_t count);
/// "node1, node2", printable.
std::string names_text(const std::vector<std::string>& names);

/// "90%: 3.14 to 3.34 kWh"; with level 0, a range of published figures: "range: ...".
std::string interval_words(double level, const std::string& span);

/// "measured (nvml-counter)" of "measured:nvml-counter".
std::string method_text(const std::string& method);

/// Components of one kind and method together.
struct ComponentGroup {
  hardware::ComponentKind kind = hardware::ComponentKind::kOther;
  std::string method;
  std::size_t count = 0;
  carbon::Uncertain<units::Energy> energy;  ///< the ends add up: sensors of one kind err together
  units::Power mean_power;                  ///< over the run
};
/// In the order of their first components.
std::vector<ComponentGroup> component_groups(const account::RunRecord& record);

/// "8 NVIDIA A100-SXM4-80GB, 1 AMD EPYC 7742": devices by name with their numbers; empty where none has a name.
std::string hardware_text(const account::RunRecord& record);

/// "marginal direct, US-CAL-CISO, SGIP 2020 (vintage 2024)".
std::string provenance_text(const account::BookTotal& book);

/// The same in few words, for a line: the source up to its first bracket or comma.
std::string short_provenance_text(const account::BookTotal& book);
/// At most so many characters, none cut in half; "..." stands for the rest.
std::string cut_at(const std::string& text, std::size_t characters);
/// Whole words, with the "..." at most `columns` wide.
std::string shortened(const std::string& text, std::size_t columns);

/// The what-if with the most grams less than what was done; nothing where none has less.
const account::WhatIf* best_what_if(const account::RunRecord& record);
/// "starting 6.00 h later would have avoided 130 g of 1.03 kg (marginal direct)": law 5 chooses the word.
std::string what_if_text(const account::WhatIf& other, const account::RunRecord& record);

/// "drew 4.10 kWh: 3.00 work of this run, 0.24 its idle share, ..."; empty where all that was measured is the run's.
std::string conservation_text(const account::RunRecord& record);
/// "2 read-failed in gpu0 (2.00 s, held by a later reading), ..."; empty without gaps.
std::string gaps_text(const account::RunRecord& record);

/// "python train.py": words with blanks or quotes in quotes.
std::string command_text(const account::RunRecord& record);

/// Cut at blanks into lines that end at most at column `width`; all begin at `column`, the first one after what stands
/// there already.
std::string wrapped(std::string_view text, std::size_t width, std::size_t column);

}  // namespace ebb::report
