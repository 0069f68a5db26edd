#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "ledger/rows.h"
#include "time/calendar.h"

namespace ebb::ledger {
namespace {

bool is_finite(const std::optional<units::Emissions>& emissions) {
  return !emissions || std::isfinite(units::in_grams(*emissions));
}
/// RFC 3339, as json_of() writes it, reads back.
bool is_printable(time::Instant instant) {
  return instant >= time::midnight(1900, 1, 1) && instant < time::midnight(2151, 1, 1);
}

}  // namespace

base::Status check_row(const RunRow& row) {
  if (row.run_id.empty()) return base::bad_data("a run without a run_id cannot be put into the ledger");
  const auto refuse = [&](std::string_view why) {
    return base::bad_data(fmt::format("run {} cannot be put into the ledger: {}", base::in_quotes(row.run_id), why));
  };
  if (!std::isfinite(units::in_joules(row.energy))) return refuse("its energy is not finite");
  if (!is_finite(row.operational) || !is_finite(row.embodied) || !is_finite(row.emissions)) {
    return refuse("its emissions are not finite");
  }
  if (!is_printable(row.begin) || (row.end && !is_printable(*row.end))) {
    return refuse("its begin or end is not within the years 1900 to 2150");
  }
  if (row.state == RunState::kFinished && !row.end) return refuse("it has finished, but has no end");
  if (row.node_count < 0) return refuse("it has run on less than no node");
  return base::Done{};
}

}  // namespace ebb::ledger
