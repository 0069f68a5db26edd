#pragma once

#include <functional>
#include <string>

#include "base/expected.h"
#include "time/clock.h"

namespace ebb::test {

/// What to record, and how: both times are parameters so that the recorder is tested without waiting.
struct RecordingPlan {
  std::string library = "libnvidia-ml.so.1";
  time::Duration length{std::chrono::seconds(30)};
  time::Duration every{std::chrono::milliseconds(5)};
  std::function<void(time::Duration)> sleep;
};

/// Reads the counter and the powers of every board, as often as told, and writes down each value that differs from the
/// one before: a recording for the fake libnvidia-ml (test/fakes/nvml/README.md), with the cost of the calls, and what
/// was seen of them as comments. Errors: kService where there is no NVML or no board.
base::Expected<std::string> record_nvml(const RecordingPlan& plan, const time::Clock& clock);

}  // namespace ebb::test
