#include "cli/ledger_rows.h"

#include "base/file.h"
#include "base/text.h"

namespace ebb::cli {

ledger::RunRow row_of(const account::RunRecord& record, const report::Json& document, const std::string& trace_folder) {
  ledger::RunRow row;
  row.run_id = record.run_id;
  row.project = record.project;
  row.user = record.user;
  row.node_count = static_cast<int>(record.nodes.size());
  row.command = base::shell_text(record.command);
  row.tags = record.tags;
  row.parent_run = record.parent_run;
  row.begin = record.when.begin;
  if (record.state != "running") row.end = record.when.end;
  row.exit_code = record.exit_code;
  row.energy = record.energy;
  if (const auto* own = record.own_book()) {
    row.operational = own->operational;
    row.embodied = record.embodied;
    row.emissions = own->emissions;
    row.zone = own->zone;
    row.signal = series::text_of(own->signal);
    row.source = own->source;
    row.vintage = own->vintage;
  }
  row.record_json = report::dump(document);
  row.trace_folder = trace_folder;
  row.state = ledger::parse_run_state(record.state).value_or(ledger::RunState::kLost);
  return row;
}

base::Expected<ledger::Ledger> open_ledger(const std::string& data_folder) {
  EBB_TRY_DO(base::make_folder(data_folder));
  return ledger::Ledger::open(data_folder + "/ledger.db");
}

}  // namespace ebb::cli
