#include "account/embodied.h"

#include <fmt/format.h>

#include "hardware/embodied.h"

namespace ebb::account {

std::vector<EmbodiedShare> embodied_shares(const std::vector<HeldDevice>& devices, time::Duration held,
                                           std::vector<std::string>* warnings) {
  std::vector<EmbodiedShare> shares;
  for (const auto& device : devices) {
    auto factor = hardware::find_embodied(device.device);
    if (!factor && !device.fallback.empty()) {
      factor = hardware::find_embodied(device.fallback);
      if (factor) {
        warnings->push_back(
            fmt::format("embodied: no source has {}; the figure of {} is taken", device.device, factor->device));
      }
    }
    if (!factor) {
      warnings->push_back(fmt::format("embodied: no source has {}; it is left out", device.device));
      continue;
    }
    EmbodiedShare share;
    share.device = factor->device;
    share.count = device.count;
    share.held = held;
    share.lifetime_years = device.lifetime_years.value_or(factor->lifetime_years);
    share.each = factor->each.value;
    share.share = share.each * (device.count * time::in_seconds(held) /
                                (share.lifetime_years * time::in_seconds(hardware::kLifetimeYear)));
    share.source = factor->source;
    shares.push_back(std::move(share));
  }
  return shares;
}

}  // namespace ebb::account
