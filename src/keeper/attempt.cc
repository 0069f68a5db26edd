#include "keeper/attempt.h"

#include <poll.h>

#include <utility>

namespace ebb::keeper {
namespace {

using exec::TaskState;
using std::chrono::seconds;

/// How old figures may be that nothing else brings to the disk.
constexpr auto kWriteEvery = seconds(5);
constexpr int kLastTries = 600;

std::string status_name(const exec::Task& task) { return attempt_file(task.attempt, "status"); }

}  // namespace

Attempt::Attempt(const Folder& folder, const exec::Task& task, const time::Clock& clock, Door door)
    : folder_(folder), task_(task), clock_(clock), door_(std::move(door)) {}

base::Status Attempt::write(bool durable) {
  status.as_of = clock_.now();
  return folder_.write(status_name(task_), json_of(status), durable);
}

void Attempt::write_at_last() {
  for (int tries = 0; tries < kLastTries && !write(true); ++tries) ::poll(nullptr, 0, 1000);
}

void Attempt::serve() {
  door_.serve([this](std::string_view word) { return answer(word); });
}

std::string Attempt::answer(std::string_view word) {
  if (word == "pause" && task_.pausable == exec::Pausable::kNo) return "no it was not submitted as pausable";
  if (word == "pause") return want(Wanted::kPause);
  if (word == "resume") return want(Wanted::kRun);
  if (word == "cancel") return want(Wanted::kCancel);
  if (word == "status") return "ok " + json_of(status);
  return "no such word";
}

std::string Attempt::want(Wanted wanted) {
  if (status.wanted == wanted) return "ok";
  // There is no way back from that.
  if (status.wanted == Wanted::kCancel) return "ok it is being cancelled";
  const auto before = std::exchange(status.wanted, wanted);
  if (const auto written = write(true); !written) {
    status.wanted = before;
    return "no " + written.error().message;
  }
  return "ok";
}

TaskState AttemptControl::state_of(const measure::Standing& standing) const {
  switch (standing.state) {
    case measure::RunState::kWaiting:
      return standing.attempt == 0 ? TaskState::kPending : TaskState::kPausing;
    case measure::RunState::kRunning:
      return attempt_.status.wanted == Wanted::kPause || standing.checkpointing ? TaskState::kPausing
                                                                                : TaskState::kRunning;
    case measure::RunState::kPaused:
      break;
  }
  return TaskState::kPaused;
}

measure::Order AttemptControl::ask(const measure::Standing& standing) {
  attempt_.serve();
  auto& status = attempt_.status;
  const auto state = state_of(standing);
  const bool changed = state != status.state || standing.job != status.job || standing.trouble != status.note;
  status.state = state;
  status.begun = standing.begun;
  status.ran = standing.ran;
  status.paused = standing.paused;
  status.pauses = standing.pauses;
  status.run_id = standing.run_id;
  status.job = standing.job;
  status.note = standing.trouble;
  if (standing.attempt > 0) {
    status.energy = standing.energy;
    status.power = standing.power;
  }
  const auto now = clock_.steady();
  if (changed || !written_ || now - *written_ >= kWriteEvery) {
    // Figures that cannot be written now are written later; the job goes on.
    if (attempt_.write(changed)) written_ = now;
  }
  measure::Order order;
  order.ask_again = now + kWriteEvery;
  const auto& task = attempt_.task();
  if (!task.checkpoint_command.empty()) {
    order.checkpoint.how = task.checkpoint_command;
  } else {
    order.checkpoint.how = task.checkpoint_signal;
  }
  order.checkpoint.grace = task.grace;
  if (status.wanted == Wanted::kCancel || standing.checkpointed) {
    order.wish = measure::Wish::kEnd;
  } else if (status.wanted == Wanted::kPause) {
    const bool checkpoint = task.pausable == exec::Pausable::kCheckpoint;
    order.wish = checkpoint && standing.attempt > 0 ? measure::Wish::kCheckpoint : measure::Wish::kPause;
  }
  return order;
}

}  // namespace ebb::keeper
