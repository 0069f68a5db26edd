#include "hardware/component.h"

#include <array>

namespace ebb::hardware {
namespace {

constexpr std::array<ComponentKind, 4> kKinds{ComponentKind::kGpu, ComponentKind::kCpu, ComponentKind::kDram,
                                              ComponentKind::kOther};

}  // namespace

std::string_view name_of(ComponentKind kind) {
  switch (kind) {
    case ComponentKind::kGpu:
      return "gpu";
    case ComponentKind::kCpu:
      return "cpu";
    case ComponentKind::kDram:
      return "dram";
    case ComponentKind::kOther:
      break;
  }
  return "other";
}

std::optional<ComponentKind> parse_component_kind(std::string_view text) {
  for (const auto kind : kKinds) {
    if (text == name_of(kind)) return kind;
  }
  return std::nullopt;
}

}  // namespace ebb::hardware
