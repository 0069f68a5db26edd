#include "sqlite/query.h"

#include <sqlite3.h>

#include <utility>

#include "base/check.h"
#include "sqlite/database.h"

namespace ebb::sqlite {

Query::Query(Query&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      parameter_(other.parameter_),
      column_(other.column_),
      failed_bind_(other.failed_bind_) {}

Query::~Query() {
  if (statement_ == nullptr) return;
  ::sqlite3_reset(statement_);
  ::sqlite3_clear_bindings(statement_);
}

Query& Query::bind(std::string_view text) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* data = text.data() == nullptr ? "" : text.data();
  const int code = ::sqlite3_bind_text64(statement_, ++parameter_, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) failed_bind_ = code;
  return *this;
}

Query& Query::bind(Blob blob) {
  const char* data = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  const int code = ::sqlite3_bind_blob64(statement_, ++parameter_, data, blob.bytes.size(), SQLITE_TRANSIENT);
  if (code != SQLITE_OK) failed_bind_ = code;
  return *this;
}

Query& Query::bind(std::int64_t number) {
  const int code = ::sqlite3_bind_int64(statement_, ++parameter_, number);
  CHECK(code == SQLITE_OK);
  return *this;
}

Query& Query::bind(double number) {
  const int code = ::sqlite3_bind_double(statement_, ++parameter_, number);
  CHECK(code == SQLITE_OK);
  return *this;
}

Query& Query::bind_null() {
  ++parameter_;  // what is not bound is NULL
  return *this;
}

base::Expected<bool> Query::next() {
  if (failed_bind_ != SQLITE_OK) return database_->error(failed_bind_);
  column_ = 0;
  const int code = ::sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_->error(code);
}

base::Status Query::run() {
  for (;;) {
    EBB_TRY(const bool more, next());
    if (!more) return base::Done{};
  }
}

std::string Query::text() {
  const auto* bytes = ::sqlite3_column_text(statement_, column_);
  const auto size = static_cast<std::size_t>(::sqlite3_column_bytes(statement_, column_));
  ++column_;
  return bytes == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(bytes), size);
}

std::int64_t Query::integer() { return ::sqlite3_column_int64(statement_, column_++); }

std::optional<std::int64_t> Query::maybe_integer() {
  if (!is_null()) return integer();
  ++column_;
  return std::nullopt;
}

double Query::real() { return ::sqlite3_column_double(statement_, column_++); }

std::optional<double> Query::maybe_real() {
  if (!is_null()) return real();
  ++column_;
  return std::nullopt;
}

std::string_view Query::blob() {
  const auto* bytes = ::sqlite3_column_blob(statement_, column_);
  const auto size = static_cast<std::size_t>(::sqlite3_column_bytes(statement_, column_));
  ++column_;
  return bytes == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(bytes), size);
}

bool Query::is_null() const { return ::sqlite3_column_type(statement_, column_) == SQLITE_NULL; }

}  // namespace ebb::sqlite
