#include <gtest/gtest.h>

#include <filesystem>

#include "sqlite/database.h"
#include "sqlite/journal.h"
#include "sqlite/migrate.h"

namespace ebb::sqlite {
namespace {

constexpr Wording kWording{"box", "Move it away"};

/// An empty folder of the test's own.
class SqliteFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              (std::string("ebb_sqlite_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(std::filesystem::create_directories(folder_));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const char* name = "box #1?.db") const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

TEST_F(SqliteFile, binds_and_gives_back_every_kind_of_value) {
  auto database = *Database::open(":memory:", kWording);
  ASSERT_TRUE(database.run("CREATE TABLE t (a TEXT, b INTEGER, c REAL, d BLOB, e BLOB)").ok());
  const std::string bytes("\0\xFF\x01", 3);
  {
    auto insert = *database.query("INSERT INTO t VALUES (?, ?, ?, ?, ?)");
    insert.bind("").bind(std::int64_t{-5}).bind(0.1).bind(Blob{bytes}).bind(std::optional<Blob>());
    ASSERT_TRUE(insert.run().ok());
  }
  EXPECT_EQ(database.last_row(), 1);
  auto select = *database.query("SELECT a, b, c, d, e, e, length(a) FROM t");
  ASSERT_TRUE(*select.next());
  EXPECT_EQ(select.text(), "");
  EXPECT_EQ(select.integer(), -5);
  EXPECT_EQ(select.real(), 0.1);
  EXPECT_EQ(select.blob(), bytes);
  EXPECT_TRUE(select.is_null());
  EXPECT_EQ(select.blob(), "");
  EXPECT_EQ(select.maybe_real(), std::nullopt);
  EXPECT_EQ(select.integer(), 0) << "an empty text is no NULL";
  EXPECT_FALSE(*select.next());
}

TEST_F(SqliteFile, a_transaction_that_is_not_committed_has_done_nothing) {
  auto database = *Database::open(path(), kWording);
  ASSERT_TRUE(database.run("CREATE TABLE t (a INTEGER)").ok());
  {
    const auto transaction = Transaction::begin(database);
    ASSERT_TRUE(database.run("INSERT INTO t VALUES (1)").ok());
  }
  EXPECT_EQ(*database.number("SELECT count(*) FROM t"), 0);
  auto transaction = *Transaction::begin(database);
  ASSERT_TRUE(database.run("INSERT INTO t VALUES (1)").ok());
  ASSERT_TRUE(transaction.commit().ok());
  EXPECT_EQ(*database.number("SELECT count(*) FROM t"), 1);
}

TEST_F(SqliteFile, tables_are_brought_up_step_by_step_and_a_failed_step_is_as_if_never_begun) {
  const char* first = "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (7)";
  const char* second = "ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 8";
  const char* broken = "ALTER TABLE t ADD COLUMN c INTEGER; INSERT INTO nowhere VALUES (1)";
  auto database = *Database::open(path(), kWording);
  ASSERT_TRUE(migrate(database, {5, {first}}).ok());
  EXPECT_EQ(require_version(database, {5, {first, second}}).error().kind, base::ErrorKind::kService);
  EXPECT_FALSE(migrate(database, {5, {first, second, broken}}).ok());
  EXPECT_EQ(*database.number("SELECT a * 10 + b FROM t"), 78);
  EXPECT_FALSE(database.number("SELECT c FROM t").ok());
  EXPECT_TRUE(migrate(database, {5, {first, second}}).ok());
  EXPECT_TRUE(require_version(database, {5, {first, second}}).ok());
  EXPECT_NE(migrate(database, {5, {first}}).error().message.find("newer ebb"), std::string::npos);
  EXPECT_NE(migrate(database, {6, {first, second}}).error().message.find("is no box but a database of another program"),
            std::string::npos);
}

TEST_F(SqliteFile, is_read_without_the_right_to_write_and_never_made_by_reading) {
  EXPECT_EQ(Database::open_to_read(path(), kWording).error().kind, base::ErrorKind::kNoData);
  ASSERT_TRUE(Database::open(path(), kWording)->run("CREATE TABLE t (a INTEGER)").ok());
  auto reader = *Database::open_to_read(path(), kWording);
  EXPECT_EQ(*reader.number("SELECT count(*) FROM t"), 0);
  EXPECT_FALSE(reader.run("INSERT INTO t VALUES (1)").ok());
}

TEST_F(SqliteFile, on_a_file_system_of_several_hosts_has_no_shared_memory) {
  EXPECT_TRUE(is_shared_between_hosts(0x6969)) << "NFS";
  EXPECT_TRUE(is_shared_between_hosts(static_cast<std::int32_t>(0xFF534D42))) << "CIFS, its number as a signed one";
  EXPECT_FALSE(is_shared_between_hosts(0xEF53)) << "ext4";
  auto many = *Database::open(path(), kWording);
  ASSERT_TRUE(choose_journal(many, Sharing::kManyHosts).ok());
  ASSERT_TRUE(many.run("CREATE TABLE t (a INTEGER)").ok());
  EXPECT_FALSE(std::filesystem::exists(path() + "-shm"));
  auto one = *Database::open(path("one.db"), kWording);
  ASSERT_TRUE(choose_journal(one, Sharing::kOneHost).ok());
  ASSERT_TRUE(one.run("CREATE TABLE t (a INTEGER)").ok());
  EXPECT_TRUE(std::filesystem::exists(path("one.db") + "-wal"));
}

}  // namespace
}  // namespace ebb::sqlite
