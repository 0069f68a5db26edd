#include "exec/job.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "exec/kernel_file.h"
#include "exec/proc_stat.h"

namespace ebb::exec {
namespace {

/// How long a command may take to go on after us when both were continued, before we continue it ourselves.
constexpr int kContinueGraceMilliseconds = 20;

time::Duration duration_of(const timeval& t) {
  return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
}

timespec timespec_of(time::Duration d) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(d);
  const auto rest = d - whole;
  return {static_cast<time_t>(whole.count()), static_cast<long>(rest.count())};
}

bool is_job_control_stop(int signal) { return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU; }

}  // namespace

base::Expected<LocalJob> LocalJob::start(const JobSpec& spec, SignalInbox& inbox) {
  EBB_TRY(Launched launched, launch(spec.launch, inbox.inherited()));
  LocalJob job(inbox);
  job.group_ = launched.in_group ? spec.launch.group : nullptr;
  job.tree_ = spec.tree;
  job.forward_signals_ = spec.forward_signals;
  job.pid_ = launched.pid;
  job.pidfd_ = std::move(launched.pidfd);
  job.in_group_ = launched.in_group;
  job.why_not_in_group_ = std::move(launched.why_not_in_group);
  return job;
}

base::Expected<Event> LocalJob::wait_until(const time::Clock& clock, time::Duration deadline,
                                           std::span<const int> fds) {
  if (events_.empty()) EBB_TRY_DO(follow_stop());
  std::vector<pollfd> waiting;
  waiting.push_back({inbox_->fd(), POLLIN, 0});
  waiting.push_back({status_ ? -1 : pidfd_.get(), POLLIN, 0});
  for (const int fd : fds) waiting.push_back({fd, POLLIN, 0});
  for (;;) {
    if (!events_.empty()) {
      const Event event = events_.front();
      events_.pop_front();
      return event;
    }
    // Every change of the command and every signal makes the first two readable: nothing is asked of the kernel twice.
    const auto left = std::max(deadline - clock.steady(), time::Duration(0));
    const timespec timeout = timespec_of(left);
    const int ready = ::ppoll(waiting.data(), waiting.size(), &timeout, nullptr);
    if (ready < 0 && errno != EINTR) return base::service_error(system_reason("cannot wait for the command", errno));
    if (ready == 0) return Event{};
    if (ready < 0) continue;
    if (waiting[0].revents != 0 || waiting[1].revents != 0) {
      EBB_TRY_DO(collect());
      if (!events_.empty()) continue;
    }
    if (left == time::Duration(0)) return Event{};
    const auto readable =
        std::find_if(waiting.begin() + 2, waiting.end(), [](const auto& w) { return w.revents != 0; });
    if (readable != waiting.end()) return Event{Event::Kind::kReadable, 0, false, readable->fd};
  }
}

void LocalJob::count_with(ProcessTree& tree) { tree_ = &tree; }

base::Status LocalJob::collect() {
  while (const auto signal = inbox_->next()) take(*signal);
  return reap();
}

void LocalJob::take(const ReceivedSignal& signal) {
  if (signal.signal == SIGCHLD) return;
  Event event{Event::Kind::kSignal, signal.signal, false, -1};
  const bool woke_us = signal.signal == SIGCONT && waking_;
  if (woke_us) woken_ = true;
  if (forward_signals_ && !woke_us && !status_ && signal.from_process() && !is_of_job(signal.sender)) {
    event.forwarded =
        (signal.code == SI_QUEUE ? ::sigqueue(pid_, signal.signal, signal.value) : ::kill(pid_, signal.signal)) == 0;
  }
  events_.push_back(event);
}

base::Status LocalJob::reap() {
  for (;;) {
    int change = 0;
    rusage usage{};
    if (status_ && tree_ == nullptr) return base::Done{};
    const pid_t pid = ::wait4(tree_ != nullptr ? -1 : pid_, &change, WNOHANG | WUNTRACED | WCONTINUED, &usage);
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0 && !status_) return base::service_error(system_reason("the command's end was lost", errno));
    if (pid <= 0) return base::Done{};
    const auto cpu = duration_of(usage.ru_utime) + duration_of(usage.ru_stime);
    const bool has_ended = WIFEXITED(change) || WIFSIGNALED(change);
    if (tree_ != nullptr && has_ended) tree_->reaped(pid, cpu);
    if (pid == pid_) take_change(change, cpu, static_cast<std::uint64_t>(usage.ru_maxrss) * 1024);
  }
}

void LocalJob::take_change(int change, time::Duration cpu, std::uint64_t max_rss_bytes) {
  if (WIFSTOPPED(change)) {
    stopped_by_ = WSTOPSIG(change);
    stop_due_ = is_job_control_stop(stopped_by_);
    events_.push_back({Event::Kind::kStopped, stopped_by_, false, -1});
  } else if (WIFCONTINUED(change)) {
    stopped_by_ = 0;
    stop_due_ = false;
    events_.push_back({Event::Kind::kContinued, SIGCONT, false, -1});
  } else {
    ExitStatus status{WEXITSTATUS(change), std::nullopt, cpu, max_rss_bytes};
    if (WIFSIGNALED(change)) {
      status.signal = WTERMSIG(change);
      status.code = 128 + WTERMSIG(change);
    }
    status_ = status;
    stopped_by_ = 0;
    stop_due_ = false;
    events_.push_back({Event::Kind::kExited, status.signal.value_or(0), false, -1});
  }
}

base::Status LocalJob::follow_stop() {
  // It may have gone on since.
  if (stop_due_) EBB_TRY_DO(collect());
  if (!stop_due_) return base::Done{};
  stop_due_ = false;
  woken_ = false;
  waking_ = true;
  inbox_->stop_self(stopped_by_);
  pollfd change{inbox_->fd(), POLLIN, 0};
  for (int i = 0; i <= kContinueGraceMilliseconds; ++i) {
    EBB_TRY_DO(collect());
    // Not woken: the kernel did not let us stop, and nobody continued anything.
    if (stopped_by_ == 0 || !woken_) break;
    ::poll(&change, 1, 1);
  }
  waking_ = false;
  // Only we were continued: so the command is to go on as well.
  if (stopped_by_ != 0 && woken_ && !stop_due_) ::kill(pid_, SIGCONT);
  return base::Done{};
}

bool LocalJob::is_of_job(pid_t pid) const {
  if (pid == pid_ || pid == ::getpid()) return true;
  if (group_ != nullptr) {
    const auto pids = group_->process_ids();
    if (pids && std::find(pids->begin(), pids->end(), pid) != pids->end()) return true;
  }
  constexpr int kMostAncestors = 256;
  for (int i = 0; i < kMostAncestors && pid > 1; ++i) {
    const auto stat = read_proc_stat("/proc", pid);
    if (!stat) return false;
    // Our own children are the command and, where we are the subreaper, its orphans.
    if (stat->parent == pid_ || stat->parent == ::getpid()) return true;
    pid = stat->parent;
  }
  return false;
}

std::size_t LocalJob::left_behind() const {
  if (group_ != nullptr) {
    const auto pids = group_->process_ids();
    if (!pids) return 0;
    return pids->size() - static_cast<std::size_t>(std::count(pids->begin(), pids->end(), pid_));
  }
  if (tree_ == nullptr) return 0;
  static_cast<void>(tree_->cpu_time());
  return tree_->live();
}

}  // namespace ebb::exec
