#include "serve/daemon.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/file.h"
#include "exec/signals.h"
#include "keeper/local_executor.h"
#include "queue/queue.h"
#include "serve/desk.h"
#include "serve/grid_foresight.h"
#include "time/text.h"

namespace ebb::serve {
namespace {

constexpr auto kLongestSleep = std::chrono::minutes(1);  // the machine's clock may be set
constexpr auto kTrouble = std::chrono::seconds(5);

/// The queue's folder, its user's; a link or another user's is refused.
base::Status make_folders(const DaemonOptions& options) {
  EBB_TRY_DO(base::make_folder(options.folder));
  EBB_TRY_DO(base::make_folder(options.folder + "/jobs"));
  const mode_t mode = options.for_everybody ? 0711 : 0700;
  for (const auto& folder : {options.folder, options.folder + "/jobs"}) {
    struct stat info {};
    if (::lstat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != ::geteuid()) {
      return base::usage_error(fmt::format("{}: must be a folder of this user's, and no link", folder));
    }
    if (::chmod(folder.c_str(), mode) != 0) {
      return base::service_error(fmt::format("{}: {}", folder, std::strerror(errno)));
    }
  }
  return base::Done{};
}

/// "12-k3v9": the number for people, the rest so that no other queue has ever given the same.
std::string make_id(std::int64_t number, std::uint64_t random) {
  constexpr std::string_view kDigits = "abcdefghijkmnpqrstuvwxyz23456789";
  std::string id = std::to_string(number) + "-";
  for (int i = 0; i < 5; ++i, random >>= 5U) id += kDigits[random & 31U];
  return id;
}

/// Waits for a descriptor, at most so long.
void wait(const Listener& listener, int signals, time::Duration most) {
  std::vector<pollfd> polled{{signals, POLLIN, 0}};
  for (const auto& [fd, events] : listener.waits()) polled.push_back({fd, events, 0});
  const auto left = std::max(most, time::Duration(0));
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
  const timespec timeout{whole.count(), (left - whole).count()};
  ::ppoll(polled.data(), polled.size(), &timeout, nullptr);
}

bool is_told_to_end(exec::SignalInbox& inbox) {
  bool end = false;
  while (const auto signal = inbox.next()) end = end || signal->signal == SIGINT || signal->signal == SIGTERM;
  return end;
}

}  // namespace

base::Status serve(const DaemonOptions& options, grid::Catalogue catalogue, const time::Clock& clock) {
  if (options.for_everybody && ::geteuid() != 0) {
    return base::usage_error("--everybody: only root can run jobs as their users");
  }
  EBB_TRY_DO(make_folders(options));
  EBB_TRY(auto inbox, exec::SignalInbox::open());
  EBB_TRY(const auto journal, queue::open_journal(options.folder + "/queue.db"));
  keeper::LocalOptions local;
  local.folder = options.folder + "/jobs";
  local.keeper = options.program;
  keeper::LocalExecutor executor(local, clock);
  GridForesight foresight(std::move(catalogue));
  queue::Options wanted;
  wanted.limits["local"] = options.limits;
  wanted.make_id = [&](std::int64_t number) { return make_id(number, options.random()); };
  wanted.complete = [&](exec::Task& task) { task.output = executor.folder_of(task.id) + "/output"; };
  wanted.on_final = [&](const queue::Job& job) {
    options.say(fmt::format("{} {}: {}", job.id(), queue::name_of(job.state), job.reason));
  };
  EBB_TRY(auto jobs, queue::Queue::open(*journal, {{"local", &executor}}, foresight, clock, wanted));
  EBB_TRY(auto listener, Listener::open(options.folder, options.for_everybody));
  options.say(fmt::format("serving the queue in {}: {} open jobs", options.folder, jobs.open_count()));
  Desk desk(jobs, ::geteuid());
  auto due = clock.now();
  bool troubled = false;
  for (;;) {
    wait(listener, inbox.fd(), std::min<time::Duration>(due - clock.now(), kLongestSleep));
    if (is_told_to_end(inbox)) break;
    listener.serve([&](const Peer& peer, std::string_view question) { return desk.answer(peer, question); },
                   time::in_seconds(clock.steady()));
    const auto next = jobs.tick();
    if (!next && !troubled) options.say("trouble, and on: " + next.error().message);
    troubled = !next;
    due = next ? *next : clock.now() + kTrouble;
  }
  options.say("ended; jobs that run go on, and the next ebb serve finds them");
  return base::Done{};
}

}  // namespace ebb::serve
