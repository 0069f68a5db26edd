#include "ledger/rows.h"

#include <fmt/format.h>

#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "ledger/selection.h"

namespace ebb::ledger {
namespace {

using base::Done;
using base::Expected;
using base::Status;

constexpr std::string_view kColumns =
    "run_id, state, project, user, node_count, parent_run, begin_ns, end_ns, exit_code, energy_j, operational_g, "
    "embodied_g, emissions_g, zone, signal, source, vintage, trace_folder, command";

std::int64_t nanoseconds_of(time::Instant instant) { return instant.time_since_epoch().count(); }
time::Instant instant_of(std::int64_t nanoseconds) { return time::Instant(time::Duration(nanoseconds)); }

std::optional<double> grams_of(const std::optional<units::Emissions>& emissions) {
  return emissions ? std::optional(units::in_grams(*emissions)) : std::nullopt;
}
std::optional<units::Emissions> emissions_of(std::optional<double> grams) {
  return grams ? std::optional(units::grams(*grams)) : std::nullopt;
}

Status read_tags(Database& database, std::int64_t id, RunRow& row) {
  EBB_TRY(auto query, database.query("SELECT key, value FROM run_tags WHERE id = ?"));
  query.bind(id);
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return Done{};
    auto key = query.text();
    row.tags[std::move(key)] = query.text();
  }
}

/// The columns of kColumns, the document, the id; and the tags.
Expected<RunRow> row_from(Database& database, Query& query) {
  RunRow row;
  row.run_id = query.text();
  row.state = parse_run_state(query.text()).value_or(RunState::kLost);
  row.project = query.text();
  row.user = query.text();
  row.node_count = static_cast<int>(query.integer());
  row.parent_run = query.text();
  row.begin = instant_of(query.integer());
  if (const auto end = query.maybe_integer()) row.end = instant_of(*end);
  if (const auto code = query.maybe_integer()) row.exit_code = static_cast<int>(*code);
  row.energy = units::joules(query.real());
  row.operational = emissions_of(query.maybe_real());
  row.embodied = emissions_of(query.maybe_real());
  row.emissions = emissions_of(query.maybe_real());
  row.zone = query.text();
  row.signal = query.text();
  row.source = query.text();
  row.vintage = query.text();
  row.trace_folder = query.text();
  row.command = query.text();
  row.record_json = query.text();
  EBB_TRY_DO(read_tags(database, query.integer(), row));
  return row;
}

Status write_tags(Database& database, std::int64_t id, const RunRow& row) {
  {
    EBB_TRY(auto query, database.query("DELETE FROM run_tags WHERE id = ?"));
    EBB_TRY_DO(query.bind(id).run());
  }
  for (const auto& [key, value] : row.tags) {
    EBB_TRY(auto query, database.query("INSERT INTO run_tags (id, key, value) VALUES (?, ?, ?)"));
    EBB_TRY_DO(query.bind(id).bind(key).bind(value).run());
  }
  return Done{};
}

const std::string& select_rows() {
  static const std::string sql =
      fmt::format("SELECT {}, (SELECT json FROM records r WHERE r.id = runs.id), id FROM runs", kColumns);
  return sql;
}

/// "INSERT ... ON CONFLICT DO UPDATE": the run's row stays the same one, so that its restatements stay its own.
const std::string& upsert_row() {
  static const std::string sql = [] {
    std::string marks;
    std::string updates;
    for (const auto column : base::split(kColumns, ',')) {
      const auto name = base::trimmed(column);
      marks += marks.empty() ? "?" : ", ?";
      if (name != "run_id") updates += fmt::format("{}{} = excluded.{}", updates.empty() ? "" : ", ", name, name);
    }
    return fmt::format("INSERT INTO runs ({}) VALUES ({}) ON CONFLICT (run_id) DO UPDATE SET {} RETURNING id", kColumns,
                       marks, updates);
  }();
  return sql;
}

/// The row's id.
Expected<std::int64_t> write_columns(Database& database, const RunRow& row) {
  EBB_TRY(auto query, database.query(upsert_row()));
  query.bind(row.run_id).bind(name_of(row.state)).bind(row.project).bind(row.user).bind(row.node_count);
  query.bind(row.parent_run).bind(nanoseconds_of(row.begin));
  query.bind(row.end ? std::optional(nanoseconds_of(*row.end)) : std::nullopt).bind(row.exit_code);
  query.bind(units::in_joules(row.energy));
  query.bind(grams_of(row.operational)).bind(grams_of(row.embodied)).bind(grams_of(row.emissions));
  query.bind(row.zone).bind(row.signal).bind(row.source).bind(row.vintage).bind(row.trace_folder).bind(row.command);
  EBB_TRY(const bool told, query.next());
  CHECK(told);
  const auto id = query.integer();
  EBB_TRY_DO(query.run());
  return id;
}

}  // namespace

Expected<std::optional<RunRow>> read_row(Database& database, const std::string& run_id) {
  EBB_TRY(auto query, database.query(select_rows() + " WHERE run_id = ?"));
  query.bind(run_id);
  EBB_TRY(const bool found, query.next());
  if (!found) return std::optional<RunRow>();
  EBB_TRY(auto row, row_from(database, query));
  return std::optional(std::move(row));
}

Status write_row(Database& database, const RunRow& row) {
  EBB_TRY(const auto id, write_columns(database, row));
  EBB_TRY_DO(write_tags(database, id, row));
  EBB_TRY(auto query, database.query("INSERT INTO records (id, json) VALUES (?, ?) "
                                     "ON CONFLICT (id) DO UPDATE SET json = excluded.json"));
  return query.bind(id).bind(row.record_json).run();
}

Expected<std::vector<RunRow>> read_rows(Database& database, const Filter& filter) {
  const Selection selection(filter, true);
  EBB_TRY(auto query, database.query(select_rows() + selection.sql()));
  selection.bind_to(query);
  std::vector<RunRow> rows;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return rows;
    EBB_TRY(auto row, row_from(database, query));
    rows.push_back(std::move(row));
  }
}

}  // namespace ebb::ledger
