#include "ledger/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "ledger/database.h"
#include "ledger/journal.h"
#include "ledger/rows.h"
#include "ledger/schema.h"

namespace ebb::ledger {
namespace {

using base::Done;
using base::Expected;
using base::in_quotes;
using base::Status;

}  // namespace

Ledger::Ledger(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Expected<Ledger> Ledger::open(const std::string& path, Sharing sharing) {
  EBB_TRY(auto database, Database::open(path));
  EBB_TRY_DO(database.run("PRAGMA foreign_keys = ON"));
  EBB_TRY_DO(migrate(database, migrations()));
  EBB_TRY_DO(choose_journal(database, sharing));
  return Ledger(std::make_unique<Database>(std::move(database)));
}

Expected<Ledger> Ledger::in_memory() { return open(":memory:"); }

Status Ledger::put(const RunRow& row) {
  EBB_TRY_DO(check_row(row));
  EBB_TRY(auto transaction, Transaction::begin(*database_));
  EBB_TRY(const auto before, read_row(*database_, row.run_id));
  if (before && before->state == RunState::kFinished) {
    if (*before == row) return Done{};
    return base::usage_error(
        fmt::format("{}: the run {} has finished, and other figures stand there: they are not overwritten; restate it "
                    "with a reason (`ebb runs price`), which keeps them",
                    database_->path(), in_quotes(row.run_id)));
  }
  EBB_TRY_DO(write_row(*database_, row));
  return transaction.commit();
}

Expected<std::vector<RunRow>> Ledger::list(const Filter& filter) { return read_rows(*database_, filter); }

Status Ledger::restate(const RunRow& row, const std::string& reason, time::Instant at) {
  EBB_TRY_DO(check_row(row));
  EBB_TRY(auto transaction, Transaction::begin(*database_));
  EBB_TRY(const auto before, read_row(*database_, row.run_id));
  if (!before) return no_such_run(*database_, row.run_id);
  if (before->state != RunState::kFinished || row.state != RunState::kFinished) {
    return base::usage_error(fmt::format("{}: the run {} is {}, and only figures of a finished run are restated",
                                         database_->path(), in_quotes(row.run_id),
                                         name_of(before->state != RunState::kFinished ? before->state : row.state)));
  }
  if (*before == row) return Done{};
  {
    EBB_TRY(auto query, database_->query("INSERT INTO restatements (run_id, at_ns, reason, old_json, new_json) "
                                         "VALUES (?, ?, ?, ?, ?)"));
    query.bind(row.run_id).bind(std::int64_t{at.time_since_epoch().count()}).bind(reason);
    EBB_TRY_DO(query.bind(json_of(*before)).bind(json_of(row)).run());
  }
  EBB_TRY_DO(write_row(*database_, row));
  return transaction.commit();
}

Expected<std::vector<Restatement>> Ledger::restatements(const std::string& run_id) {
  EBB_TRY(auto query,
          database_->query("SELECT at_ns, reason, old_json, new_json FROM restatements WHERE run_id = ? ORDER BY id"));
  query.bind(run_id);
  std::vector<Restatement> all;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return all;
    Restatement restatement;
    restatement.at = time::Instant(time::Duration(query.integer()));
    restatement.reason = query.text();
    EBB_TRY(restatement.before, parse_run_row(query.text()));
    EBB_TRY(restatement.after, parse_run_row(query.text()));
    all.push_back(std::move(restatement));
  }
}

Expected<std::vector<PastRun>> Ledger::history(const std::string& command, std::size_t limit) {
  // A run that ends before it begins was measured while somebody set the clock back.
  EBB_TRY(auto query, database_->query("SELECT end_ns - begin_ns, energy_j FROM runs WHERE command = ? AND state = "
                                       "'finished' AND exit_code = 0 AND end_ns >= begin_ns "
                                       "ORDER BY begin_ns DESC LIMIT ?"));
  query.bind(command).bind(static_cast<std::int64_t>(std::min<std::size_t>(limit, 1U << 30U)));
  std::vector<PastRun> runs;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return runs;
    const time::Duration duration(query.integer());
    runs.push_back({duration, units::joules(query.real())});
  }
}

Status Ledger::settle() {
  EBB_TRY(const auto busy, database_->number("PRAGMA wal_checkpoint(TRUNCATE)"));
  if (busy != 0) {
    return base::service_error(
        fmt::format("{}: another program is using it: its log stays beside it, copy both", database_->path()));
  }
  return Done{};
}

Status Ledger::check() {
  EBB_TRY(auto query, database_->query("PRAGMA integrity_check(1)"));
  EBB_TRY(const bool found, query.next());
  const std::string said = found ? query.text() : "no answer";
  if (said == "ok") return Done{};
  return database_->damaged(said);
}

}  // namespace ebb::ledger
