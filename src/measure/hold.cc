#include "measure/hold.h"

#include <csignal>

namespace ebb::measure {

base::Expected<std::unique_ptr<Hold>> Hold::open(exec::JobGroup& group, const exec::PauserOptions& options,
                                                 const time::Clock& clock) {
  std::unique_ptr<Hold> hold(new Hold(options, clock));
  EBB_TRY_DO(hold->take(group));
  return hold;
}

base::Status Hold::take(exec::JobGroup& group) {
  pauser_.reset();
  EBB_TRY(exec::Pauser pauser, exec::Pauser::open(group, options_, waiting_));
  pauser_.emplace(std::move(pauser));
  if (group.kind() != exec::GroupKind::kNone) {
    processes_ = std::make_unique<exec::GroupProcesses>(group, options_.proc);
    return base::Done{};
  }
  EBB_TRY(processes_, exec::TreeProcesses::open(options_.command, options_.proc));
  return base::Done{};
}

base::Status Hold::follow(const exec::LocalJob& job) {
  if (job.in_group() || job.why_not_in_group().empty()) return base::Done{};
  exec::GroupOptions options;
  options.name = options_.name;
  options.prefer = exec::GroupKind::kNone;
  EBB_TRY(exec::JobGroup none, exec::JobGroup::create(options));
  pauser_.reset();
  no_group_.emplace(std::move(none));
  options_.command = job.pid();
  return take(*no_group_);
}

base::Expected<bool> Hold::pause() {
  EBB_TRY(const auto answer, pauser_->pause());
  return !answer.job_ended;
}

base::Status Hold::resume() {
  const auto answer = pauser_->resume();
  return answer ? base::Status(base::Done{}) : answer.error();
}

void Hold::signal_all(int signal) {
  const auto all = processes_->list();
  if (!all) return;
  for (const auto& one : *all) processes_->send(one.process, signal);
}

void Hold::kill_all() {
  // Where they cannot be held, killing goes on without.
  static_cast<void>(pauser_->pause());
  signal_all(SIGKILL);
  // A frozen process of the old freezer dies only when it is let go.
  static_cast<void>(pauser_->resume());
}

bool Hold::any_left() {
  const auto all = processes_->list();
  return all && !all->empty();
}

}  // namespace ebb::measure
