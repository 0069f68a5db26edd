#include "exec/pause_processes.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "exec/descriptor.h"
#include "exec/whole_number.h"

namespace ebb::exec {
namespace {

bool is_stopped(char state) { return state == 'T' || state == 't'; }
bool is_ended(char state) { return state == 'Z' || state == 'X'; }

JobProcess::State state_of(char state) {
  if (is_stopped(state)) return JobProcess::State::kStopped;
  return state == 'D' ? JobProcess::State::kWaits : JobProcess::State::kRuns;
}

/// Of all threads; nothing where none lives.
std::optional<JobProcess::State> state_of_threads(const std::string& proc, const ProcStat& stat) {
  if (stat.threads <= 1) return is_ended(stat.state) ? std::nullopt : std::optional(state_of(stat.state));
  std::optional<JobProcess::State> all;
  std::error_code error;
  const std::string folder = fmt::format("{}/{}/task", proc, stat.process.pid);
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const auto thread = parse_whole<pid_t>(at->path().filename().string());
    const auto its = thread ? read_proc_stat(folder, *thread) : std::nullopt;
    if (!its || is_ended(its->state)) continue;
    all = std::min(all.value_or(JobProcess::State::kStopped), state_of(its->state));
  }
  return all;
}

JobProcesses::Sent send_signal(const std::string& proc, const ProcessRef& to, int signal) {
  using Sent = JobProcesses::Sent;
  const Descriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, to.pid, 0U)));
  if (!pidfd && errno == ESRCH) return Sent::kEnded;
  // The descriptor is of whoever has the pid now: the same as before, if it still started then.
  const auto stat = read_proc_stat(proc, to.pid);
  if (!stat || stat->process != to || (stat->threads <= 1 && is_ended(stat->state))) return Sent::kEnded;
  const auto sent = pidfd ? ::syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0U) : ::kill(to.pid, signal);
  if (sent == 0) return Sent::kDone;
  return errno == ESRCH ? Sent::kEnded : Sent::kForbidden;
}

}  // namespace

base::Expected<std::vector<JobProcess>> GroupProcesses::list() {
  EBB_TRY(const std::vector<pid_t> pids, group_->process_ids());
  std::vector<JobProcess> out;
  out.reserve(pids.size());
  for (const pid_t pid : pids) {
    const auto stat = pid == ::getpid() ? std::nullopt : read_proc_stat(proc_, pid);
    const auto state = stat ? state_of_threads(proc_, *stat) : std::nullopt;
    if (state) out.push_back({stat->process, stat->parent, *state});
  }
  return out;
}

JobProcesses::Sent GroupProcesses::send(const ProcessRef& to, int signal) { return send_signal(proc_, to, signal); }

base::Expected<std::unique_ptr<TreeProcesses>> TreeProcesses::open(std::optional<pid_t> root, const std::string& proc) {
  std::unique_ptr<TreeProcesses> tree(new TreeProcesses(proc));
  if (root) {
    const auto stat = read_proc_stat(proc, *root);
    if (!stat) return base::usage_error(fmt::format("there is no process {} (that this user can see)", *root));
    if (*root == ::getpid()) return base::usage_error("ebb cannot pause itself as a job: give another process id");
    tree->root_ = stat->process;
    tree->known_[*root] = stat->process.start_ticks;
    return tree;
  }
  const auto self = read_proc_stat(proc, ::getpid());
  if (!self) return base::service_error(fmt::format("this process is not in {}", proc));
  tree->reader_.begin();
  std::vector<pid_t> children;
  tree->reader_.children_of(::getpid(), self->threads, children);
  for (const pid_t child : children) {
    if (const auto stat = tree->reader_.stat(child)) tree->before_.push_back(stat->process);
  }
  return tree;
}

void TreeProcesses::walk(pid_t from, pid_t parent, Seen& seen, std::vector<JobProcess>& out) {
  // No recursion: a job can make a chain of processes longer than our stack.
  std::vector<std::pair<pid_t, pid_t>> waiting{{from, parent}};
  std::vector<pid_t> children;
  while (!waiting.empty()) {
    const auto [pid, its_parent] = waiting.back();
    waiting.pop_back();
    if (pid == ::getpid() || seen.contains(pid)) continue;
    const auto stat = reader_.stat(pid);
    // Another parent: it has moved meanwhile, or its pid is somebody else's already.
    if (!stat || stat->parent != its_parent) continue;
    if (std::find(before_.begin(), before_.end(), stat->process) != before_.end()) continue;
    const auto state = state_of_threads(reader_.root(), *stat);
    if (!state) continue;
    seen[pid] = stat->process.start_ticks;
    out.push_back({stat->process, its_parent, *state});
    children.clear();
    reader_.children_of(pid, stat->threads, children);
    for (const pid_t child : children) waiting.emplace_back(child, pid);
  }
}

base::Expected<std::vector<JobProcess>> TreeProcesses::list() {
  Seen seen;
  std::vector<JobProcess> out;
  reader_.begin();
  const auto self = read_proc_stat(reader_.root(), ::getpid());
  if (!self) return base::service_error(fmt::format("this process is not in {} any more", reader_.root()));
  if (!root_) {
    std::vector<pid_t> children;
    reader_.children_of(::getpid(), self->threads, children);
    for (const pid_t child : children) walk(child, ::getpid(), seen, out);
  }
  for (const auto& [pid, start_ticks] : known_) {
    const auto stat = seen.contains(pid) ? std::nullopt : reader_.stat(pid);
    if (stat && stat->process.start_ticks == start_ticks) walk(pid, stat->parent, seen, out);
  }
  known_ = std::move(seen);
  return out;
}

JobProcesses::Sent TreeProcesses::send(const ProcessRef& to, int signal) {
  return send_signal(reader_.root(), to, signal);
}

}  // namespace ebb::exec
