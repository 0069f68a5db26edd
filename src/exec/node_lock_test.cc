#include "exec/node_lock.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <fstream>

#include "exec/runtime_folder.h"
#include "exec/test_processes.h"

namespace ebb::exec {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): what this room's tests share

NodeLock lock_of(const TemporaryFolder& folder) {
  auto lock = NodeLock::open(folder.path(), "job-1");
  EXPECT_TRUE(lock.ok());
  return *std::move(lock);
}

RankRecord record_of(pid_t meter) {
  const auto stat = read_proc_stat("/proc", meter);
  return {stat ? stat->process : ProcessRef{meter, 1}, {meter + 1, 2}, 3, {{"0", "GPU-5a"}}, {}};
}

/// A rank that asks for the lead whenever it is told to.
class Rank {
 public:
  explicit Rank(const TemporaryFolder& folder) {
    pid_ = fork_child([&] {
      auto lock = lock_of(folder);
      while (read_line(orders_.read.get()) == "try") {
        write_text(answers_.write.get(), *lock.try_lead() ? "leads\n" : "follows\n");
      }
      ::pause();
    });
    orders_.read.reset();
    answers_.write.reset();
  }
  Rank(const Rank&) = delete;
  Rank& operator=(const Rank&) = delete;
  ~Rank() { kill(); }
  bool leads() {
    write_text(orders_.write.get(), "try\n");
    return read_line(answers_.read.get()) == "leads";
  }
  void kill() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    wait_for(std::exchange(pid_, 0));
  }

 private:
  Pipe orders_ = make_pipe();
  Pipe answers_ = make_pipe();
  pid_t pid_ = 0;
};

TEST(NodeLock, trap_11_of_four_ranks_one_leads_and_another_when_it_is_killed) {
  const TemporaryFolder folder;
  std::vector<std::unique_ptr<Rank>> ranks;
  for (int i = 0; i < 4; ++i) ranks.push_back(std::make_unique<Rank>(folder));
  while (!ranks.empty()) {
    for (int round = 0; round < 2; ++round) {
      EXPECT_EQ(std::count_if(ranks.begin(), ranks.end(), [](auto& rank) { return rank->leads(); }), 1);
    }
    const auto leader = std::find_if(ranks.begin(), ranks.end(), [](auto& rank) { return rank->leads(); });
    ASSERT_NE(leader, ranks.end());
    (*leader)->kill();
    ranks.erase(leader);
  }
}

TEST(NodeLock, at_no_time_do_two_lead_though_folders_come_and_go) {
  const TemporaryFolder folder;
  void* memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto* leaders = new (memory) std::atomic<int>(0);
  auto* faults = new (static_cast<char*>(memory) + 64) std::atomic<int>(0);
  auto* turns = new (static_cast<char*>(memory) + 128) std::atomic<int>(0);
  std::vector<pid_t> ranks;
  for (int i = 0; i < 4; ++i) {
    ranks.push_back(fork_child([&] {
      for (int turn = 0; turn < 200; ++turn) {
        auto lock = lock_of(folder);
        const auto leads = lock.try_lead();
        if (!leads) ++*faults;
        if (leads && *leads) {
          if (leaders->fetch_add(1) != 0) ++*faults;
          ++*turns;
          leaders->fetch_sub(1);
          lock.leave();  // and removes the folder, for nobody has put a record there
        }
      }
    }));
  }
  for (const pid_t rank : ranks) wait_for(rank);
  EXPECT_EQ(faults->load(), 0);
  EXPECT_GT(turns->load(), 0);
  ::munmap(memory, 4096);
}

TEST(NodeLock, the_lead_stays_until_it_is_given_up) {
  const TemporaryFolder folder;
  auto first = lock_of(folder);
  auto second = lock_of(folder);
  EXPECT_TRUE(*first.try_lead());
  EXPECT_TRUE(*first.try_lead());
  EXPECT_TRUE(first.leads());
  EXPECT_FALSE(*second.try_lead());
  EXPECT_FALSE(second.leads());
  first.leave();
  EXPECT_FALSE(first.leads());
  EXPECT_TRUE(*second.try_lead());
}

TEST(NodeLock, the_command_does_not_keep_the_lead) {
  const TemporaryFolder folder;
  Pipe in = make_pipe();
  auto inbox = SignalInbox::open();
  const Redirected stdin_of(STDIN_FILENO, in.read.get());
  std::optional<LocalJob> job;
  {
    auto lock = lock_of(folder);
    EXPECT_TRUE(*lock.try_lead());
    job = *LocalJob::start(spec_of({"cat"}), *inbox);
  }
  auto next = lock_of(folder);
  EXPECT_TRUE(*next.try_lead());
  in.write.reset();
  EXPECT_EQ(run_to_end(*job).code, 0);
}

TEST(NodeLock, the_leader_finds_every_ranks_record) {
  const TemporaryFolder folder;
  auto lock = lock_of(folder);
  RankRecord ours = record_of(::getpid());
  RankRecord other = record_of(1);
  other.gpus.reset();
  ASSERT_TRUE(lock.put(ours).ok());
  ASSERT_TRUE(lock.put(other).ok());
  ours.cpu = std::chrono::milliseconds(1234);
  ASSERT_TRUE(lock.put(ours).ok());
  std::ofstream(lock.folder() + "/rank-99") << "broken";
  std::ofstream(lock.folder() + "/rank-98.98.tmp") << text_of(ours);
  const auto ranks = lock.ranks();
  ASSERT_EQ(ranks.size(), 2U);
  EXPECT_EQ(ranks[0].meter.pid, 1);
  EXPECT_FALSE(ranks[0].gpus || ranks[0].cpu);
  EXPECT_EQ(ranks[1].meter, ours.meter);
  EXPECT_EQ(ranks[1].job, ours.job);
  EXPECT_EQ(ranks[1].gpus, ours.gpus);
  EXPECT_EQ(ranks[1].cpu, ours.cpu);
}

TEST(NodeLock, the_last_rank_takes_the_folder_along) {
  const TemporaryFolder folder;
  auto lock = lock_of(folder);
  const pid_t other = fork_child([] { ::pause(); });
  ASSERT_TRUE(lock.put(record_of(::getpid())).ok());
  ASSERT_TRUE(lock.put(record_of(other)).ok());
  lock.leave();
  EXPECT_TRUE(std::filesystem::exists(lock.folder()));
  ::kill(other, SIGKILL);
  wait_for(other);
  lock.leave();
  EXPECT_FALSE(std::filesystem::exists(lock.folder()));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_TRUE(*lock.try_lead());
}

TEST(NodeLock, a_job_that_is_no_name_is_refused) {
  for (const std::string job : {"", "a/b", "../x", "a b", ".."}) {
    EXPECT_EQ(NodeLock::open("/tmp", job).error().kind, base::ErrorKind::kUsage);
  }
}

TEST(RankRecord, reads_back_what_it_writes_and_nothing_else) {
  RankRecord record{{7, 8}, {9, 10}, 3, std::vector<std::string>{}, std::chrono::seconds(5)};
  const std::string text = text_of(record);
  const auto back = parse_rank_record(text);
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(text_of(*back), text);
  for (const std::string& broken :
       {std::string(), std::string("x"), text + "cpu_ns 1\n", text + "more 1\n", text.substr(text.find('\n') + 1),
        std::string("meter 7\njob 9 10\nlocal_rank 3\n"), std::string("meter 7 8\njob 9 -1\nlocal_rank 3\n"),
        std::string("meter 0 8\njob 9 1\nlocal_rank 3\n"), std::string("meter 7 8\njob 9 1\nlocal_rank -3\n"),
        std::string("meter 7 8\njob 9 1\nlocal_rank 3\ncpu_ns -1\n")}) {
    EXPECT_EQ(parse_rank_record(broken).error().kind, base::ErrorKind::kBadData) << broken;
  }
}

/// What another user, or an accident, can put where our folder belongs.
class RuntimeFolder : public testing::Test {
 protected:
  RuntimeFolder() { ::chmod(temporary_.path().c_str(), 01777); }
  [[nodiscard]] RuntimeFolderOptions options() const { return {std::nullopt, temporary_.path()}; }
  [[nodiscard]] std::string place() const { return fmt::format("{}/ebb-{}", temporary_.path(), ::geteuid()); }
  void expect_refused(const std::string& why) const {
    const auto folder = open_runtime_folder(options());
    ASSERT_FALSE(folder.ok());
    EXPECT_EQ(folder.error().kind, base::ErrorKind::kService);
    EXPECT_NE(folder.error().message.find(why), std::string::npos) << folder.error().message;
  }
  TemporaryFolder temporary_;
};

TEST_F(RuntimeFolder, is_made_for_us_alone_and_found_again) {
  const mode_t before = ::umask(0);
  const auto folder = open_runtime_folder(options());
  ::umask(before);
  ASSERT_TRUE(folder.ok()) << folder.error().message;
  EXPECT_EQ(*folder, place());
  struct stat info {};
  ASSERT_EQ(::stat(folder->c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
  EXPECT_EQ(*open_runtime_folder(options()), *folder);
}

TEST_F(RuntimeFolder, the_sessions_own_is_preferred_where_it_is_private) {
  RuntimeFolderOptions with = options();
  const TemporaryFolder session;
  with.xdg_runtime_dir = session.path();
  EXPECT_EQ(*open_runtime_folder(with), session.path() + "/ebb");
  ::chmod(session.path().c_str(), 0755);
  EXPECT_EQ(*open_runtime_folder(with), place());
  for (const std::string odd : {"", "relative", "/not/there"}) {
    with.xdg_runtime_dir = odd;
    EXPECT_EQ(*open_runtime_folder(with), place());
  }
}

TEST_F(RuntimeFolder, a_link_a_file_and_an_open_folder_are_refused) {
  const TemporaryFolder elsewhere;
  ASSERT_EQ(::symlink(elsewhere.path().c_str(), place().c_str()), 0);
  expect_refused("is no folder, or a link to one");
  ::unlink(place().c_str());
  ASSERT_EQ(::symlink("/not/there", place().c_str()), 0);
  expect_refused("is no folder, or a link to one");
  ::unlink(place().c_str());
  std::ofstream(place()) << "x";
  expect_refused("is no folder, or a link to one");
  ::unlink(place().c_str());
  ::mkdir(place().c_str(), 0700);
  ::chmod(place().c_str(), 0770);
  expect_refused("is open to other users");
}

TEST_F(RuntimeFolder, somebody_elses_folder_is_refused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  ASSERT_EQ(::mkdir(place().c_str(), 0700), 0);
  ASSERT_EQ(::chown(place().c_str(), 65534, 65534), 0);
  expect_refused("belongs to user 65534");
}

TEST_F(RuntimeFolder, a_place_where_others_can_move_things_is_refused) {
  ::chmod(temporary_.path().c_str(), 0777);
  expect_refused("anybody can replace what lies in it");
}

}  // namespace
}  // namespace ebb::exec
