#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "sqlite/query.h"

struct sqlite3;
struct sqlite3_stmt;

namespace ebb::sqlite {

/// How messages speak of a file.
struct Wording {
  std::string_view thing;   ///< "store": "is no store", "the store stays as it was"
  std::string_view rescue;  ///< what to do when the file is damaged: a sentence without its full stop
};

/// An SQLite file, as thin as can be: errors become sentences, statements are prepared once. Thread safety: none.
class Database {
 public:
  static constexpr int kWaitMilliseconds = 10'000;  ///< for other processes, at first

  /// Makes the file, for its user only, where there is none. ":memory:" is a database of its own. The texts of
  /// `wording` must live as long as the database.
  static base::Expected<Database> open(const std::string& path, Wording wording);
  /// Changes nothing and makes no file. Where the folder may not be written, so that no lock can be taken, the file is
  /// read as one that nobody changes. kNoData where there is none.
  static base::Expected<Database> open_to_read(const std::string& path, Wording wording);

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
  /// Of the row that was inserted last.
  [[nodiscard]] std::int64_t last_row() const;
  /// How long to wait for other processes.
  void wait_for_others(int milliseconds);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const Wording& wording() const { return wording_; }
  /// Why the last call failed, naming the file, and what to do.
  [[nodiscard]] base::Error error(int code) const;
  /// That the file is damaged, how, and what to do.
  [[nodiscard]] base::Error damaged(std::string_view how) const;

 private:
  Database(std::string path, const Wording& wording) : path_(std::move(path)), wording_(wording) {}
  base::Status open_handle(const std::string& name, int flags);

  std::string path_;
  Wording wording_;
  sqlite3* handle_ = nullptr;
  std::unique_ptr<int> wait_milliseconds_ = std::make_unique<int>(0);  ///< SQLite's callback sees it: it stays there
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

/// What is done between begin() and commit() is done together or, where commit() is not reached, not at all.
class Transaction {
 public:
  /// Takes the right to write, waiting for others.
  static base::Expected<Transaction> begin(Database& database);
  /// Sees the file as it is at the first read, whatever others write meanwhile. Need not be committed.
  static base::Expected<Transaction> begin_to_read(Database& database);

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

}  // namespace ebb::sqlite
