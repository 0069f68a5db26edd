#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "imports/readers.h"
#include "imports/run_id.h"
#include "imports/sacct_job.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

struct Jobs {
  std::vector<SacctJob> jobs;
  std::size_t steps = 0;
  std::string energy_column;
};

/// Steps come behind their job; a job that was queued again has a row for each time.
base::Expected<Jobs> read_jobs(std::string_view text, const std::string& name, const LocalZone& zone) {
  // With -p instead of -P every line ends with a separator: the header then has an empty last column, as every row.
  EBB_TRY(auto table, TextTable::open(text, name, '|'));
  if (const auto status = check_sacct_header(table); !status) return status.error().in(name);
  Jobs read;
  read.energy_column = table.has("ConsumedEnergyRaw") ? "ConsumedEnergyRaw" : "ConsumedEnergy";
  std::unordered_map<std::string, std::size_t> latest;
  while (true) {
    EBB_TRY(auto line, table.next());
    if (!line) return read;
    const auto where = fmt::format("{}:{}", name, line->number);
    auto row = read_sacct_row(table, *line, zone);
    if (!row) return row.error().in(where);
    if (row->step.empty()) {
      latest[row->job] = read.jobs.size();
      read.jobs.push_back({*std::move(row), {}});
      continue;
    }
    const auto job = latest.find(row->job);
    if (job == latest.end()) {
      return base::bad_data(fmt::format("{}: the step {}.{} comes without the row of its job: ask sacct for the job",
                                        where, base::in_quotes(row->job), row->step.substr(0, 40)));
    }
    ++read.steps;
    read.jobs[job->second].steps.push_back(*std::move(row));
  }
}

/// Jobs that sacct listed for the same nodes at the same time.
std::size_t count_shared(const std::vector<account::Measured>& runs) {
  std::vector<std::pair<std::string, time::Interval>> held;
  held.reserve(runs.size());
  for (const auto& run : runs) held.emplace_back(run.components.front().node, run.when());
  std::sort(held.begin(), held.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second.begin) < std::tie(b.first, b.second.begin);
  });
  std::size_t shared = 0;
  for (std::size_t i = 1; i < held.size(); ++i) {
    if (held[i].first != held[i - 1].first) continue;
    shared += held[i].second.begin < held[i - 1].second.end ? 1 : 0;
    held[i].second.end = std::max(held[i].second.end, held[i - 1].second.end);
  }
  return shared;
}

class Importer {
 public:
  Importer(const std::string& name, const ImportOptions& options) : name_(name), options_(options), builder_(name) {}

  base::Status add(const SacctJob& job) {
    const auto where = fmt::format("{}:{}", name_, job.row.line);
    const auto when = time_of(job.row);
    if (!when) return when.error().in(where);
    if (!*when) {
      ++not_begun_;
      return base::Done{};
    }
    const auto energy = energy_of(job);
    if (!energy) {
      if (unknown_++ < 3) unknown_names_ += (unknown_names_.empty() ? "" : ", ") + clean_text(job.row.job, 40);
      return base::Done{};
    }
    auto draft = draft_job(job, **when, *energy, header_of(Format::kSlurmSacct, name_, options_), node_of(options_));
    // A job that was queued again has one id in Slurm and several runs.
    if (!ids_.insert(draft.header.run_id).second) {
      draft.header.run_id = run_id_of_text(draft.header.run_id.substr(0, 60), (*when)->begin, job.row.job);
      if (!ids_.insert(draft.header.run_id).second) return base::bad_data(where + ": the same job comes twice");
    }
    EBB_TRY(draft.header.run_id, chosen_run_id(options_, draft.header.run_id));
    twice_ += energy->high_factor > 1.0 ? 1 : 0;
    EBB_TRY(auto run, builder_.build(draft));
    runs.push_back(std::move(run));
    return base::Done{};
  }

  void warn(std::vector<std::string>& warnings) const {
    if (unknown_ > 0) {
      warnings.push_back(
          fmt::format("{} jobs have no known energy ({}{}): left out, as 0 J would be wrong. Does the "
                      "cluster have AcctGatherEnergyType?",
                      unknown_, unknown_names_, unknown_ > 3 ? ", ..." : ""));
    }
    if (not_begun_ > 0) warnings.push_back(fmt::format("{} jobs have not begun: left out", not_begun_));
    if (twice_ > 0) {
      warnings.push_back(
          fmt::format("of {} jobs Slurm's figure counts steps that ran at the same time twice: theirs is "
                      "that of one step",
                      twice_));
    }
    if (const auto shared = count_shared(runs); shared > 0) {
      warnings.push_back(
          fmt::format("{} jobs began while another of this file had the same nodes: the energy of those "
                      "nodes is in both, so their sum counts it twice",
                      shared));
    }
  }

  std::vector<account::Measured> runs;

 private:
  const std::string& name_;
  const ImportOptions& options_;
  RunBuilder builder_;
  std::set<std::string> ids_;
  std::string unknown_names_;
  std::size_t unknown_ = 0;
  std::size_t not_begun_ = 0;
  std::size_t twice_ = 0;
};

}  // namespace

base::Expected<Imported> import_sacct(std::string_view text, const std::string& name, const ImportOptions& options) {
  EBB_TRY(const auto zone, LocalZone::from_option(options.time_zone));
  EBB_TRY(const auto read, read_jobs(text, name, zone));
  if (read.jobs.size() > 1 && !options.run_id.empty()) {
    return base::usage_error(
        fmt::format("--run-id: {} holds {} jobs, which have ids of their own", name, read.jobs.size()));
  }
  Importer importer(name, options);
  for (const auto& job : read.jobs) EBB_TRY_DO(importer.add(job));
  Imported imported;
  importer.warn(imported.warnings);
  imported.runs = std::move(importer.runs);
  imported.understood = {
      fmt::format("Start, End: {}; where End is not known: Start + Elapsed",
                  zone.name().empty() ? "with a zone of their own" : "local time of " + zone.name()),
      fmt::format("{}: joules of whole nodes; empty, 0 and Slurm's number for no value are not known",
                  read.energy_column),
      fmt::format("{} jobs with {} steps are {} runs", read.jobs.size(), read.steps, imported.runs.size())};
  return imported;
}

}  // namespace ebb::imports
