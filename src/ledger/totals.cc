#include <fmt/format.h>

#include "ledger/database.h"
#include "ledger/ledger.h"
#include "ledger/selection.h"

namespace ebb::ledger {
namespace {

std::string_view group_of(TotalsBy by) {
  switch (by) {
    case TotalsBy::kProject:
      return "project";
    case TotalsBy::kUser:
      return "user";
    case TotalsBy::kMonth:
      return "strftime('%Y-%m', begin_ns / 1000000000, 'unixepoch')";
    case TotalsBy::kAll:
      break;
  }
  return "''";
}

std::optional<units::Emissions> emissions_of(std::optional<double> grams) {
  return grams ? std::optional(units::grams(*grams)) : std::nullopt;
}

}  // namespace

base::Expected<std::vector<Total>> Ledger::totals(TotalsBy by, const Filter& filter) {
  const Selection selection(filter, false);
  // sum() of no values is NULL: law 4, what no run has is not zero.
  EBB_TRY(auto query, database_->query(
                          fmt::format("SELECT {} AS grouped, signal, source, vintage, count(*), "
                                      "count(*) FILTER (WHERE state = 'finished' AND exit_code <> 0), "
                                      "count(*) FILTER (WHERE state <> 'finished'), sum(energy_j), sum(operational_g), "
                                      "sum(embodied_g), sum(emissions_g), count(*) FILTER (WHERE emissions_g IS NULL) "
                                      "FROM (SELECT * FROM runs{}) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
                                      group_of(by), selection.sql())));
  selection.bind_to(query);
  std::vector<Total> totals;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return totals;
    Total total;
    total.group = query.text();
    total.signal = query.text();
    total.source = query.text();
    total.vintage = query.text();
    total.runs = static_cast<std::size_t>(query.integer());
    total.failed = static_cast<std::size_t>(query.integer());
    total.unfinished = static_cast<std::size_t>(query.integer());
    total.energy = units::joules(query.real());
    total.operational = emissions_of(query.maybe_real());
    total.embodied = emissions_of(query.maybe_real());
    total.emissions = emissions_of(query.maybe_real());
    total.without_emissions = static_cast<std::size_t>(query.integer());
    totals.push_back(std::move(total));
  }
}

}  // namespace ebb::ledger
