// Real processes on one store: killed at any moment, and many at once.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "store/store_samples.h"

namespace ebb::store {
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

constexpr std::size_t kSlots = 40'000;  // of several chunks

/// The state of a series after `turn` puts: every value is changed by each.
series::Series state_of(int turn) {
  std::vector<double> values(kSlots);
  for (std::size_t i = 0; i < kSlots; ++i) {
    values[i] = turn * 1000.0 + static_cast<double>((i * 7919 + static_cast<std::size_t>(turn)) % 1000) / 10.0;
  }
  return {sample_provenance(), at("2025-01-01T00:00:00Z"), std::chrono::minutes(5), std::move(values)};
}

Origin origin_of(int turn) { return {"CC BY 4.0", "x", at("2026-01-01T00:00:00Z") + std::chrono::seconds(turn)}; }

/// Which turn a series shows; -1 where it mixes two.
int turn_of(const series::Series& series) {
  const int turn = static_cast<int>(series[0] / 1000.0);
  return same_to_the_bit(series, state_of(turn)) ? turn : -1;
}

/// Puts one state after another and tells the number of each once the store has taken it.
int put_without_end(const std::string& path, int first, int acknowledge_to) {
  auto store = Store::open(path, Access::kWrite);
  if (!store) return 1;
  for (int turn = first;; ++turn) {
    if (!store->put(state_of(turn), origin_of(turn)).ok()) return 2;
    if (::write(acknowledge_to, &turn, sizeof turn) != sizeof turn) return 3;
  }
}

TEST_F(StoreFile, law_9_killed_at_any_moment_it_holds_the_old_or_the_new_and_never_a_mix) {
  std::mt19937 random(5);
  ASSERT_TRUE(open().put(state_of(1), origin_of(1)).ok());
  int last = 1;
  int newer = 0;
  for (int round = 0; round < 40; ++round) {
    int ends[2] = {-1, -1};
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = in_child([&] { return put_without_end(path(), last + 1, ends[1]); });
    ::close(ends[1]);
    // Some puts later, and some instructions after that.
    for (auto puts = random() % 3; puts > 0; --puts) ASSERT_EQ(::read(ends[0], &last, sizeof last), sizeof last);
    volatile auto spin = random() % 20'000'000;
    while (spin > 0) spin = spin - 1;
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    EXPECT_EQ(exit_code_of(child), -1) << "it was killed, and had not given up";
    while (::read(ends[0], &last, sizeof last) == sizeof last) {
    }
    ::close(ends[0]);
    auto store = open(round % 2 == 0 ? Access::kRead : Access::kWrite);
    const auto whole = store.check();
    ASSERT_TRUE(whole.ok()) << whole.error().message;
    const auto series = store.read(key_of(state_of(1)));
    ASSERT_TRUE(series.ok()) << series.error().message;
    const int turn = turn_of(*series);
    ASSERT_TRUE(turn == last || turn == last + 1) << turn << " after " << last;
    newer += turn == last + 1 ? 1 : 0;
    last = turn;
    // Its revisions are of the same moment as its values.
    const auto before = store.read_as_known_at(key_of(*series), series->covers(), origin_of(turn - 1).retrieved_at);
    ASSERT_TRUE(turn == 1 || turn_of(*before) == turn - 1) << turn;
    ASSERT_EQ(store.list()->front().revised, kSlots * static_cast<std::size_t>(turn - 1));
  }
  EXPECT_GT(last, 20);
  EXPECT_LT(newer, 40);
}

/// Reads until the writer's last turn is there; every reading must be one turn, never an earlier one than before.
int read_along(const std::string& path, int last) {
  auto store = Store::open(path, Access::kRead);
  if (!store) return 1;
  for (int seen = 1; seen < last;) {
    const auto series = store->read(key_of(state_of(1)));
    if (!series) return 2;
    const int turn = turn_of(*series);
    if (turn < seen) return 3;
    seen = turn;
    const auto entries = store->list();
    if (!entries || entries->size() != 1) return 4;
  }
  return 0;
}

TEST_F(StoreFile, readers_go_on_while_a_writer_works_and_never_see_half_a_put) {
  constexpr int kTurns = 25;
  ASSERT_TRUE(open().put(state_of(1), origin_of(1)).ok());
  std::vector<pid_t> children;
  for (int reader = 0; reader < 3; ++reader) {
    children.push_back(in_child([&] { return read_along(path(), kTurns); }));
  }
  auto store = open();
  for (int turn = 2; turn <= kTurns; ++turn) ASSERT_TRUE(store.put(state_of(turn), origin_of(turn)).ok());
  for (const auto child : children) EXPECT_EQ(exit_code_of(child), 0);
}

TEST_F(StoreFile, many_processes_make_it_and_write_together) {
  std::vector<pid_t> children;
  for (int number = 0; number < 6; ++number) {
    children.push_back(in_child([&] {
      auto store = Store::open(path(), Access::kWrite);
      if (!store) return 1;
      for (int i = 0; i < 20; ++i) {
        auto provenance = sample_provenance();
        provenance.zone = "Z" + std::to_string(number);
        const auto hour = at("2026-01-01T00:00:00Z") + std::chrono::hours(i);
        const series::Series one(provenance, hour, std::chrono::hours(1), {i + 0.5});
        if (!store->put(one, origin_of(i)).ok()) return 2;
        if (!store->mark_fetched({"p", provenance.zone, {}}, one.covers()).ok()) return 3;
      }
      return 0;
    }));
  }
  for (const auto child : children) EXPECT_EQ(exit_code_of(child), 0);
  auto store = open(Access::kRead);
  const auto entries = store.list();
  ASSERT_EQ(entries->size(), children.size());
  for (const auto& entry : *entries) {
    EXPECT_EQ(entry.slots, 20U);
    EXPECT_EQ(entry.missing, 0U);
    EXPECT_EQ(store.fetched({"p", entry.key.zone, {}})->size(), 1U);
  }
}

}  // namespace
}  // namespace ebb::store
