#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/check.h"

namespace ebb::base {

/// Why something could not be done; each kind is one exit code of the program (docs/exit-codes in the manual).
enum class ErrorKind {
  kUsage = 2,       ///< an option or its value is wrong
  kBadData = 3,     ///< input data breaks its format
  kNoData = 4,      ///< no data for that zone or time
  kService = 5,     ///< something outside failed (a file system, a network)
  kInfeasible = 6,  ///< cannot be done by the deadline
};

/// What, which thing, why, and what to do: a sentence for a person.
struct Error {
  ErrorKind kind = ErrorKind::kBadData;
  std::string message;

  /// The same error with where it happened put before it.
  [[nodiscard]] Error in(std::string_view context) const { return Error{kind, std::string(context) + ": " + message}; }
};

inline Error usage_error(std::string message) { return {ErrorKind::kUsage, std::move(message)}; }
inline Error bad_data(std::string message) { return {ErrorKind::kBadData, std::move(message)}; }
inline Error no_data(std::string message) { return {ErrorKind::kNoData, std::move(message)}; }
inline Error service_error(std::string message) { return {ErrorKind::kService, std::move(message)}; }
inline Error infeasible(std::string message) { return {ErrorKind::kInfeasible, std::move(message)}; }

/// A value, or the reason why there is none. Must not be ignored; reading the wrong side is a programmer's error.
template <typename T>
class [[nodiscard]] Expected {
 public:
  Expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Expected(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] const T& value() const& {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T& value() & {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& value() && {
    CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  [[nodiscard]] const Error& error() const {
    CHECK(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value.
struct Done {};
using Status = Expected<Done>;

}  // namespace ebb::base

#define EBB_CONCAT_INNER(a, b) a##b
#define EBB_CONCAT(a, b) EBB_CONCAT_INNER(a, b)

// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses.
/// `EBB_TRY(auto x, f())`: the value of f(), or return its error.
#define EBB_TRY(declaration, expression)                                                   \
  auto EBB_CONCAT(ebb_try_, __LINE__) = (expression);                                      \
  if (!EBB_CONCAT(ebb_try_, __LINE__).ok()) return EBB_CONCAT(ebb_try_, __LINE__).error(); \
  declaration = *std::move(EBB_CONCAT(ebb_try_, __LINE__))
// NOLINTEND(bugprone-macro-parentheses)

/// Return the error of a call that gives no value.
#define EBB_TRY_DO(expression)                               \
  do {                                                       \
    auto ebb_try_status = (expression);                      \
    if (!ebb_try_status.ok()) return ebb_try_status.error(); \
  } while (false)
