// Records NVML of this machine as a recording for the fake libnvidia-ml, on stdout:
//   nvml_record [SECONDS [LIBRARY]]
#include <cstdio>
#include <thread>

#include "base/text.h"
#include "hw/nvml_recorder.h"

int main(int argc, char** argv) {
  ebb::test::RecordingPlan plan;
  plan.sleep = [](ebb::time::Duration time) { std::this_thread::sleep_for(time); };
  const auto seconds = ebb::base::parse_number(argc > 1 ? argv[1] : "30");
  if (argc > 3 || !seconds || *seconds <= 0 || *seconds > 86400) {
    std::fputs("usage: nvml_record [SECONDS [LIBRARY]] > FILE\n", stderr);
    return 2;
  }
  plan.length = ebb::time::from_seconds(*seconds);
  if (argc > 2) plan.library = argv[2];
  const auto recording = ebb::test::record_nvml(plan, ebb::time::SystemClock());
  if (!recording.ok()) {
    std::fprintf(stderr, "nvml_record: %s\n", recording.error().message.c_str());
    return 5;
  }
  std::fputs(recording->c_str(), stdout);
  return 0;
}
