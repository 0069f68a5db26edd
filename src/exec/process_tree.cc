#include "exec/process_tree.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "exec/kernel_file.h"

namespace ebb::exec {
namespace {

base::Expected<ProcStat> this_process(const std::string& proc) {
  const auto text = load_kernel_file(proc + "/self/stat");
  if (!text) return text.error().in("the processes of this machine cannot be seen");
  const auto stat = parse_proc_stat(*text);
  if (!stat || stat->process.pid != ::getpid()) {
    return base::service_error(fmt::format("{} is of another PID namespace: mount one for this namespace", proc));
  }
  return *stat;
}

}  // namespace

base::Expected<ProcessTree> ProcessTree::open(const std::string& proc, pid_t job) {
  EBB_TRY(const ProcStat self, this_process(proc));
  ProcessTree tree;
  tree.proc_ = proc;
  ProcReader reader(proc);
  reader.begin();
  std::vector<pid_t> children;
  reader.children_of(self.process.pid, self.threads, children);
  for (const pid_t child : children) {
    if (const auto stat = reader.stat(child); stat && child != job) tree.before_.push_back(stat->process);
  }
  tree.counter_ = std::make_unique<TreeCounter>(proc);
  tree.own_ = tree.counter_->add_root(self.process, TreeCounter::Counts::kNothing);
  tree.counter_->exclude(tree.before_);
  int was = 0;
  ::prctl(PR_GET_CHILD_SUBREAPER, &was);
  tree.was_subreaper_ = was != 0;
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1L) != 0) {
    return base::service_error(system_reason("cannot become the subreaper of the job's processes", errno));
  }
  return tree;
}

ProcessTree::~ProcessTree() {
  if (counter_ != nullptr && !was_subreaper_) ::prctl(PR_SET_CHILD_SUBREAPER, 0L);
}

void ProcessTree::reaped(pid_t pid, time::Duration cpu) {
  const auto before = std::find_if(before_.begin(), before_.end(), [pid](const auto& ref) { return ref.pid == pid; });
  if (before == before_.end()) {
    counter_->waited_for(own_, cpu);
  } else {
    before_.erase(before);
  }
}

void ProcessTree::follow(const RankRecord& rank) {
  if (rank.meter.pid == ::getpid()) return;
  auto known = std::find_if(ranks_.begin(), ranks_.end(), [&](const Rank& r) { return r.record.meter == rank.meter; });
  if (known == ranks_.end()) {
    const auto meter = read_proc_stat(proc_, rank.meter.pid);
    const bool is_metered = meter && meter->process == rank.meter;
    const auto root = is_metered ? counter_->add_root(rank.meter, TreeCounter::Counts::kChildren)
                                 : counter_->add_root(rank.job, TreeCounter::Counts::kAll);
    known = ranks_.insert(ranks_.end(), {rank, root});
  }
  if (rank.cpu) counter_->set_final(known->meter, *rank.cpu);
}

base::Expected<time::Duration> ProcessTree::cpu_time() {
  EBB_TRY_DO(this_process(proc_));
  return counter_->sample();
}

AttachedTree::AttachedTree(ProcessRef process, const std::string& proc, Descriptor pidfd)
    : process_(process), proc_(proc), pidfd_(std::move(pidfd)), counter_(proc) {
  counter_.add_root(process_, TreeCounter::Counts::kAll);
  before_ = counter_.sample();
}

base::Expected<AttachedTree> AttachedTree::open(pid_t pid, const std::string& proc) {
  if (pid == ::getpid()) return base::usage_error("ebb cannot measure itself as a job: give another process id");
  const auto first = read_proc_stat(proc, pid);
  Descriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
  // The same before and after: so the descriptor is of that process, and not of a later one with its pid.
  const auto second = read_proc_stat(proc, pid);
  if (!first || !second || first->process != second->process) {
    return base::usage_error(fmt::format("there is no process {} (that this user can see)", pid));
  }
  return AttachedTree(first->process, proc, std::move(pidfd));
}

base::Expected<time::Duration> AttachedTree::cpu_time() { return counter_.sample() - before_; }

bool AttachedTree::ended() const {
  if (pidfd_) {
    pollfd waiting{pidfd_.get(), POLLIN, 0};
    return ::poll(&waiting, 1, 0) > 0;
  }
  const auto stat = read_proc_stat(proc_, process_.pid);
  return !stat || stat->process != process_ || stat->state == 'Z' || stat->state == 'X';
}

}  // namespace ebb::exec
