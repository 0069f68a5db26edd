// Real processes on one ledger: killed at any moment, and many at once.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "ledger/ledger_samples.h"

namespace ebb::ledger {
namespace {

/// Runs `work` in a child process; the process's id. The child exits with what it gives.
template <typename Work>
pid_t in_child(Work work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::_exit(work());
}

int exit_code_of(pid_t child) {
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

RunRow numbered(int number) {
  auto row = sample_run("run-" + std::to_string(number));
  row.record_json = std::string(static_cast<std::size_t>(number % 7) * 1500, 'x');
  return row;
}

RunRow begun(int number) { return running(numbered(number).run_id); }

/// Begins and finishes runs one after another, and tells the number of each once the ledger has taken its end.
int put_without_end(const std::string& path, int first, int acknowledge_to) {
  auto ledger = Ledger::open(path);
  if (!ledger) return 1;
  for (int number = first;; ++number) {
    if (!ledger->put(begun(number)).ok() || !ledger->put(numbered(number)).ok()) return 2;
    if (::write(acknowledge_to, &number, sizeof number) != sizeof number) return 3;
  }
}

TEST_F(LedgerFile, law_9_killed_at_any_moment_it_holds_every_run_that_it_has_taken) {
  std::mt19937 random(5);
  int last = 0;
  for (int round = 0; round < 60; ++round) {
    int ends[2] = {-1, -1};
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = in_child([&] { return put_without_end(path(), last + 1, ends[1]); });
    ::close(ends[1]);
    // Some runs later, and some instructions after that.
    for (auto runs = random() % 12; runs > 0; --runs) ASSERT_EQ(::read(ends[0], &last, sizeof last), sizeof last);
    volatile auto spin = random() % 400'000;
    while (spin > 0) spin = spin - 1;
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    EXPECT_EQ(exit_code_of(child), -1) << "it was killed, and had not given up";
    while (::read(ends[0], &last, sizeof last) == sizeof last) {
    }
    ::close(ends[0]);
    auto ledger = Ledger::open(path());
    ASSERT_TRUE(ledger.ok()) << ledger.error().message;
    const auto whole = ledger->check();
    ASSERT_TRUE(whole.ok()) << whole.error().message;
    for (int number = std::max(1, last - 20); number <= last; ++number) {
      const auto row = ledger->find(numbered(number).run_id);
      ASSERT_TRUE(row.ok()) << row.error().message;
      EXPECT_EQ(*row, numbered(number));
    }
    // The one that was at work when it was killed is there whole: as begun, as finished, or not at all.
    const auto rows = ledger->list({});
    ASSERT_TRUE(rows.ok());
    const auto next = ledger->find(numbered(last + 1).run_id);
    ASSERT_EQ(rows->size(), static_cast<std::size_t>(last) + (next.ok() ? 1 : 0));
    if (!next.ok()) continue;
    ASSERT_TRUE(*next == begun(last + 1) || *next == numbered(last + 1));
    if (next->state == RunState::kFinished) ++last;
  }
  EXPECT_GT(last, 60);
}

constexpr int kWriters = 8;

void many_at_once(const std::string& path, Sharing sharing, int runs) {
  std::vector<pid_t> children;
  for (int writer = 0; writer < kWriters; ++writer) {
    children.push_back(in_child([&] {
      // No ledger is there yet: they also make it together.
      auto ledger = Ledger::open(path, sharing);
      if (!ledger) return 1;
      for (int i = 0; i < runs; ++i) {
        if (!ledger->put(numbered(writer * runs + i)).ok()) return 2;
      }
      return 0;
    }));
  }
  for (int reader = 0; reader < 2; ++reader) {
    children.push_back(in_child([&] {
      std::size_t seen = 0;
      for (int i = 0; i < 50; ++i) {
        auto ledger = Ledger::open(path, sharing);
        if (!ledger) return 3;
        const auto rows = ledger->list({});
        if (!rows || rows->size() < seen) return 4;
        seen = rows->size();
      }
      return 0;
    }));
  }
  for (const auto child : children) EXPECT_EQ(exit_code_of(child), 0);
  auto ledger = Ledger::open(path, sharing);
  ASSERT_TRUE(ledger.ok() && ledger->check().ok());
  EXPECT_EQ(ledger->list({})->size(), static_cast<std::size_t>(kWriters * runs));
  for (int number = 0; number < kWriters * runs; ++number) {
    ASSERT_EQ(*ledger->find(numbered(number).run_id), numbered(number));
  }
}

TEST_F(LedgerFile, eight_processes_write_a_thousand_runs_while_others_read) {
  many_at_once(path(), Sharing::kAsFileSystem, 125);
}

TEST_F(LedgerFile, eight_processes_write_together_without_shared_memory) {
  many_at_once(path(), Sharing::kManyHosts, 25);
}

TEST_F(LedgerFile, many_processes_make_it_at_the_same_moment) {
  for (int round = 0; round < 20; ++round) {
    const auto file = path(("ledger-" + std::to_string(round)).c_str());
    std::vector<pid_t> children;
    for (int number = 0; number < 6; ++number) {
      children.push_back(in_child([&] {
        auto ledger = Ledger::open(file);
        return ledger.ok() && ledger->put(numbered(number)).ok() ? 0 : 1;
      }));
    }
    for (const auto child : children) EXPECT_EQ(exit_code_of(child), 0) << round;
    EXPECT_EQ(Ledger::open(file)->list({})->size(), children.size());
  }
}

}  // namespace
}  // namespace ebb::ledger
