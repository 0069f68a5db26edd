#include "sqlite/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "base/check.h"

namespace ebb::sqlite {
namespace {

using base::Done;
using base::Expected;
using base::Status;

constexpr std::string_view kInMemory = ":memory:";

/// `code` extended. The file of the log's shared memory is made by growing it: what fails there is room.
bool is_disk_full(int code) { return (code & 0xFF) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE; }

/// Waits for another process, about as long in all as it says. SQLite's own waits grow to 100 ms: a process that asks
/// so seldom can starve where others take the lock again and again.
int wait_a_little(void* wait_milliseconds, int waits_before) {
  if (waits_before >= *static_cast<const int*>(wait_milliseconds)) return 0;
  ::sqlite3_sleep(1);
  return 1;
}

/// A new file belongs to its user alone. One that exists is not touched: closing any descriptor of it would drop this
/// process's locks.
void create_private(const std::string& path) {
  if (path == kInMemory) return;
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) ::close(fd);
}

/// A path as SQLite's file: names have it.
std::string as_uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '?' || c == '#' || c == '%') {
      uri += fmt::format("%{:02X}", static_cast<unsigned>(c));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

/// The journal beside the file without which it is not whole: a log, or what undoes a change that was cut short.
std::string journal_beside(const std::string& path) {
  for (const char* kind : {"-wal", "-journal"}) {
    std::error_code code;
    const auto size = std::filesystem::file_size(path + kind, code);
    if (!code && size > 0) return path + kind;
  }
  return {};
}

}  // namespace

Database::Database(Database&& other) noexcept
    : path_(std::move(other.path_)),
      wording_(other.wording_),
      handle_(std::exchange(other.handle_, nullptr)),
      wait_milliseconds_(std::move(other.wait_milliseconds_)),
      statements_(std::move(other.statements_)) {}

Database& Database::operator=(Database&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(wording_, other.wording_);
  std::swap(handle_, other.handle_);
  std::swap(wait_milliseconds_, other.wait_milliseconds_);
  std::swap(statements_, other.statements_);
  return *this;
}

Database::~Database() {
  if (handle_ == nullptr) return;
  for (const auto& [sql, statement] : statements_) ::sqlite3_finalize(statement);
  ::sqlite3_close(handle_);
}

Status Database::open_handle(const std::string& name, int flags) {
  const int code = ::sqlite3_open_v2(name.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) return error(code);
  ::sqlite3_extended_result_codes(handle_, 1);
  wait_for_others(kWaitMilliseconds);
  return Done{};
}

Expected<Database> Database::open(const std::string& path, Wording wording) {
  create_private(path);
  Database database(path, wording);
  EBB_TRY_DO(database.open_handle(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
  return database;
}

Expected<Database> Database::open_to_read(const std::string& path, Wording wording) {
  std::error_code code;
  if (!std::filesystem::exists(path, code)) {
    return base::no_data(fmt::format("{}: there is no {} there", path, wording.thing));
  }
  Database database(path, wording);
  EBB_TRY_DO(database.open_handle(path, SQLITE_OPEN_READONLY));
  const int first = ::sqlite3_exec(database.handle_, "SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr);
  const int kind = first & 0xFF;
  if (kind != SQLITE_CANTOPEN && kind != SQLITE_READONLY) return database;
  // The log's shared memory cannot be made here.
  if (const auto journal = journal_beside(path); !journal.empty()) {
    return base::service_error(fmt::format(
        "{}: it is whole only with the journal beside it ({}), which cannot be used in a folder that may not "
        "be written: let its owner open it once",
        path, journal));
  }
  Database unchanging(path, wording);
  EBB_TRY_DO(unchanging.open_handle(as_uri(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI));
  return unchanging;
}

void Database::wait_for_others(int milliseconds) {
  *wait_milliseconds_ = milliseconds;
  ::sqlite3_busy_handler(handle_, wait_a_little, wait_milliseconds_.get());
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

std::int64_t Database::last_row() const { return ::sqlite3_last_insert_rowid(handle_); }

base::Error Database::damaged(std::string_view how) const {
  return base::bad_data(fmt::format("{}: is damaged: {}. {}", path_, how, wording_.rescue));
}

base::Error Database::error(int code) const {
  const int kind = code & 0xFF;
  const std::string why = handle_ != nullptr ? ::sqlite3_errmsg(handle_) : ::sqlite3_errstr(code);
  const auto thing = wording_.thing;
  if (kind == SQLITE_NOTADB) {
    return base::bad_data(fmt::format("{}: is no {}: {}. {}", path_, thing, why, wording_.rescue));
  }
  if (kind == SQLITE_CORRUPT) return damaged(why);
  if (is_disk_full(code)) {
    return base::service_error(
        fmt::format("{}: the disk is full: the {} stays as it was. Free some space, then do this again", path_, thing));
  }
  if (kind == SQLITE_IOERR) {
    // SQLite does not keep the system's reason: a quota that is used up looks like a broken disk.
    return base::service_error(fmt::format(
        "{}: {} ({}): the {} stays as it was. Your quota may be used up, or the disk be failing: see `quota` and "
        "`dmesg`",
        path_, why, code, thing));
  }
  if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED) {
    return base::service_error(
        fmt::format("{}: another program has kept it locked for {} s: try again, or see who has it open (`fuser {}`)",
                    path_, *wait_milliseconds_ / 1000.0, path_));
  }
  return base::service_error(
      fmt::format("{}: {}: check that its folder is there and that you may write in both", path_, why));
}

Expected<Transaction> Transaction::begin(Database& database) {
  EBB_TRY_DO(database.run("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Expected<Transaction> Transaction::begin_to_read(Database& database) {
  EBB_TRY_DO(database.run("BEGIN"));
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

}  // namespace ebb::sqlite
