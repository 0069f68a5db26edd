#include "report/run_campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"
#include "report/run_nesting.h"
#include "report/run_read.h"
#include "time/text.h"

namespace ebb::report {
namespace {

using account::RunRecord;

bool same_line(const CampaignLine& line, carbon::BookKind kind, const account::BookTotal& book) {
  return line.book == kind && line.signal == book.signal && line.source == book.source && line.vintage == book.vintage;
}

void add_interval(CampaignLine& line, const RunRecord& record, carbon::BookKind kind) {
  const auto& one = record.emissions_interval;
  const bool known =
      record.book == kind && one && (line.runs == 1 || (line.interval && line.interval->level == one->level));
  if (!known) {
    line.interval = std::nullopt;
    return;
  }
  if (line.runs == 1) line.interval = carbon::Uncertain<units::Emissions>{{}, {}, {}, one->level};
  line.interval->low += one->low;
  line.interval->value += one->value;
  line.interval->high += one->high;
}

/// Adds the runs one by one.
class Summer {
 public:
  void add(const RunRecord& record) {
    auto& run = totals_.runs.emplace_back();
    run.name = record.run_id;
    run.kind = class_of(record);
    totals_.all.add(record);
    totals_.by_class[static_cast<std::size_t>(run.kind)].add(record);
    auto& user = group(totals_.by_user, record.user.empty() ? "unknown" : record.user);
    auto& month = group(totals_.by_month, time::text_of(record.when.begin).substr(0, 7));
    for (auto* of : {&run, &user, &month}) of->sum.add(record);
    add_book(record, carbon::BookKind::kAttributional, record.attributional, {&run, &user, &month});
    add_book(record, carbon::BookKind::kConsequential, record.consequential, {&run, &user, &month});
    if (!record.attributional && !record.consequential) {
      totals_.without_emissions.push_back(record.run_id);
      for (auto* of : {&run, &user, &month}) ++of->without_emissions;
    }
    if (record.embodied_parts.empty()) totals_.without_embodied.push_back(record.run_id);
    for (const auto& node : record.missing_nodes) totals_.missing_nodes.push_back(record.run_id + ": " + node);
    add_quality(record);
    auto& when = totals_.when;
    when = when ? time::Interval{std::min(when->begin, record.when.begin), std::max(when->end, record.when.end)}
                : record.when;
  }

  CampaignTotals finish() && {
    auto& quality = totals_.energy_quality;
    const double joules = units::in_joules(totals_.all.energy.value);
    for (auto* share : {&quality.measured, &quality.modelled, &quality.filled})
      *share = joules > 0.0 ? *share / joules : 0.0;
    const double seconds = units::in_seconds(totals_.all.length);
    totals_.coverage = seconds > 0.0 ? covered_seconds_ / seconds : 0.0;
    const auto by_name = [](const CampaignGroup& a, const CampaignGroup& b) { return a.name < b.name; };
    std::sort(totals_.by_user.begin(), totals_.by_user.end(), by_name);
    std::sort(totals_.by_month.begin(), totals_.by_month.end(), by_name);
    for (auto* groups : {&totals_.by_user, &totals_.by_month, &totals_.runs}) {
      for (auto& of : *groups) of.emissions.resize(totals_.lines.size());
    }
    return std::move(totals_);
  }

 private:
  static CampaignGroup& group(std::vector<CampaignGroup>& groups, const std::string& name) {
    const auto found = std::find_if(groups.begin(), groups.end(), [&name](const auto& of) { return of.name == name; });
    if (found != groups.end()) return *found;
    auto& made = groups.emplace_back();
    made.name = name;
    return made;
  }

  std::size_t line_of(carbon::BookKind kind, const account::BookTotal& book) {
    auto& lines = totals_.lines;
    const auto found =
        std::find_if(lines.begin(), lines.end(), [&](const CampaignLine& line) { return same_line(line, kind, book); });
    if (found != lines.end()) return static_cast<std::size_t>(found - lines.begin());
    auto& made = lines.emplace_back();
    made.book = kind;
    made.signal = book.signal;
    made.source = book.source;
    made.vintage = book.vintage;
    return lines.size() - 1;
  }

  void add_book(const RunRecord& record, carbon::BookKind kind, const std::optional<account::BookTotal>& book,
                const std::vector<CampaignGroup*>& groups) {
    if (!book) return;
    const auto index = line_of(kind, *book);
    auto& line = totals_.lines[index];
    ++line.runs;
    line.length += time::as_quantity(record.when.length());
    line.energy += record.energy;
    line.operational += book->operational;
    line.embodied += record.embodied;
    line.emissions += book->emissions;
    line.by_class[static_cast<std::size_t>(class_of(record))] += book->emissions;
    add_interval(line, record, kind);
    if (std::find(line.zones.begin(), line.zones.end(), book->zone) == line.zones.end())
      line.zones.push_back(book->zone);
    for (auto* of : groups) {
      if (of->emissions.size() <= index) of->emissions.resize(index + 1);
      auto& sum = of->emissions[index];
      sum = sum.value_or(units::Emissions{}) + book->emissions;
    }
  }

  void add_quality(const RunRecord& record) {
    const double joules = units::in_joules(record.energy);
    totals_.energy_quality.measured += joules * record.energy_quality.measured;
    totals_.energy_quality.modelled += joules * record.energy_quality.modelled;
    totals_.energy_quality.filled += joules * record.energy_quality.filled;
    covered_seconds_ += record.coverage * time::in_seconds(record.when.length());
  }

  CampaignTotals totals_;
  double covered_seconds_ = 0.0;
};

/// R as the runs that are done give it; nothing, with a warning, where they name no unit or several.
std::optional<Functional> functional_of(const std::vector<RunRecord>& records, std::vector<std::string>& warnings) {
  Functional sum;
  for (const auto& record : records) {
    if (class_of(record) != RunClass::kDone) continue;
    if (!sum.unit.empty() && sum.unit != record.functional_unit) {
      warnings.push_back("R: the runs name several functional units, so there is no SCI; give one");
      return std::nullopt;
    }
    sum.unit = record.functional_unit;
    sum.count += record.functional_count;
  }
  if (sum.count > 0.0 && std::isfinite(sum.count)) return sum;
  warnings.push_back("R: no run is done, so nothing was delivered to divide by");
  return std::nullopt;
}

/// The SCI of each line that has every run; a part of the runs over all of R would be too low.
void add_per_unit(CampaignTotals& totals) {
  for (auto& line : totals.lines) {
    const bool whole = line.runs == totals.all.runs;
    if (whole && totals.functional) line.per_unit = line.emissions / totals.functional->count;
    if (whole) continue;
    totals.warnings.push_back(fmt::format("{} of {} runs have no figure of {}{}: that line's sum is not the project's",
                                          totals.all.runs - line.runs, totals.all.runs, series::text_of(line.signal),
                                          line.source.empty() ? "" : ", " + line.source));
  }
}

base::Expected<std::vector<RunRecord>> read_all(const std::vector<Json>& documents) {
  std::vector<RunRecord> records;
  std::map<std::string, std::size_t> seen;
  for (const auto& document : documents) {
    EBB_TRY(auto record, read_run(document));
    if (!seen.emplace(record.run_id, records.size()).second) {
      return base::bad_data(
          fmt::format("run {} comes twice: it would be counted twice", base::in_quotes(record.run_id)));
    }
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace

void EnergySum::add(const RunRecord& record) {
  ++runs;
  length += time::as_quantity(record.when.length());
  energy.low += record.energy_interval.low;
  energy.value += record.energy;
  energy.high += record.energy_interval.high;
  // One level for the sum: the least that all of its parts reach.
  energy.level = runs == 1 ? record.energy_interval.level : std::min(energy.level, record.energy_interval.level);
  embodied += record.embodied;
}

base::Expected<CampaignTotals> campaign(const std::vector<Json>& run_records,
                                        const std::optional<Functional>& functional) {
  if (functional &&
      (!std::isfinite(functional->count) || functional->count <= 0.0 || base::trimmed(functional->unit).empty())) {
    return base::usage_error("the project's functional unit needs a name and a number above 0");
  }
  EBB_TRY(const auto records, read_all(run_records));
  const RunNesting nesting(records);
  Summer summer;
  std::vector<std::string> nested;
  std::vector<RunRecord> counted;
  for (const auto& record : records) {
    if (nesting.is_inside(record)) {
      nested.push_back(record.run_id);
    } else {
      summer.add(record);
      counted.push_back(record);
    }
  }
  auto totals = std::move(summer).finish();
  totals.nested = std::move(nested);
  totals.functional = functional ? functional : functional_of(counted, totals.warnings);
  add_per_unit(totals);
  return totals;
}

}  // namespace ebb::report
