#pragma once

#include <optional>
#include <string_view>

namespace ebb::hardware {

/// What part of a machine uses the energy.
enum class ComponentKind { kGpu, kCpu, kDram, kOther };
std::string_view name_of(ComponentKind kind);                              ///< "gpu", "cpu", "dram", "other"
std::optional<ComponentKind> parse_component_kind(std::string_view text);  ///< nothing for an unknown word

}  // namespace ebb::hardware
