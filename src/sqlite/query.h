#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"

struct sqlite3_stmt;

namespace ebb::sqlite {

class Database;

/// Bytes that are no text.
struct Blob {
  std::string_view bytes;
};

/// One use of a prepared statement: bind its parameters in order, then step through its rows, reading each one's
/// columns in order. One use of the same text at a time.
class Query {
 public:
  Query(Query&& other) noexcept;
  Query& operator=(Query&&) = delete;
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query();

  Query& bind(std::string_view text);
  Query& bind(const std::string& text) { return bind(std::string_view(text)); }
  Query& bind(const char* text) { return bind(std::string_view(text)); }
  Query& bind(std::int64_t number);
  Query& bind(int number) { return bind(std::int64_t{number}); }
  Query& bind(double number);
  Query& bind(Blob blob);
  template <typename T>
  Query& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind_null();
  }

  /// Whether there is a next row.
  base::Expected<bool> next();
  /// To the end, for a statement without rows.
  base::Status run();

  [[nodiscard]] std::string text();  ///< of the next column, as are those below
  [[nodiscard]] std::int64_t integer();
  [[nodiscard]] std::optional<std::int64_t> maybe_integer();
  [[nodiscard]] double real();
  [[nodiscard]] std::optional<double> maybe_real();
  /// Until the next step; empty where the column is NULL.
  [[nodiscard]] std::string_view blob();
  /// Whether the column that comes next is NULL; reads nothing.
  [[nodiscard]] bool is_null() const;

 private:
  friend class Database;
  Query(Database& database, sqlite3_stmt* statement) : database_(&database), statement_(statement) {}
  Query& bind_null();

  Database* database_;
  sqlite3_stmt* statement_;
  int parameter_ = 0;
  int column_ = 0;
  int failed_bind_ = 0;
};

}  // namespace ebb::sqlite
