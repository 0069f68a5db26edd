#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "ledger/database.h"
#include "ledger/ledger.h"
#include "ledger/rows.h"

namespace ebb::ledger {
namespace {

using base::Expected;
using base::in_quotes;

constexpr std::size_t kMostNamed = 5;

Expected<std::vector<std::string>> ids(Database& database, std::string_view condition, const std::string& from,
                                       const std::string& to) {
  EBB_TRY(auto query, database.query(fmt::format("SELECT run_id FROM runs WHERE {} ORDER BY run_id", condition)));
  if (!from.empty()) query.bind(from).bind(to);
  std::vector<std::string> found;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return found;
    found.push_back(query.text());
  }
}

/// The first text, in the order of bytes, behind all that begin with `prefix`.
std::string behind(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNamed); ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kMostNamed ? fmt::format("{} and {} more", text, names.size() - kMostNamed) : text;
}

}  // namespace

base::Error no_such_run(Database& database, const std::string& run_id) {
  const auto all = ids(database, "1", "", "");
  if (!all) return all.error();
  const std::string what = fmt::format("{}: has no run {}", database.path(), in_quotes(run_id));
  if (all->empty()) return base::no_data(what + ": it is empty");
  const auto near = base::nearest_names(run_id, *all, kMostNamed);
  if (near.empty()) return base::no_data(what + ": `ebb runs list` shows those it has");
  return base::no_data(fmt::format("{}; nearest: {}", what, listed(near)));
}

Expected<RunRow> Ledger::find(const std::string& id_or_prefix) {
  if (id_or_prefix.empty()) return base::usage_error("an empty run id names no run: `ebb runs list` shows them");
  EBB_TRY(auto exact, read_row(*database_, id_or_prefix));
  if (exact) return *std::move(exact);
  EBB_TRY(const auto found, ids(*database_, "run_id >= ? AND run_id < ?", id_or_prefix, behind(id_or_prefix)));
  if (found.empty()) return no_such_run(*database_, id_or_prefix);
  if (found.size() > 1) {
    return base::usage_error(fmt::format("{} runs begin with {}: give more of the id. They are {}", found.size(),
                                         in_quotes(id_or_prefix), listed(found)));
  }
  EBB_TRY(auto row, read_row(*database_, found.front()));
  if (!row) return no_such_run(*database_, id_or_prefix);
  return *std::move(row);
}

}  // namespace ebb::ledger
