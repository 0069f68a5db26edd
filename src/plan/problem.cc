#include "plan/problem.h"

namespace ebb::plan {

std::string_view name_of(Strategy strategy) {
  switch (strategy) {
    case Strategy::kRunNow:
      return "run-now";
    case Strategy::kFlexibleStart:
      return "flexible-start";
    case Strategy::kPauseResume:
      return "pause-resume";
  }
  return "";
}

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::kNotStarted:
      return "not-started";
    case Standing::kRunning:
      return "running";
    case Standing::kPaused:
      return "paused";
  }
  return "";
}

std::optional<Strategy> parse_strategy(std::string_view text) {
  for (const auto strategy : {Strategy::kRunNow, Strategy::kFlexibleStart, Strategy::kPauseResume}) {
    if (text == name_of(strategy)) return strategy;
  }
  return std::nullopt;
}

}  // namespace ebb::plan
