#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/database.h"
#include "ledger/ledger.h"

namespace ebb::ledger {

/// The runs of a filter as SQL: a condition on `runs`, and order and limit where there is a limit or the order is asked
/// for; and its parameters in order.
class Selection {
 public:
  Selection(const Filter& filter, bool in_order);
  [[nodiscard]] const std::string& sql() const { return sql_; }
  void bind_to(Query& query) const;

 private:
  struct Parameter {
    std::optional<std::string> text;
    std::int64_t number = 0;
  };
  void require(const std::string& condition) { sql_ += (sql_.empty() ? " WHERE " : " AND ") + condition; }
  void add(const std::string& text) { parameters_.push_back({text, 0}); }
  void add(std::int64_t number) { parameters_.push_back({std::nullopt, number}); }

  std::string sql_;
  std::vector<Parameter> parameters_;
};

}  // namespace ebb::ledger
