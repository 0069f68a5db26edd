#include <fmt/format.h>

#include "base/text.h"
#include "formats/csv_readers.h"
#include "formats/csv_table.h"
#include "formats/row_times.h"
#include "formats/settle.h"

namespace ebb::formats {
namespace {

base::Status ask_for_what_is_missing(const std::string& name, const std::string& header, const Options& options) {
  std::vector<std::string_view> missing;
  if (options.time_column.empty()) missing.emplace_back("--time-column NAME");
  if (options.value_column.empty()) missing.emplace_back("--value-column NAME");
  if (!options.unit) missing.emplace_back("--unit");
  if (options.zones.size() != 1) missing.emplace_back("--zone");
  if (!options.signal) missing.emplace_back("--signal");
  if (missing.empty()) return base::Done{};
  return base::bad_data(fmt::format("{}: the header {} is of no known format; to read it as a CSV say {}", name,
                                    base::in_quotes(header), fmt::join(missing, ", ")));
}

base::Expected<std::size_t> column_of(const CsvTable& table, const std::string& wanted, std::string_view option) {
  if (const auto found = table.column(wanted)) return *found;
  return base::bad_data(fmt::format("{}:1: there is no column {} ({}); the columns are {}", table.name(),
                                    base::in_quotes(wanted), option,
                                    fmt::format("{}", fmt::join(table.columns(), ", ")).substr(0, 300)));
}

}  // namespace

base::Expected<Drafts> draft_named_columns(std::string_view text, const std::string& name, const Options& options) {
  EBB_TRY_DO(ask_for_what_is_missing(name, std::string(first_line(text)), options));
  EBB_TRY(auto table, CsvTable::open(text, name));
  EBB_TRY(const auto time_column, column_of(table, options.time_column, "--time-column"));
  EBB_TRY(const auto value_column, column_of(table, options.value_column, "--value-column"));
  Draft draft;
  draft.provenance = {options.zones.front(), *options.signal, "", "", {}};
  draft.unit = options.unit->name;
  draft.name = name;
  RowTimes times;
  std::optional<bool> is_zoned;
  for (;;) {
    EBB_TRY(const bool more, table.next());
    if (!more) break;
    const auto shown = times.read(table[time_column]);
    if (!shown) return table.error(shown.error().message);
    if (is_zoned.value_or(shown->is_zoned) != shown->is_zoned) {
      return table.error("the time of this row has a zone and others have none, or the other way round");
    }
    is_zoned = shown->is_zoned;
    EBB_TRY(const double value, table.intensity(value_column, options.unit->grams_per_kwh_of_one));
    draft.points.push_back({shown->at, value, table.line(), 0});
  }
  if (draft.points.empty()) return base::bad_data(fmt::format("{}: there are no rows behind the header", name));
  if (!*is_zoned) EBB_TRY_DO(local_times(draft, options));
  Drafts out;
  out.drafts.push_back(std::move(draft));
  return out;
}

base::Error refuse_openstudio(std::string_view text, const std::string& name) {
  std::size_t negatives = 0;
  if (auto table = CsvTable::open(text, name)) {
    for (auto more = table->next(); more.ok() && *more; more = table->next()) {
      for (std::size_t i = 1; i < table->columns().size(); ++i) negatives += (*table)[i].starts_with('-') ? 1 : 0;
    }
  }
  return base::bad_data(fmt::format(
      "{}:1: the table has hour numbers instead of dates, and does not say its year, time zone, unit or "
      "signal{}: none of it is guessed. Write a CSV with a column of times and one of values, and read it with "
      "--time-column, --value-column, --time-zone, --unit, --signal and --zone",
      name, negatives == 0 ? "" : fmt::format("; {} of its values are negative", negatives)));
}

}  // namespace ebb::formats
