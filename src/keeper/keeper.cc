#include "keeper/keeper.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "exec/kernel_file.h"
#include "exec/launch.h"
#include "keeper/adopt.h"
#include "keeper/attempt.h"
#include "keeper/boot.h"
#include "keeper/claim.h"
#include "keeper/task_file.h"

namespace ebb::keeper {
namespace {

using exec::Descriptor;
using exec::system_reason;
using exec::TaskState;

base::Expected<exec::Task> load_task(const Folder& folder, int attempt) {
  const auto name = attempt_file(attempt, "task");
  EBB_TRY(const auto bytes, folder.load(name, kLongestTask));
  if (!bytes) return base::bad_data(folder.path() + "/" + name + ": is missing");
  auto task = parse_task(*bytes);
  if (!task) return task.error().in(folder.path() + "/" + name);
  if (task->attempt != attempt) return base::bad_data(folder.path() + "/" + name + ": is of another attempt");
  if (task->uid != ::geteuid()) {
    return base::bad_data(fmt::format("{}/{}: is of user {}, not of {}", folder.path(), name, task->uid, ::geteuid()));
  }
  return task;
}

/// Replaced or added.
void set(std::vector<std::string>& environment, const std::string& name, const std::string& value) {
  std::erase_if(environment, [&](const auto& entry) { return entry.starts_with(name + "="); });
  environment.push_back(name + "=" + value);
}

void add_variables(exec::Task& task) {
  set(task.environment, kTaskVariable, fmt::format("{}.{}", task.id, task.attempt));
  if (task.boards.empty()) return;
  std::string list;
  for (const int board : task.boards) list += (list.empty() ? "" : ",") + std::to_string(board);
  // Numbered as NVML numbers them, not fastest first.
  set(task.environment, "CUDA_DEVICE_ORDER", "PCI_BUS_ID");
  set(task.environment, "CUDA_VISIBLE_DEVICES", list);
  set(task.environment, "ROCR_VISIBLE_DEVICES", list);
}

base::Expected<Descriptor> open_output(const std::string& path) {
  Descriptor fd(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, 0600));
  if (!fd) return base::service_error(system_reason(path, errno));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return base::service_error(system_reason(path, errno));
  if (!S_ISREG(info.st_mode) && path != "/dev/null") return base::service_error(path + ": is no plain file");
  ::fcntl(fd.get(), F_SETFL, O_APPEND);
  return fd;
}

/// stdin, stdout, stderr and folder as the command is to have them.
base::Status put_in_place(const exec::Task& task) {
  const Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EBB_TRY(const Descriptor output, open_output(task.output));
  if (::dup2(null.get(), STDIN_FILENO) < 0 || ::dup2(output.get(), STDOUT_FILENO) < 0 ||
      ::dup2(output.get(), STDERR_FILENO) < 0) {
    return base::service_error(system_reason("cannot redirect", errno));
  }
  if (::chdir(task.folder.c_str()) != 0) return base::service_error(system_reason(task.folder, errno));
  return base::Done{};
}

int code_of(const base::Error& error) {
  const int code = static_cast<int>(error.kind);
  return code >= 125 && code <= 127 ? code : 125;
}

/// It never began: that is its end, too.
void end_unstarted(Attempt& attempt, const base::Error& error, time::Instant now) {
  attempt.status.state = TaskState::kEnded;
  attempt.status.exit_code = code_of(error);
  attempt.status.ended = now;
  attempt.status.note = error.message;
  attempt.write_at_last();
}

void run_to_end(Attempt& attempt, const exec::Task& task, const Keep& with) {
  AttemptControl control(attempt, with.clock);
  const auto outcome = with.run(task, control);
  if (!outcome) {
    const std::string line = "ebb: " + outcome.error().message + "\n";
    [[maybe_unused]] const auto put = ::write(STDERR_FILENO, line.data(), line.size());
    return end_unstarted(attempt, outcome.error(), with.clock.now());
  }
  auto& status = attempt.status;
  static_cast<void>(control.ask(outcome->standing));
  status.state = TaskState::kRunning;
  status.exit_code = outcome->exit_code;
  status.checkpointed = outcome->checkpointed;
  status.ended = with.clock.now();
  status.job = {};
  status.power.reset();
  if (!outcome->started) status.note = "cancelled before its start";
  // The end first: whatever becomes of its price, that it has ended is known.
  attempt.write_at_last();
  for (const auto& warning : outcome->warnings) with.log(warning + "\n");
  if (outcome->started && with.file) with.file(*outcome);
  status.state = TaskState::kEnded;
  attempt.write_at_last();
}

}  // namespace

base::Expected<bool> keep(const std::string& path, int number, const Keep& with) {
  EBB_TRY(const Folder folder, Folder::open(path, ::geteuid()));
  EBB_TRY(const auto claim, take_claim(folder, number));
  if (!claim) return false;
  EBB_TRY(const auto before, folder.load(attempt_file(number, "status"), kLongestStatus));
  std::optional<Status> known;
  if (before) {
    EBB_TRY(known, parse_status(*before));
    if (known->is_final()) return false;
  }
  auto task = load_task(folder, number);
  EBB_TRY(auto door, Door::open(folder, attempt_file(number, "sock")));
  const exec::Task nothing = [&] {
    exec::Task empty;
    empty.attempt = number;
    return empty;
  }();
  if (task) add_variables(*task);
  Attempt attempt(folder, task ? *task : nothing, with.clock, std::move(door));
  if (known) attempt.status = *known;
  attempt.status.keeper = own_process();
  if (known) {
    static_cast<void>(attempt.write(true));
    return adopt(attempt, with), true;
  }
  attempt.status.boot = boot_id();
  // Where its groups lie, for whoever comes after us.
  if (const auto cgroup = exec::load_kernel_file("/proc/self/cgroup")) {
    static_cast<void>(folder.write(attempt_file(number, "cgroup"), *cgroup, false));
  }
  EBB_TRY_DO(attempt.write(true));
  if (!task) return end_unstarted(attempt, task.error(), with.clock.now()), true;
  if (const auto placed = put_in_place(*task); !placed) {
    return end_unstarted(attempt, placed.error(), with.clock.now()), true;
  }
  run_to_end(attempt, *task, with);
  return true;
}

}  // namespace ebb::keeper
