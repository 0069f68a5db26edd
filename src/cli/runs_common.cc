#include "cli/runs_common.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "account/load.h"
#include "base/text.h"
#include "cli/common.h"
#include "cli/ledger_rows.h"
#include "measure/alive.h"
#include "report/run_json.h"

namespace ebb::cli {

using report::Json;

const std::vector<Option>& filter_options() {
  static const std::vector<Option> options{
      {"--project", "P", "runs of this project"},
      {"--user", "U", "runs of this user"},
      {"--tag", "K=V", "runs with this tag", true},
      {"--from", "T", "runs that began at or after this time"},
      {"--to", "T", "runs that began before it"},
      {"--state", "S", "running, finished or lost"},
      {"--limit", "N", "the newest N"},
  };
  return options;
}

base::Expected<ledger::Filter> filter_of(const Arguments& arguments, const Context& context) {
  ledger::Filter filter;
  filter.project = arguments.get("--project");
  filter.user = arguments.get("--user");
  for (const auto& tag : arguments.all("--tag")) {
    const auto equals = tag.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return base::usage_error(fmt::format("--tag: {} is not NAME=VALUE", base::in_quotes(tag)));
    }
    filter.tags[tag.substr(0, equals)] = tag.substr(equals + 1);
  }
  EBB_TRY(filter.from, time_option(arguments, "--from", context.clock));
  EBB_TRY(filter.to, time_option(arguments, "--to", context.clock));
  if (const auto state = arguments.get("--state")) {
    filter.state = ledger::parse_run_state(*state);
    if (!filter.state) {
      return base::usage_error(fmt::format("--state: {} is none of running, finished, lost", base::in_quotes(*state)));
    }
  }
  EBB_TRY(const auto limit, number_option(arguments, "--limit", 1.0, 1e9));
  if (limit) filter.limit = static_cast<std::size_t>(*limit);
  return filter;
}

bool lets_through(const ledger::Filter& filter, const ledger::RunRow& row) {
  const auto fits = [](const auto& wanted, const auto& value) { return !wanted || *wanted == value; };
  const bool tagged = std::all_of(filter.tags.begin(), filter.tags.end(), [&](const auto& tag) {
    const auto known = row.tags.find(tag.first);
    return known != row.tags.end() && known->second == tag.second;
  });
  return tagged && fits(filter.project, row.project) && fits(filter.user, row.user) && fits(filter.state, row.state) &&
         fits(filter.parent_run, row.parent_run) && (!filter.from || row.begin >= *filter.from) &&
         (!filter.to || row.begin < *filter.to);
}

base::Expected<LoadedRun> load_run(const std::string& folder, const Arguments& arguments, const Context& context,
                                   bool thorough) {
  EBB_TRY(const auto traces, account::traces_of(folder));
  EBB_TRY(const auto measured, account::load_measured(traces));
  const auto kept = Json::parse(measured.header.options_json, nullptr, false);
  const auto choice = pricing_choice(arguments, context, kept);
  LoadedRun loaded;
  EBB_TRY(loaded.priced, price_run(measured, choice, arguments, context, thorough, measure::is_alive(traces)));
  loaded.document = report::run_json(loaded.priced.record);
  return loaded;
}

base::Expected<Json> document_of(const ledger::RunRow& row, const Arguments& arguments, const Context& context) {
  if (row.state != ledger::RunState::kFinished && !row.trace_folder.empty()) {
    if (auto loaded = load_run(row.trace_folder, arguments, context, false)) return std::move(loaded->document);
  }
  auto document = Json::parse(row.record_json, nullptr, false);
  if (document.is_discarded() || !document.is_object()) {
    return base::bad_data(
        fmt::format("run {}: its record in the ledger is no JSON document; make it anew with ebb runs "
                    "import {}",
                    row.run_id, row.trace_folder));
  }
  return document;
}

base::Expected<std::vector<ledger::RunRow>> runs_beside_ledger(ledger::Ledger& ledger, const std::string& data_folder,
                                                               const Arguments& arguments, const Context& context) {
  std::vector<ledger::RunRow> found;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder + "/runs", problem)) {
    const auto id = entry.path().filename().string();
    const auto known = ledger.find(id);
    if (known && known->run_id == id) continue;
    const auto loaded = load_run(entry.path().string(), arguments, context, false);
    if (!loaded) continue;  // a folder without a readable trace is no run
    found.push_back(row_of(loaded->priced.record, loaded->document, entry.path().string()));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.begin > b.begin; });
  return found;
}

base::Expected<std::vector<ledger::RunRow>> chosen_rows(ledger::Ledger& ledger, const std::string& data_folder,
                                                        const Arguments& arguments, const Context& context) {
  EBB_TRY(auto filter, filter_of(arguments, context));
  const auto limit = filter.limit;
  EBB_TRY(auto rows, ledger.list(filter));
  EBB_TRY(auto beside, runs_beside_ledger(ledger, data_folder, arguments, context));
  for (auto& row : beside) {
    if (lets_through(filter, row)) rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.begin > b.begin; });
  if (limit && rows.size() > *limit) rows.resize(*limit);
  return rows;
}

base::Expected<ledger::RunRow> find_run(ledger::Ledger& ledger, const std::string& data_folder, const std::string& id,
                                        const Arguments& arguments, const Context& context) {
  auto known = ledger.find(id);
  if (known) return known;
  // One that was killed before it reached the ledger still has its trace.
  EBB_TRY(auto beside, runs_beside_ledger(ledger, data_folder, arguments, context));
  std::vector<ledger::RunRow> fits;
  std::copy_if(beside.begin(), beside.end(), std::back_inserter(fits),
               [&](const auto& row) { return row.run_id.starts_with(id); });
  if (fits.size() == 1) return fits.front();
  return known.error();
}

}  // namespace ebb::cli
