// The commands that the tests start: this program itself, as `exec_test --role NAME ...`.
#include <dirent.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>

#include "exec/test_processes.h"

namespace ebb::exec::test {
namespace {

using Words = std::vector<std::string>;

void say(const std::string& line) {
  const std::string text = line + "\n";
  [[maybe_unused]] const auto put = ::write(STDOUT_FILENO, text.data(), text.size());
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// burn SECONDS: uses that much CPU time.
int burn(const Words& words) {
  const double until = std::stod(words.at(0));
  while (cpu_seconds() < until) {
  }
  return 0;
}

/// fork-burn COUNT SECONDS: children that each use that much, all waited for.
int fork_burn(const Words& words) {
  const int count = std::stoi(words.at(0));
  for (int i = 0; i < count; ++i) fork_child([&] { burn({words.at(1)}); });
  while (::wait(nullptr) > 0) {
  }
  return 0;
}

/// orphan-burn SECONDS: a grandchild uses that much after its parent has ended; it says "burnt" at its end.
int orphan_burn(const Words& words) {
  const pid_t child = fork_child([&] {
    fork_child([&] {
      ::setsid();
      burn(words);
      say("burnt");
    });
  });
  wait_for(child);
  return 0;
}

/// daemon: leaves a process that says its pid and then waits for the end of stdin.
int daemon(const Words& /*words*/) {
  const pid_t child = fork_child([] {
    fork_child([] {
      ::setsid();
      say(std::to_string(::getpid()));
      char c = 0;
      while (::read(STDIN_FILENO, &c, 1) > 0) {
      }
    });
  });
  wait_for(child);
  return 0;
}

/// signals: says "ready", then each signal with who sent it; ends with 7 at SIGUSR2.
int signals(const Words& /*words*/) {
  sigset_t all{};
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  say("ready");
  for (;;) {
    siginfo_t info{};
    const int signal = ::sigwaitinfo(&all, &info);
    if (signal < 0) continue;
    if (signal == SIGUSR2) return 7;
    say(fmt::format("{} {} {}", signal, info.si_code == SI_KERNEL ? "kernel" : "process", info.si_value.sival_int));
  }
}

/// kill-group: sends SIGUSR1 to its own process group, itself included, which ignores it.
int kill_group(const Words& /*words*/) {
  ::signal(SIGUSR1, SIG_IGN);
  ::kill(0, SIGUSR1);
  say("sent");
  char c = 0;
  while (::read(STDIN_FILENO, &c, 1) > 0) {
  }
  return 0;
}

/// stop-alone: stops in a process group of its own; says "ready" before and "on" after.
int stop_alone(const Words& /*words*/) {
  ::setpgid(0, 0);
  ::signal(SIGUSR1, SIG_IGN);
  say("ready");
  ::raise(SIGTSTP);
  say("on");
  char c = 0;
  while (::read(STDIN_FILENO, &c, 1) > 0) {
  }
  return 0;
}

/// idle: says "ready" and its pid, then waits for the end of stdin.
int idle(const Words& /*words*/) {
  say("ready");
  char c = 0;
  while (::read(STDIN_FILENO, &c, 1) > 0) {
  }
  return 0;
}

/// state: everything that a process has from whoever started it.
int state(const Words& /*words*/) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("SigBlk") || line.starts_with("SigIgn") || line.starts_with("Cap")) say(line);
  }
  status.close();
  const mode_t mask = ::umask(0);
  int is_subreaper = 0;
  ::prctl(PR_GET_CHILD_SUBREAPER, &is_subreaper);
  int death_signal = 0;
  ::prctl(PR_GET_PDEATHSIG, &death_signal);
  say(fmt::format("group {} session {} umask {:o} folder {} nice {} subreaper {} death signal {}", ::getpgrp(),
                  ::getsid(0), mask, std::filesystem::current_path().string(), ::getpriority(PRIO_PROCESS, 0),
                  is_subreaper, death_signal));
  for (int i = 0; i < RLIM_NLIMITS; ++i) {
    rlimit limit{};
    ::getrlimit(static_cast<__rlimit_resource_t>(i), &limit);
    say(fmt::format("limit {} {} {}", i, limit.rlim_cur, limit.rlim_max));
  }
  std::map<int, std::string> fds;
  DIR* folder = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(folder)) {
    const int fd = std::atoi(entry->d_name);
    std::error_code error;
    const auto target = std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", fd), error).string();
    if (entry->d_name[0] != '.' && fd != ::dirfd(folder)) fds[fd] = target;
  }
  ::closedir(folder);
  for (const auto& [fd, target] : fds) say(fmt::format("fd {} {}", fd, target));
  for (char** entry = ::environ; *entry != nullptr; ++entry) say(*entry);
  return 0;
}

int play(const std::string& name, const Words& words) {
  static const std::map<std::string, int (*)(const Words&)> roles{
      {"burn", burn},     {"fork-burn", fork_burn},   {"orphan-burn", orphan_burn},
      {"daemon", daemon}, {"signals", signals},       {"kill-group", kill_group},
      {"idle", idle},     {"stop-alone", stop_alone}, {"state", state}};
  return roles.at(name)(words);
}

}  // namespace
}  // namespace ebb::exec::test

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  if (words.size() > 2 && words[1] == "--role")
    return ebb::exec::test::play(words[2], {words.begin() + 3, words.end()});
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
