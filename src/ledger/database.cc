#include "ledger/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <utility>

#include "base/check.h"

namespace ebb::ledger {
namespace {

using base::Done;
using base::Expected;
using base::Status;

constexpr std::string_view kInMemory = ":memory:";
/// Who opens the file reads its log first: a megabyte takes about a millisecond, and some thirty changes fill it.
/// Then whoever is the last to close the file puts the log into it, which takes two waits for the disk.
constexpr int kPagesToClear = 256;
/// Where somebody always has it open.
constexpr int kMostPages = 1000;
constexpr std::string_view kRescue =
    "The traces still hold every run: move this file away, and `ebb runs rebuild DIR` makes a new ledger from the "
    "traces in DIR";

/// `code` extended. The file of the log's shared memory is made by growing it: what fails there is room.
bool is_disk_full(int code) { return (code & 0xFF) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE; }

/// Waits for another process, about as long in all as `hooks` say. SQLite's own waits grow to 100 ms: a process that
/// asks so seldom can starve where others take the lock again and again.
int wait_a_little(void* hooks, int waits_before) {
  if (waits_before >= static_cast<const Database::Hooks*>(hooks)->wait_milliseconds) return 0;
  ::sqlite3_sleep(1);
  return 1;
}

int note_log(void* hooks, sqlite3* handle, const char* name, int pages) {
  static_cast<Database::Hooks*>(hooks)->log_pages = pages;
  // Where it fails, the log goes on growing, and the next change tries again.
  if (pages >= kMostPages) ::sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  return SQLITE_OK;
}

/// A new file belongs to its user alone: command lines may hold secrets. One that exists is not touched: closing any
/// descriptor of it would drop this process's locks.
void create_private(const std::string& path) {
  if (path == kInMemory) return;
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) ::close(fd);
}

}  // namespace

Database::Database(Database&& other) noexcept
    : path_(std::move(other.path_)),
      handle_(std::exchange(other.handle_, nullptr)),
      hooks_(std::move(other.hooks_)),
      statements_(std::move(other.statements_)) {}

Database& Database::operator=(Database&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(handle_, other.handle_);
  std::swap(hooks_, other.hooks_);
  std::swap(statements_, other.statements_);
  return *this;
}

Database::~Database() {
  if (handle_ == nullptr) return;
  for (const auto& [sql, statement] : statements_) ::sqlite3_finalize(statement);
  const int leave_log = hooks_->log_pages < kPagesToClear ? 1 : 0;
  ::sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave_log, nullptr);
  ::sqlite3_close(handle_);
}

Expected<Database> Database::open(const std::string& path) {
  create_private(path);
  Database database(path);
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = ::sqlite3_open_v2(path.c_str(), &database.handle_, kFlags, nullptr);
  if (code != SQLITE_OK) return database.error(code);
  ::sqlite3_extended_result_codes(database.handle_, 1);
  ::sqlite3_wal_hook(database.handle_, note_log, database.hooks_.get());
  database.wait_for_others(kWaitMilliseconds);
  return database;
}

void Database::wait_for_others(int milliseconds) {
  hooks_->wait_milliseconds = milliseconds;
  ::sqlite3_busy_handler(handle_, wait_a_little, hooks_.get());
}

Expected<Query> Database::query(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    sqlite3_stmt* statement = nullptr;
    const int code = ::sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                          &statement, nullptr);
    if (code != SQLITE_OK) return error(code);
    found = statements_.emplace(sql, statement).first;
  }
  CHECK(::sqlite3_stmt_busy(found->second) == 0);
  return Query(*this, found->second);
}

Status Database::run(const std::string& sql) {
  const int code = ::sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return Done{};
}

Expected<std::int64_t> Database::number(std::string_view sql) {
  EBB_TRY(auto query, this->query(sql));
  EBB_TRY(const bool found, query.next());
  return found ? query.integer() : 0;
}

base::Error Database::damaged(std::string_view how) const {
  return base::bad_data(fmt::format("{}: is damaged: {}. {}", path_, how, kRescue));
}

base::Error Database::error(int code) const {
  const int kind = code & 0xFF;
  const std::string why = handle_ != nullptr ? ::sqlite3_errmsg(handle_) : ::sqlite3_errstr(code);
  if (kind == SQLITE_NOTADB) return base::bad_data(fmt::format("{}: is no ledger: {}. {}", path_, why, kRescue));
  if (kind == SQLITE_CORRUPT) return damaged(why);
  if (is_disk_full(code)) {
    return base::service_error(
        fmt::format("{}: the disk is full: the ledger stays as it was. Free some space, then do this again", path_));
  }
  if (kind == SQLITE_IOERR) {
    // SQLite does not keep the system's reason: a quota that is used up looks like a broken disk.
    return base::service_error(fmt::format(
        "{}: {} ({}): the ledger stays as it was. Your quota may be used up, or the disk be failing: see `quota` and "
        "`dmesg`",
        path_, why, code));
  }
  if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED) {
    return base::service_error(
        fmt::format("{}: another program has kept it locked for {} s: try again, or see who has "
                    "it open (`fuser {}`)",
                    path_, kWaitMilliseconds / 1000, path_));
  }
  return base::service_error(
      fmt::format("{}: {}: check that its folder is there and that you may write in both", path_, why));
}

Expected<Transaction> Transaction::begin(Database& database) {
  EBB_TRY_DO(database.run("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Status Transaction::commit() {
  EBB_TRY_DO(database_->run("COMMIT"));
  database_ = nullptr;
  return Done{};
}

Transaction::~Transaction() {
  // Where SQLite has already undone it, this fails and there is nothing left to do.
  if (database_ != nullptr) static_cast<void>(database_->run("ROLLBACK").ok());
}

}  // namespace ebb::ledger
