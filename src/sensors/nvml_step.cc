#include "sensors/nvml_step.h"

#include <algorithm>

namespace ebb::sensors::nvml {
namespace {

constexpr int kMovesInWindow = 8;

}  // namespace

void StepLearner::saw(time::Duration at, bool moved) {
  if (!first_) {
    if (moved) first_ = at;
    return;
  }
  if (!moved) {
    stood_still_ = true;
  } else if (++moves_ == kMovesInWindow) {
    close_window(at);
  }
}

void StepLearner::close_window(time::Duration at) {
  const auto between = (at - *first_) / kMovesInWindow;
  if (stood_still_ || between < step_) step_ = std::clamp(between, kFastest, kSlowest);
  first_ = at;
  moves_ = 0;
  stood_still_ = false;
}

}  // namespace ebb::sensors::nvml
