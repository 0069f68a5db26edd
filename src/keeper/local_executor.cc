#include "keeper/local_executor.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "exec/lock_folder.h"
#include "keeper/attempt.h"
#include "keeper/boot.h"
#include "keeper/door.h"
#include "keeper/spawn.h"
#include "keeper/task_file.h"

namespace ebb::keeper {
namespace {

using exec::TaskState;

constexpr int kLookAgainMs = 2;

/// As another user's keeper has it: nothing of root's own environment.
std::vector<std::string> environment_for(bool another_user) {
  std::vector<std::string> out;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const bool harmless = text.starts_with("EBB_") || text.starts_with("LANG=") || text.starts_with("TZ=");
    if (!another_user || harmless) out.emplace_back(text);
  }
  if (another_user) out.emplace_back("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  return out;
}

base::Status check(const exec::Task& task) {
  if (!exec::is_plain_name(task.id) || task.attempt < 1) {
    return base::usage_error("a job's id: letters, digits, '.', '_', '-', at most 128; attempts count from 1");
  }
  if (task.uid == ::geteuid() || ::geteuid() == 0) return base::Done{};
  return base::usage_error(
      fmt::format("only root can run a job as user {}; this process is user {}", task.uid, ::geteuid()));
}

}  // namespace

LocalExecutor::LocalExecutor(LocalOptions options, const time::Clock& clock)
    : options_(std::move(options)), clock_(clock), boot_(boot_id()) {}

base::Expected<LocalExecutor::Found> LocalExecutor::look(const Folder& folder, int attempt) const {
  Found found;
  // The claim first: a keeper writes its last word before it lets go.
  EBB_TRY(found.claim, claim_of(folder, attempt));
  if (found.claim == Claimed::kNever) return found;
  const auto bytes = folder.load(attempt_file(attempt, "status"), kLongestStatus);
  if (!bytes) {
    found.trouble = bytes.error().message;
  } else if (*bytes) {
    auto status = parse_status(**bytes);
    if (status) {
      found.status = *std::move(status);
    } else {
      found.trouble = status.error().in(folder.path()).message;
    }
  }
  return found;
}

base::Status LocalExecutor::start_keeper(const Folder& folder, int attempt, gid_t group) {
  Detached what;
  what.argv = options_.keeper;
  what.argv.push_back(folder.path());
  what.argv.push_back(std::to_string(attempt));
  const bool another = folder.owner() != ::geteuid();
  if (another) what.user = Detached::User{folder.owner(), group};
  what.environment = environment_for(another);
  what.folder = folder.path();
  what.log = folder.path() + "/" + attempt_file(attempt, "log");
  EBB_TRY_DO(spawn_detached(what));
  const auto deadline = clock_.steady() + options_.start_within;
  for (;;) {
    EBB_TRY(const auto found, look(folder, attempt));
    if (found.is_over() || (found.claim == Claimed::kHeld && found.status)) return base::Done{};
    if (clock_.steady() >= deadline) {
      return base::service_error(folder.path() + ": its keeper does not come up; see " + what.log);
    }
    ::poll(nullptr, 0, kLookAgainMs);
  }
}

base::Expected<std::string> LocalExecutor::start(const exec::Task& task) {
  EBB_TRY_DO(check(task));
  EBB_TRY(const Folder folder, Folder::make(folder_of(task.id), task.uid, task.gid));
  EBB_TRY(const auto found, look(folder, task.attempt));
  if (!found.trouble.empty()) return base::service_error(found.trouble);
  if (found.claim == Claimed::kHeld || found.status) return folder.path();
  EBB_TRY_DO(folder.write(attempt_file(task.attempt, "task"), json_of(task), true));
  EBB_TRY_DO(start_keeper(folder, task.attempt, task.gid));
  return folder.path();
}

base::Status LocalExecutor::revive(const Folder& folder, int attempt) {
  // The group that it was made with.
  struct stat info {};
  const bool known = ::fstat(folder.fd(), &info) == 0;
  return start_keeper(folder, attempt, known ? info.st_gid : ::getegid());
}

/// One killed between its start and writing that down may live: the next keeper looks for it, and says.
bool LocalExecutor::lives(const Status& status) const {
  return status.boot == boot_ && (status.job.pid == 0 || is_alive(status.job, options_.proc));
}

exec::Observation LocalExecutor::observe(const exec::TaskRef& ref) {
  exec::Observation seen;
  const auto note = [&](const base::Error& error) { return seen.note = error.message, seen; };
  const auto folder = Folder::open(folder_of(ref.id), std::nullopt);
  if (!folder) return folder.error().kind == base::ErrorKind::kNoData ? seen : note(folder.error());
  seen.handle = folder->path();
  auto found = look(*folder, ref.attempt);
  if (!found) return note(found.error());
  if (!found->trouble.empty()) {
    seen.state = found->claim == Claimed::kHeld ? TaskState::kRunning : TaskState::kLost;
    seen.note = found->trouble;
    return seen;
  }
  if (!found->status) {
    // Claimed and nothing written: the command was not begun, and start() goes on from there.
    if (found->claim == Claimed::kHeld) seen.state = TaskState::kPending;
    return seen;
  }
  auto& status = *found->status;
  if (!status.is_final() && found->claim == Claimed::kLeft) {
    // It may have ended between the two looks.
    if (auto again = look(*folder, ref.attempt); again && again->status) status = *again->status;
  }
  const bool left = !status.is_final() && found->claim == Claimed::kLeft;
  if (left && status.ended && status.exit_code) {
    status.state = TaskState::kEnded;
    status.note = "its keeper was killed after its end: its run is not in the ledger (ebb runs price)";
  } else if (left && lives(status)) {
    const auto revived = revive(*folder, ref.attempt);
    status.note = revived ? "its keeper was killed: what it used since then is not measured"
                          : "its keeper was killed: " + revived.error().message;
  } else if (left) {
    status.state = TaskState::kLost;
    status.note = "its keeper was killed: nobody knows how it ended";
  }
  const auto handle = std::exchange(seen.handle, {});
  seen = observation_of(status, clock_.now());
  seen.handle = handle;
  return seen;
}

base::Expected<std::vector<exec::Observation>> LocalExecutor::observe(std::span<const exec::TaskRef> refs) {
  std::vector<exec::Observation> out;
  out.reserve(refs.size());
  for (const auto& ref : refs) out.push_back(observe(ref));
  return out;
}

/// Says it to the task's keeper; a task that is over is passed over.
base::Status LocalExecutor::say(const exec::Task& task, std::string_view word) {
  EBB_TRY(const Folder folder, Folder::open(folder_of(task.id), std::nullopt));
  const auto deadline = clock_.steady() + options_.start_within;
  for (;;) {
    EBB_TRY(const auto found, look(folder, task.attempt));
    if (found.is_over()) return base::Done{};
    if (found.claim == Claimed::kNever) return base::service_error(folder.path() + ": it was not started");
    if (found.claim == Claimed::kLeft) {
      if (found.status && found.status->ended) return base::Done{};
      EBB_TRY_DO(revive(folder, task.attempt));
      continue;
    }
    const auto answer = say_at_door(folder, attempt_file(task.attempt, "sock"), word, options_.answer_within_ms);
    if (answer && answer->starts_with("ok")) return base::Done{};
    if (answer) return base::usage_error(task.id + ": " + (answer->starts_with("no ") ? answer->substr(3) : *answer));
    // Nobody there: it is about to open, or has just ended.
    if (answer.error().kind != base::ErrorKind::kNoData || clock_.steady() >= deadline) {
      return base::service_error(answer.error().message);
    }
    // Filing the figures: there is nothing more to be said to it.
    if (found.status && found.status->ended) return base::Done{};
    ::poll(nullptr, 0, kLookAgainMs);
  }
}

base::Status LocalExecutor::pause(const exec::Task& task, const exec::TaskRef& /*ref*/) {
  EBB_TRY_DO(check(task));
  if (task.pausable == exec::Pausable::kNo) return base::usage_error(task.id + ": it was not submitted as pausable");
  return say(task, "pause");
}

base::Status LocalExecutor::resume(const exec::Task& task, const exec::TaskRef& /*ref*/) {
  EBB_TRY_DO(check(task));
  return say(task, "resume");
}

/// One that nobody has begun never will be: we claim it ourselves, and write down its end.
base::Status LocalExecutor::cancel_unstarted(const exec::Task& task, bool& done) {
  EBB_TRY(const Folder folder, Folder::make(folder_of(task.id), task.uid, task.gid));
  EBB_TRY(const auto found, look(folder, task.attempt));
  if (found.status || found.claim == Claimed::kHeld) return base::Done{};
  EBB_TRY(const auto claim, take_claim(folder, task.attempt));
  if (!claim) return base::Done{};
  EBB_TRY(const auto again, look(folder, task.attempt));
  if (again.status) return base::Done{};
  Status status;
  status.state = TaskState::kEnded;
  status.wanted = Wanted::kCancel;
  status.exit_code = 128 + SIGTERM;
  status.as_of = clock_.now();
  status.ended = status.as_of;
  status.boot = boot_;
  status.note = "cancelled before its start";
  EBB_TRY_DO(folder.write(attempt_file(task.attempt, "status"), json_of(status), true));
  done = true;
  return base::Done{};
}

base::Status LocalExecutor::cancel(const exec::Task& task, const exec::TaskRef& /*ref*/) {
  EBB_TRY_DO(check(task));
  bool done = false;
  EBB_TRY_DO(cancel_unstarted(task, done));
  if (done) return base::Done{};
  return say(task, "cancel");
}

}  // namespace ebb::keeper
