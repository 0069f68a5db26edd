#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "ledger/query.h"

struct sqlite3;
struct sqlite3_stmt;

namespace ebb::ledger {

/// An SQLite file, as thin as can be: errors become sentences, statements are prepared once. Thread safety: none.
class Database {
 public:
  static constexpr int kWaitMilliseconds = 10'000;  ///< for other processes, at first
  /// What SQLite's callbacks see: it stays where it is.
  struct Hooks {
    int wait_milliseconds = 0;
    int log_pages = 0;  ///< in the write-ahead log after the last change
  };

  /// Makes the file, for its user only, where there is none. ":memory:" is a database of its own.
  static base::Expected<Database> open(const std::string& path);

  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  base::Expected<Query> query(std::string_view sql);
  /// Statements without parameters or rows, one after another.
  base::Status run(const std::string& sql);
  /// The one number that a statement gives.
  base::Expected<std::int64_t> number(std::string_view sql);
  /// How long to wait for other processes.
  void wait_for_others(int milliseconds);

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Why the last call failed, naming the file, and what to do.
  [[nodiscard]] base::Error error(int code) const;
  /// That the file is damaged, how, and what to do.
  [[nodiscard]] base::Error damaged(std::string_view how) const;

 private:
  explicit Database(std::string path) : path_(std::move(path)) {}

  std::string path_;
  sqlite3* handle_ = nullptr;
  std::unique_ptr<Hooks> hooks_ = std::make_unique<Hooks>();
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

/// What is done between begin() and commit() is done together or, where commit() is not reached, not at all.
class Transaction {
 public:
  /// Takes the right to write, waiting for others.
  static base::Expected<Transaction> begin(Database& database);

  Transaction(Transaction&& other) noexcept : database_(other.database_) { other.database_ = nullptr; }
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  base::Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;  ///< nothing where it is done
};

}  // namespace ebb::ledger
