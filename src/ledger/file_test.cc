#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>

#include "ledger/database.h"
#include "ledger/journal.h"
#include "ledger/ledger_samples.h"
#include "ledger/schema.h"

namespace ebb::ledger {
namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_bytes(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

TEST_F(LedgerFile, is_the_users_own_and_one_file_once_it_is_settled) {
  {
    auto ledger = Ledger::open(path());
    ASSERT_TRUE(ledger.ok() && ledger->put(sample_run("r")).ok());
  }
  for (const char* file : {"ledger.db", "ledger.db-wal"}) {
    struct stat info {};
    ASSERT_EQ(::stat(path(file).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U) << file;
  }
  ASSERT_TRUE(Ledger::open(path())->settle().ok());
  std::filesystem::copy_file(path(), path("copy.db"));
  EXPECT_EQ(*Ledger::open(path("copy.db"))->find("r"), sample_run("r"));
}

TEST_F(LedgerFile, keeps_its_log_short_for_one_long_user_and_for_many_short_ones) {
  const auto log = path("ledger.db-wal");
  {
    auto ledger = Ledger::open(path());
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(ledger->put(sample_run("r" + std::to_string(i))).ok());
    EXPECT_LT(std::filesystem::file_size(log), 5U << 20U);
  }
  EXPECT_FALSE(std::filesystem::exists(log)) << "the last to close a long log puts it into the file";
  bool stayed = false;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(Ledger::open(path())->put(sample_run("s" + std::to_string(i))).ok());
    if (!std::filesystem::exists(log)) continue;
    stayed = true;
    EXPECT_LT(std::filesystem::file_size(log), 1U << 20U);
  }
  EXPECT_TRUE(stayed) << "a short log is left, so that closing does not wait for the disk";
}

TEST_F(LedgerFile, is_settled_also_where_it_has_no_log) {
  EXPECT_TRUE(Ledger::in_memory()->settle().ok());
  EXPECT_TRUE(Ledger::open(path(), Sharing::kManyHosts)->settle().ok());
}

TEST_F(LedgerFile, that_is_no_ledger_is_left_alone_and_told_with_what_to_do) {
  write_bytes(path(), "begin,end\n" + std::string(5000, 'x'));
  const auto before = bytes_of(path());
  const auto text = Ledger::open(path());
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().kind, base::ErrorKind::kBadData);
  for (const auto& part : {path() + ": is no ledger", std::string("The traces still hold every run"),
                           std::string("`ebb runs rebuild DIR`")}) {
    EXPECT_NE(text.error().message.find(part), std::string::npos) << text.error().message;
  }
  EXPECT_EQ(bytes_of(path()), before);

  ASSERT_TRUE(Database::open(path("other.db"))->run("CREATE TABLE songs (name TEXT)").ok());
  const auto other = Ledger::open(path("other.db"));
  ASSERT_FALSE(other.ok());
  EXPECT_NE(other.error().message.find("a database of another program"), std::string::npos) << other.error().message;

  EXPECT_EQ(Ledger::open(path("no/folder.db")).error().kind, base::ErrorKind::kService);
  EXPECT_EQ(Ledger::open(std::filesystem::path(path()).parent_path().string()).error().kind, base::ErrorKind::kService);
}

TEST_F(LedgerFile, that_is_damaged_says_so_and_never_ends_the_program) {
  {
    auto ledger = Ledger::open(path());
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(ledger->put(sample_run("r" + std::to_string(i))).ok());
    ASSERT_TRUE(ledger->settle().ok());
  }
  const auto whole = bytes_of(path());
  int told = 0;
  for (std::size_t begin = 0; begin < whole.size(); begin += 4096) {
    auto damaged = whole;
    for (std::size_t i = begin + 100; i < begin + 2000; ++i) damaged[i] = static_cast<char>(damaged[i] ^ 0x5A);
    for (const char* file : {"ledger.db", "ledger.db-wal", "ledger.db-shm"}) std::filesystem::remove(path(file));
    write_bytes(path(), damaged);
    auto ledger = Ledger::open(path());
    const auto error = !ledger ? std::optional(ledger.error()) : [&]() -> std::optional<base::Error> {
      static_cast<void>(ledger->list({}).ok());
      const auto status = ledger->check();
      return status.ok() ? std::nullopt : std::optional(status.error());
    }();
    if (!error) continue;  // the bytes were those of a text, or of no use
    ++told;
    EXPECT_NE(error->message.find(path()), std::string::npos) << error->message;
    EXPECT_EQ(error->kind, base::ErrorKind::kBadData) << error->message;
    EXPECT_NE(error->message.find("ebb runs rebuild"), std::string::npos) << error->message;
  }
  EXPECT_GT(told, 5);
}

TEST_F(LedgerFile, of_a_newer_ebb_is_refused) {
  ASSERT_TRUE(Ledger::open(path()).ok());
  ASSERT_TRUE(Database::open(path())->run("PRAGMA user_version = 99").ok());
  const auto ledger = Ledger::open(path());
  ASSERT_FALSE(ledger.ok());
  EXPECT_EQ(ledger.error().message, path() + ": was written by a newer ebb (tables of version 99, this one knows " +
                                        std::to_string(migrations().size()) + "): use that one");
}

TEST_F(LedgerFile, is_brought_to_newer_tables_step_by_step_and_a_failed_step_is_as_if_never_begun) {
  const char* first = "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (7)";
  const char* second = "ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 8";
  const char* broken = "ALTER TABLE t ADD COLUMN c INTEGER; INSERT INTO nowhere VALUES (1)";
  auto database = Database::open(path());
  ASSERT_TRUE(database.ok());
  ASSERT_TRUE(migrate(*database, {first}).ok());
  EXPECT_EQ(*database->number("PRAGMA user_version"), 1);
  EXPECT_FALSE(migrate(*database, {first, second, broken}).ok());
  EXPECT_EQ(*database->number("PRAGMA user_version"), 2);
  EXPECT_EQ(*database->number("SELECT a * 10 + b FROM t"), 78);
  EXPECT_FALSE(database->number("SELECT c FROM t").ok());
  EXPECT_TRUE(migrate(*database, {first, second}).ok());
  EXPECT_FALSE(migrate(*database, {first}).ok()) << "now it is of a newer ebb";
}

/// Files of this process may grow no further than told, as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(std::size_t bytes) {
    before_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit low{bytes, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &low);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }

 private:
  rlimit limit_{};
  void (*before_)(int) = nullptr;
};

/// A child's exit codes.
enum Outcome { kFine = 0, kBroken = 1, kSkipped = 77 };

/// Puts a large run with each amount of room; `limited(room, put)` calls `put` while there is no more room than that.
template <typename Limited>
Outcome fill_up(const std::string& path, Limited limited) {
  int refused = 0;
  int written = 0;
  for (std::size_t room = 0; room < 90'000; room += 3'000) {
    auto row = sample_run("r" + std::to_string(room));
    row.record_json.assign(20'000, 'x');
    base::Status status = base::Done{};
    limited(room, [&] {
      auto ledger = Ledger::open(path);
      status = ledger.ok() ? ledger->put(row) : base::Status(ledger.error());
    });
    const bool put = status.ok();
    if (!put) {
      EXPECT_EQ(status.error().kind, base::ErrorKind::kService) << status.error().message;
      EXPECT_NE(status.error().message.find("the ledger stays as it was"), std::string::npos) << status.error().message;
    }
    auto ledger = Ledger::open(path);
    EXPECT_TRUE(ledger.ok() && ledger->check().ok() && ledger->find("kept").ok());
    const auto found = ledger->find(row.run_id);
    EXPECT_EQ(found.ok(), put) << room;
    EXPECT_TRUE(!put || *found == row) << room;
    (put ? written : refused) += 1;
  }
  EXPECT_GT(refused, 3);
  EXPECT_GT(written, 3);
  return testing::Test::HasFailure() ? kBroken : kFine;
}

TEST_F(LedgerFile, that_may_not_grow_says_so_and_stays_as_it_was) {
  ASSERT_TRUE(Ledger::open(path())->put(sample_run("kept")).ok());
  fill_up(path(), [&](std::size_t room, const auto& put) {
    const auto log = path("ledger.db-wal");
    const auto log_bytes = std::filesystem::exists(log) ? std::filesystem::file_size(log) : 0;
    const FullDisk disk(std::max(std::filesystem::file_size(path()), log_bytes) + room);
    put();
  });
}

/// A disk of its own, of which only `room` is free while `put` runs: the rest is filled by a file.
void with_ballast(const std::string& folder, std::size_t room, const std::function<void()>& put) {
  const auto free = std::filesystem::space(folder).available;
  write_bytes(folder + "/ballast", std::string(free > room ? free - room : 0, 'b'));
  put();
  std::filesystem::remove(folder + "/ballast");
}

Outcome fill_up_a_disk(const std::string& folder) {
  if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return kSkipped;
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return kSkipped;
  if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=4m") != 0) return kSkipped;
  const auto path = folder + "/ledger.db";
  if (!Ledger::open(path)->put(sample_run("kept")).ok()) return kBroken;
  return fill_up(path, [&](std::size_t room, const auto& put) { with_ballast(folder, room, put); });
}

TEST_F(LedgerFile, on_a_full_disk_says_so_and_stays_as_it_was) {
  const auto folder = std::filesystem::path(path()).parent_path().string();
  const pid_t child = ::fork();
  if (child == 0) ::_exit(fill_up_a_disk(folder));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kSkipped) GTEST_SKIP() << "no small disk can be mounted here: it needs a mount namespace";
  EXPECT_EQ(WEXITSTATUS(status), kFine);
}

TEST_F(LedgerFile, that_may_hold_no_more_pages_is_told_as_a_full_disk) {
  auto database = Database::open(path());
  ASSERT_TRUE(database->run("CREATE TABLE t (a TEXT); PRAGMA max_page_count = 4").ok());
  const auto status = database->run("INSERT INTO t VALUES (zeroblob(100000))");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind, base::ErrorKind::kService);
  EXPECT_NE(status.error().message.find("the disk is full"), std::string::npos) << status.error().message;
}

TEST_F(LedgerFile, on_a_file_system_of_several_hosts_needs_no_shared_memory) {
  EXPECT_TRUE(is_shared_between_hosts(0x6969)) << "NFS";
  EXPECT_TRUE(is_shared_between_hosts(0x0BD00BD0)) << "Lustre";
  EXPECT_TRUE(is_shared_between_hosts(static_cast<std::int32_t>(0xFF534D42))) << "CIFS, its number as a signed one";
  EXPECT_FALSE(is_shared_between_hosts(0xEF53)) << "ext4";
  EXPECT_FALSE(is_shared_between_hosts(0x01021994)) << "tmpfs";
  EXPECT_FALSE(lies_on_shared_file_system("/proc"));
  EXPECT_FALSE(lies_on_shared_file_system(path("not-there")));
  auto ledger = Ledger::open(path(), Sharing::kManyHosts);
  ASSERT_TRUE(ledger.ok());
  ASSERT_TRUE(ledger->put(sample_run("r")).ok());
  EXPECT_FALSE(std::filesystem::exists(path("ledger.db-shm")));
  auto second = Ledger::open(path(), Sharing::kManyHosts);
  EXPECT_EQ(*second->find("r"), sample_run("r"));
  ASSERT_TRUE(second->put(sample_run("s")).ok());
  EXPECT_TRUE(ledger->find("s").ok());
}

}  // namespace
}  // namespace ebb::ledger
