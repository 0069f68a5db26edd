#include "exec/executor.h"

#include <array>
#include <utility>

namespace ebb::exec {
namespace {

constexpr std::array<std::pair<Pausable, std::string_view>, 3> kPausables{{
    {Pausable::kNo, "no"},
    {Pausable::kFreeze, "freeze"},
    {Pausable::kCheckpoint, "checkpoint"},
}};

}  // namespace

std::string_view name_of(Pausable pausable) { return kPausables[static_cast<std::size_t>(pausable)].second; }

std::optional<Pausable> parse_pausable(std::string_view text) {
  for (const auto& [pausable, name] : kPausables) {
    if (name == text) return pausable;
  }
  return std::nullopt;
}

std::string_view name_of(TaskState state) {
  switch (state) {
    case TaskState::kUnknown:
      return "unknown";
    case TaskState::kPending:
      return "pending";
    case TaskState::kRunning:
      return "running";
    case TaskState::kPausing:
      return "pausing";
    case TaskState::kPaused:
      return "paused";
    case TaskState::kEnded:
      return "ended";
    case TaskState::kLost:
      return "lost";
  }
  return "";
}

}  // namespace ebb::exec
