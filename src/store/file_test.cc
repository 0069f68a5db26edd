#include <grp.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "sqlite/database.h"
#include "store/store_samples.h"
#include "store/tables.h"

namespace ebb::store {
namespace {

constexpr sqlite::Wording kPlain{"store", "none"};

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_bytes(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

/// Noise, so that it takes room.
series::Series noise(std::size_t count, unsigned seed, const char* zone = "FR") {
  std::vector<double> values(count);
  std::uint32_t state = seed * 2654435761U + 1;
  for (auto& value : values) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<double>(state >> 8U) / 100.0;
  }
  auto provenance = sample_provenance();
  provenance.zone = zone;
  return {provenance, at("2025-01-01T00:00:00Z"), std::chrono::minutes(5), values};
}

sqlite::Database raw(const std::string& path) { return *sqlite::Database::open(path, kPlain); }

TEST_F(StoreFile, is_the_users_own_and_one_file_once_it_is_closed) {
  ASSERT_TRUE(open().put(noise(50'000, 1), origin_at("2026-02-01T00:00:00Z")).ok());
  struct stat info {};
  ASSERT_EQ(::stat(path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_FALSE(std::filesystem::exists(path() + "-wal"));
  std::filesystem::copy_file(path(), path("copy.db"));
  auto copy = Store::open(path("copy.db"), Access::kRead);
  ASSERT_TRUE(copy.ok());
  EXPECT_TRUE(same_to_the_bit(*copy->read(key_of(noise(1, 1))), noise(50'000, 1)));
}

TEST_F(StoreFile, that_is_not_there_is_not_made_by_reading) {
  const auto store = Store::open(path(), Access::kRead);
  EXPECT_EQ(store.error().kind, base::ErrorKind::kNoData);
  EXPECT_FALSE(std::filesystem::exists(path()));
  EXPECT_EQ(Store::open(path("no/folder.db"), Access::kWrite).error().kind, base::ErrorKind::kService);
}

TEST_F(StoreFile, of_another_program_or_a_newer_ebb_is_refused) {
  ASSERT_TRUE(raw(path("other.db")).run("CREATE TABLE t (a INTEGER)").ok());
  open();
  ASSERT_TRUE(raw(path()).run("PRAGMA user_version = 99").ok());
  write_bytes(path("text.db"), "time,g_per_kwh\n2026-01-01T00:00:00Z,5\n");
  for (const auto access : {Access::kRead, Access::kWrite}) {
    EXPECT_EQ(Store::open(path(), access).error().message,
              path() + ": was written by a newer ebb (tables of version 99, this one knows " +
                  std::to_string(tables().steps.size()) + "): use that one");
    EXPECT_NE(Store::open(path("other.db"), access).error().message.find("database of another program"),
              std::string::npos);
    EXPECT_NE(Store::open(path("text.db"), access).error().message.find("is no store"), std::string::npos);
  }
  ASSERT_TRUE(raw(path()).run("PRAGMA user_version = 0").ok());
  EXPECT_FALSE(Store::open(path(), Access::kRead).ok());
}

enum Outcome { kFine = 0, kBroken = 1, kTold = 2 };

/// As a user who may not do everything.
Outcome read_in_a_closed_folder(const std::string& folder, const std::string& path, const series::Series& series) {
  if (::chmod(path.c_str(), 0444) != 0 || ::chmod(folder.c_str(), 0555) != 0) return kBroken;
  if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0)) {
    return kBroken;
  }
  auto store = Store::open(path, Access::kRead);
  if (!store.ok())
    return store.error().message.find("let its owner open it once") != std::string::npos ? kTold : kBroken;
  const auto back = store->read(key_of(series));
  const bool same = back.ok() && same_to_the_bit(*back, series) && store->list().ok();
  const auto writer = Store::open(path, Access::kWrite);
  const bool refused = !writer.ok() && writer.error().kind == base::ErrorKind::kService;
  return same && refused ? kFine : kBroken;
}

TEST_F(StoreFile, in_a_folder_that_may_not_be_written_is_read) {
  const auto series = noise(5'000, 2);
  ASSERT_TRUE(open().put(series, origin_at("2026-02-01T00:00:00Z")).ok());
  const pid_t child = ::fork();
  if (child == 0) ::_exit(read_in_a_closed_folder(folder(), path(), series));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ::chmod(folder().c_str(), 0700);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), kFine);
}

TEST_F(StoreFile, with_an_open_journal_in_such_a_folder_is_not_read_without_it) {
  ASSERT_TRUE(open().put(noise(5'000, 2), origin_at("2026-02-01T00:00:00Z")).ok());
  for (const char* kind : {"-wal", "-journal"}) {
    write_bytes(path() + kind, "something");
    const pid_t child = ::fork();
    if (child == 0) ::_exit(read_in_a_closed_folder(folder(), path(), noise(5'000, 2)));
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ::chmod(folder().c_str(), 0700);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), kTold) << kind;
    std::filesystem::remove(path() + kind);
  }
}

TEST_F(StoreFile, with_a_damaged_chunk_says_of_which_series_and_time_and_gives_no_wrong_number) {
  const auto series = noise(60'000, 3);
  const auto other = noise(60'000, 4, "DE");
  {
    auto store = open();
    ASSERT_TRUE(store.put(series, origin_at("2026-02-01T00:00:00Z")).ok());
    ASSERT_TRUE(store.put(other, origin_at("2026-02-01T00:00:00Z")).ok());
  }
  // A byte in the middle of FR's third chunk.
  ASSERT_TRUE(
      raw(path())
          .run("UPDATE chunks SET bytes = CAST(substr(bytes, 1, 999) || x'5A5A' || substr(bytes, 1002) AS BLOB) "
               "WHERE series_id = 1 AND chunk = (SELECT min(chunk) + 2 FROM chunks WHERE series_id = 1)")
          .ok());
  auto store = open(Access::kRead);
  const auto back = store.read(key_of(series));
  ASSERT_FALSE(back.ok());
  EXPECT_EQ(back.error().kind, base::ErrorKind::kBadData);
  for (const char* part : {"FR, average lifecycle, Example, 2026", "2025-0", "Move this file away"}) {
    EXPECT_NE(back.error().message.find(part), std::string::npos) << back.error().message;
  }
  EXPECT_TRUE(same_to_the_bit(*store.read(key_of(other)), other)) << "what is whole is read";
  EXPECT_TRUE(store.read(key_of(series), between("2025-01-01T00:00:00Z", "2025-01-20T00:00:00Z")).ok());
  EXPECT_FALSE(store.check().ok());
}

TEST_F(StoreFile, with_chunks_in_wrong_places_gives_no_wrong_number) {
  const auto series = noise(60'000, 3);
  {
    auto store = open();
    ASSERT_TRUE(store.put(series, origin_at("2026-02-01T00:00:00Z")).ok());
  }
  for (const char* damage :
       {"UPDATE chunks SET bytes = (SELECT bytes FROM chunks WHERE id = 2) WHERE id = 3",
        "UPDATE chunks SET first_slot = first_slot + 1, end_slot = end_slot + 1 WHERE id = 2",
        "UPDATE chunks SET end_slot = 9223372036854775807 WHERE id = 2",
        "UPDATE chunks SET first_slot = -9223372036854775808 WHERE id = 2",
        "UPDATE chunks SET bytes = x'' WHERE id = 2", "UPDATE chunks SET end_slot = first_slot WHERE id = 2"}) {
    const auto whole = bytes_of(path());
    ASSERT_TRUE(raw(path()).run(damage).ok());
    const auto back = open(Access::kRead).read(key_of(series));
    EXPECT_FALSE(back.ok()) << damage;
    EXPECT_EQ(back.error().kind, base::ErrorKind::kBadData) << back.error().message;
    write_bytes(path(), whole);
  }
  EXPECT_TRUE(open(Access::kRead).read(key_of(series)).ok());
}

TEST_F(StoreFile, that_is_damaged_anywhere_says_so_or_gives_what_was_put) {
  const auto series = noise(30'000, 5);
  ASSERT_TRUE(open().put(series, origin_at("2026-02-01T00:00:00Z")).ok());
  const auto whole = bytes_of(path());
  int told = 0;
  for (std::size_t begin = 0; begin < whole.size(); begin += 4096) {
    auto damaged = whole;
    for (std::size_t i = begin + 100; i < begin + 600 && i < whole.size(); ++i) {
      damaged[i] = static_cast<char>(damaged[i] ^ 0x5A);
    }
    write_bytes(path(), damaged);
    auto store = Store::open(path(), Access::kRead);
    const auto back = store.ok() ? store->read(key_of(series)) : base::Expected<series::Series>(store.error());
    if (back.ok()) {
      EXPECT_TRUE(same_to_the_bit(*back, series)) << begin;
    } else {
      ++told;
      EXPECT_NE(back.error().message.find(path()), std::string::npos) << back.error().message;
    }
  }
  EXPECT_GT(told, 15);
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

TEST_F(StoreFile, on_a_full_disk_says_so_and_stays_as_it_was) {
  const auto kept = noise(20'000, 6);
  ASSERT_TRUE(open().put(kept, origin_at("2026-02-01T00:00:00Z")).ok());
  int refused = 0;
  int written = 0;
  for (std::size_t room = 0; room < 1'600'000; room += 40'000) {
    const auto more = noise(100'000, static_cast<unsigned>(room), "DE");
    base::Expected<PutResult> put = PutResult{};
    {
      const FullDisk disk(std::filesystem::file_size(path()) + room);
      auto store = Store::open(path(), Access::kWrite);
      put = store.ok() ? store->put(more, origin_at("2026-02-01T00:00:00Z")) : base::Expected<PutResult>(store.error());
    }
    auto store = open();
    EXPECT_TRUE(same_to_the_bit(*store.read(key_of(kept)), kept)) << room;
    EXPECT_TRUE(store.check().ok());
    EXPECT_EQ(store.list("DE")->size(), put.ok() ? 1U : 0U) << room;
    if (put.ok()) {
      ++written;
      EXPECT_TRUE(same_to_the_bit(*store.read(key_of(more)), more));
      ASSERT_TRUE(store.remove(key_of(more)).ok());
      break;
    }
    ++refused;
    EXPECT_EQ(put.error().kind, base::ErrorKind::kService);
    EXPECT_NE(put.error().message.find("stays as it was"), std::string::npos) << put.error().message;
  }
  EXPECT_GT(refused, 3);
  EXPECT_EQ(written, 1);
}

TEST_F(StoreFile, that_may_hold_no_more_pages_is_told_as_a_full_disk) {
  auto database = raw(path());
  ASSERT_TRUE(database.run("CREATE TABLE t (a TEXT); PRAGMA max_page_count = 4").ok());
  const auto status = database.run("INSERT INTO t VALUES (zeroblob(100000))");
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("the disk is full: the store stays as it was"), std::string::npos)
      << status.error().message;
}

TEST_F(StoreFile, that_another_keeps_locked_is_told_after_the_wait) {
  open();
  auto other = raw(path());
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE").ok());
  auto store = Store::open(path(), Access::kWrite, std::chrono::milliseconds(20));
  ASSERT_TRUE(store.ok()) << store.error().message;
  const auto put = store->put(hourly({1}), origin_at("2026-02-01T00:00:00Z"));
  ASSERT_FALSE(put.ok());
  EXPECT_NE(put.error().message.find("locked for 0.02 s"), std::string::npos) << put.error().message;
  EXPECT_TRUE(store->list().ok()) << "reading goes on";
}

}  // namespace
}  // namespace ebb::store
