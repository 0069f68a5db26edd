// Any bytes are a task's or a status's file or are refused; what is taken is written and read again as the same.
#include "keeper/status.h"
#include "keeper/task_file.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  const auto task = keeper::parse_task(text);
  CHECK(task.ok() || !task.error().message.empty());
  if (task) {
    const auto written = keeper::json_of(*task);
    const auto again = keeper::parse_task(written);
    CHECK(again.ok() && keeper::json_of(*again) == written);
    for (const auto& word : task->argv) CHECK(word.find('\0') == std::string::npos);
  }
  const auto status = keeper::parse_status(text);
  CHECK(status.ok() || !status.error().message.empty());
  if (status) {
    const auto again = keeper::parse_status(keeper::json_of(*status));
    CHECK(again.ok() && *again == *status);
    const auto seen = keeper::observation_of(*status, time::Instant(std::chrono::seconds(1795480000)));
    CHECK(seen.ran >= status->ran && seen.paused >= status->paused);
    CHECK(seen.state != exec::TaskState::kEnded || seen.exit_code.has_value());
  }
  return 0;
}
