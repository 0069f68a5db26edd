#include <fmt/format.h>

#include <algorithm>

#include "account/price.h"
#include "account/what_if.h"
#include "cli/common.h"
#include "cli/estimate_cover.h"
#include "cli/estimate_elsewhere.h"
#include "cli/estimate_job.h"
#include "cli/estimate_setting.h"
#include "grid/covering.h"
#include "report/estimate_report.h"

namespace ebb::cli {
namespace {

using std::chrono::hours;

constexpr auto kLongestForLater = hours(24 * 7);  // later starts are only looked at for jobs of a week

/// The energies of a job whose every part draws its mean power all the time. At any time: all of it in one slot, as the
/// series that prices it is constant.
account::Measured measured_of(const JobHardware& job, const When& when, const Context& context) {
  account::Measured measured;
  measured.header.run_id = "estimate";
  measured.header.command = {context.command_line};
  measured.header.version = EBB_VERSION;
  const auto interval = when.interval();
  measured.nodes.push_back({"", interval, 0});
  for (const auto& part : job.parts) {
    account::Measured::ComponentSum sum;
    const auto ratio = [&](units::Power end) {
      return units::in_watts(part.power.value) > 0.0 ? units::as_number(end / part.power.value) : 1.0;
    };
    sum.component = {
        part.name,  part.kind, part.device, "", "modelled:estimate", ratio(part.power.low), ratio(part.power.high),
        part.source};
    sum.job = part.power.value * time::as_quantity(when.length);
    sum.covered = when.length;
    auto slot = std::chrono::floor<std::chrono::seconds>(interval.begin).time_since_epoch() / account::kSlot;
    if (account::slot_begin(slot) > interval.begin) --slot;  // before 1970 division rounds up
    if (!when.start) sum.by_slot[slot] = sum.job;
    for (; when.start && account::slot_begin(slot) < interval.end; ++slot) {
      const auto from = std::max(interval.begin, account::slot_begin(slot));
      const auto to = std::min(interval.end, account::slot_begin(slot + 1));
      sum.by_slot[slot] = part.power.value * time::as_quantity(to - from);
    }
    measured.components.push_back(std::move(sum));
  }
  return measured;
}

/// price() knows the intervals of energy and intensity; the ranges of PUE and embodied emissions come on top.
void widen(account::RunRecord& record, const PueRange& pue, const JobHardware& job) {
  if (!record.intensity_interval || !record.emissions_interval) return;
  const carbon::Uncertain<units::Ratio> building{units::Ratio(pue.low), units::Ratio(pue.value),
                                                 units::Ratio(pue.high)};
  const auto all = record.energy_interval * *record.intensity_interval * building + job.embodied_interval;
  record.pue_interval = building;
  record.embodied_interval = job.embodied_interval;
  auto& interval = *record.emissions_interval;
  const double value_g = units::in_grams(interval.value);  // the ends hold it, however sums are rounded
  interval.low = units::grams(std::min(units::in_grams(all.low), value_g));
  interval.high = units::grams(std::max(units::in_grams(all.high), value_g));
}

base::Expected<account::Pricing> pricing_of(const Arguments& arguments, const JobHardware& job, const PueRange& pue) {
  account::Pricing pricing;
  pricing.pue = pue.value;
  pricing.pue_source = pue.source;
  pricing.embodied = job.embodied;
  pricing.functional_unit = arguments.get("--per").value_or("job");
  EBB_TRY(const auto count, number_option(arguments, "--count", 1e-9, 1e18));
  pricing.functional_count = count.value_or(1.0);
  EBB_TRY(const auto signal, signal_option(arguments));
  if (signal) {
    pricing.book =
        *signal == series::SignalKind::kMarginal ? carbon::BookKind::kConsequential : carbon::BookKind::kAttributional;
  }
  return pricing;
}

void take_cover(const grid::Cover& cover, account::Pricing& pricing) {
  pricing.attributional = cover.average;
  pricing.consequential = cover.marginal;
  const bool marginal = pricing.book ? *pricing.book == carbon::BookKind::kConsequential : cover.marginal.has_value();
  pricing.intensity_factors = marginal ? cover.marginal_factors : cover.average_factors;
}

/// What an estimate has no answer to: run_json would say of these that they were not recorded.
void add_lines_for_nulls(const When& when, account::RunRecord& record) {
  record.exit_code.reset();
  record.nodes.clear();
  record.warnings.emplace_back("exit_code: nothing was run, this is an estimate");
  record.warnings.emplace_back("power: an estimate has no readings over time");
  record.warnings.emplace_back("machine: only what was named is known");
  if (when.start) return;
  record.slots.clear();
  record.warnings.emplace_back("begin: no start was given (--start), so the figures are means over a year of starts");
}

base::Expected<int> run_estimate(const Arguments& arguments, const Context& context) {
  EBB_TRY(const auto when, when_of(arguments, context));
  EBB_TRY(const auto place, place_of(arguments, context));
  EBB_TRY(const auto job, hardware_of(arguments, when.length));
  EBB_TRY(const auto pue, pue_of(arguments, place, job.provider));
  EBB_TRY(auto pricing, pricing_of(arguments, job, pue));
  EBB_TRY(const auto cover, cover_of(arguments, context, place, when));
  take_cover(cover, pricing);
  report::EstimateView view;
  EBB_TRY(view.record, account::price(measured_of(job, when, context), pricing));
  auto& record = view.record;
  if (record.zone.empty()) record.zone = place.zone;
  widen(record, pue, job);
  const auto* own = record.own_book();
  if (own != nullptr && when.start && when.length <= kLongestForLater) {
    const auto& series =
        record.book == carbon::BookKind::kConsequential ? pricing.consequential : pricing.attributional;
    record.what_if = account::what_ifs(record, *series, {});
  }
  for (const auto* more : {&cover.warnings, &job.warnings}) {
    record.warnings.insert(record.warnings.end(), more->begin(), more->end());
  }
  print_warnings(record.warnings, arguments, context);
  add_lines_for_nulls(when, record);
  view.at_any_time = !when.start;
  view.place = place.region.empty() ? place.zone : place.region;
  view.hardware = job.description;
  if (!place.zone.empty()) view.elsewhere = elsewhere_of(record, place, when.year);
  if (arguments.has("--json")) {
    context.out(report::dump(report::estimate_json(view), 1) + "\n");
  } else {
    context.out(report::estimate_text(view, wants_colour(arguments, context)));
  }
  return 0;
}

std::vector<Option> all_options() {
  std::vector<Option> options = hardware_options();
  const std::vector<Option> more{
      {"--hours", "H", "how long the job runs: 6, 0.5, 1h30m"},
      {"--duration", "D", "the same as a duration: 90s, 20m, 6h, 8d, PT6H"},
      {"--region", "R", "where: a cloud region (aws:us-east-1, westus) or a grid zone (FR); else $EBB_ZONE"},
      {"--zone", "Z", "the same as --region"},
      {"--series", "FILE", "intensities of your own: canonical CSV; once for each book", true},
      {"--start", "TIME", "when it begins, RFC 3339 with a zone, or now; default the mean over a year of starts"},
      {"--signal", "KIND", "book of the headline: marginal or average; default marginal where there is one"},
      {"--pue", "N", "power usage effectiveness, or a provider; default that of the region's or instance's provider"},
      {"--per", "UNIT", "functional unit R of the SCI: training, epoch, token, request; default job"},
      {"--count", "N", "how many of them the job makes; default 1"},
      option_rows::kGridData};
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

}  // namespace

const Command& estimate_command() {
  static const Command command{
      "estimate",
      "emissions of a job described in words: hardware, hours, region",
      "Estimates what a job emits before (or without) measuring it, in both books, with an interval that says how "
      "little "
      "is known: how busy the hardware is, the grid at that time, the building, the making of the hardware.",
      all_options(),
      {"ebb estimate --gpu A100 --gpus 8 --hours 6 --utilisation 70% --region aws:us-east-1",
       "ebb estimate --instance aws:p3.2xlarge --hours 36 --region us-west-2 --start 2026-03-01T08:00:00Z --json"},
      run_estimate,
      false,
      false};
  return command;
}

}  // namespace ebb::cli
