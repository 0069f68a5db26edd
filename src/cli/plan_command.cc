#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/accounting.h"
#include "cli/common.h"
#include "cli/cost_options.h"
#include "plan/planner.h"
#include "report/plan_report.h"
#include "series/csv.h"
#include "series/resample.h"
#include "study/study.h"
#include "time/text.h"
#include "units/parse.h"
#include "workload/experiment.h"

namespace ebb::cli {
namespace {

/// What runs: exactly one of --experiment, --profile, --power, --energy; the last two with --duration.
base::Expected<workload::Profile> profile_of(const Arguments& arguments) {
  const auto given = [&](std::string_view option) { return arguments.has(option) ? 1 : 0; };
  if (given("--experiment") + given("--profile") + given("--power") + given("--energy") != 1) {
    return base::usage_error(
        "say what runs by one of --power W, --energy KWH, --profile FILE, --experiment NAME (the first two with "
        "--duration)");
  }
  EBB_TRY(const auto duration, duration_option(arguments, "--duration"));
  const bool has_own = arguments.has("--profile") || arguments.has("--experiment");
  if (has_own && duration) {
    return base::usage_error("--duration is already given by the profile or experiment: leave it out");
  }
  if (const auto path = arguments.get("--profile")) return workload::load_profile(*path);
  if (const auto name = arguments.get("--experiment")) {
    EBB_TRY(const auto experiment, workload::find_experiment(*name));
    return experiment.profile;
  }
  if (!duration) return base::usage_error("--duration is missing: how long does the job run?");
  if (*duration <= time::Duration(0)) return base::usage_error("--duration: a job runs longer than 0 s");
  if (const auto power = arguments.get("--power")) {
    const auto parsed = units::parse_power(*power);
    if (!parsed) return in_option(parsed.error(), "--power");
    return workload::Profile::flat(*duration, *parsed);
  }
  const auto parsed = units::parse_energy(*arguments.get("--energy"));
  if (!parsed) return in_option(parsed.error(), "--energy");
  return workload::Profile::flat(*duration, *parsed);
}

base::Expected<plan::Job> job_of(const Arguments& arguments, const Context& context) {
  EBB_TRY(auto profile, profile_of(arguments));
  EBB_TRY(const auto start, time_option(arguments, "--start", context.clock));
  EBB_TRY(const auto deadline, time_option(arguments, "--deadline", context.clock));
  const auto slack_text = arguments.get("--slack");
  if (slack_text && deadline) return base::usage_error("--slack and --deadline say the same thing: give one");
  plan::Job job{std::move(profile), start.value_or(now_of(context.clock)), time::Duration(0)};
  const auto duration = job.profile.duration();
  if (slack_text) {
    const auto slack = study::parse_slack(*slack_text);
    if (!slack) return in_option(slack.error(), "--slack");
    job.slack = slack->of(duration);
  } else if (deadline) {
    job.slack = *deadline - job.start - duration;
    if (job.slack < time::Duration(0)) {
      return base::infeasible(fmt::format("the deadline {} is too early: a job of {} that starts at {} ends at {}",
                                          time::text_of(*deadline), time::text_of(duration), time::text_of(job.start),
                                          time::text_of(job.start + duration)));
    }
  } else if (arguments.get("--strategy").value_or("") != "run-now") {
    return base::usage_error("say how long the job may take: --slack 24h, --slack 50% or --deadline TIME");
  }
  return job;
}

base::Status add_prices(const Arguments& arguments, plan::Request& request) {
  const auto files = arguments.all("--price-series");
  EBB_TRY(const auto carbon_price, number_option(arguments, "--carbon-price", 0.0, 1e12));
  if (files.empty()) {
    if (carbon_price) return base::usage_error("--carbon-price needs a --price-series to weigh it against");
    return base::Done{};
  }
  if (files.size() != 1 && files.size() != request.places.size()) {
    return base::usage_error(fmt::format("{} price series for {} zones: give one for all, or one for each in order",
                                         files.size(), request.places.size()));
  }
  for (std::size_t i = 0; i < request.places.size(); ++i) {
    EBB_TRY(request.places[i].price,
            series::load_csv(files[std::min(i, files.size() - 1)], series::ValueColumn::kPrice));
  }
  request.price = plan::PriceTerms{units::price_per_tonne(carbon_price.value_or(0.0))};
  return base::Done{};
}

base::Status add_limits(const Arguments& arguments, plan::Request& request) {
  EBB_TRY(request.max_saving_loss, share_option(arguments, "--max-saving-loss"));
  EBB_TRY(const auto least, least_saving_of(arguments));
  if (least.grams) request.min_saving = *least.grams;
  if (least.fraction) request.min_saving_fraction = *least.fraction;
  return base::Done{};
}

/// The same schedules in the other book: --other-series, or the zone's other signal where ebb has it for that time.
base::Status add_other_book(const Arguments& arguments, grid::Catalogue& catalogue, report::PlanView& view) {
  const auto& own = view.request.places[view.plan.place].intensity;
  std::optional<series::Series> other;
  if (const auto path = arguments.get("--other-series")) {
    EBB_TRY(other, series::load_csv(*path));
    if (own.signal().kind && own.signal().kind == other->signal().kind) {
      return base::bad_data(fmt::format("{}: its signal is {} as well: the other book needs the other signal", *path,
                                        series::text_of(other->signal())));
    }
  } else if (own.signal().kind && !arguments.has("--series")) {
    const bool marginal = own.signal().kind == series::SignalKind::kMarginal;
    auto found = catalogue.find(own.zone() == "SGIP_CAISO_PGE" ? "US-CAL-CISO" : own.zone(),
                                marginal ? series::SignalKind::kAverage : series::SignalKind::kMarginal);
    if (found) other = *std::move(found);
  }
  if (!other) {
    view.warnings.emplace_back(
        "the other book is empty: no series of the other signal for this zone (--other-series FILE)");
    return base::Done{};
  }
  const auto score_on = [&](const plan::Schedule& schedule) -> std::optional<double> {
    const auto scored = plan::score(schedule, view.request.job.profile, view.request.costs_at(view.plan.place), *other);
    return scored ? std::optional(scored->total()) : std::nullopt;
  };
  report::PlanView::OtherBook book{other->signal(), other->provenance().source, score_on(view.plan.schedule), {}};
  if (view.plan.baseline_schedule) book.baseline_g = score_on(*view.plan.baseline_schedule);
  if (!book.emissions_g) {
    view.warnings.push_back(fmt::format("the other book is empty: its series covers {} to {}",
                                        time::text_of(other->begin()), time::text_of(other->end())));
  }
  if (book.emissions_g && book.baseline_g && view.plan.baseline_g) {
    const double ours = view.plan.emissions.total() - *view.plan.baseline_g;
    const double theirs = *book.emissions_g - *book.baseline_g;
    if (ours * theirs < 0.0) {
      view.warnings.push_back(fmt::format("the two books disagree in sign: {:+.4g} g {}, {:+.4g} g {}", ours,
                                          series::text_of(own.signal()), theirs, series::text_of(other->signal())));
    }
  }
  view.other_book = std::move(book);
  return base::Done{};
}

void add_warnings(report::PlanView& view) {
  const auto& series = view.request.places[view.plan.place].intensity;
  const auto& costs = view.request.costs;
  const auto step = series.step();
  if (!series.signal().kind || !series.signal().scope) {
    view.warnings.push_back(fmt::format(
        "the series of {} does not say its signal (comment line `# signal: marginal direct`)", series.zone()));
  }
  for (const auto& [name, text] :
       {std::pair("source", series.provenance().source), std::pair("vintage", series.provenance().vintage)}) {
    if (!text.empty()) continue;
    view.warnings.push_back(
        fmt::format("the series of {} does not name its {} (comment line `# {}: ...`)", series.zone(), name, name));
  }
  if (series.provenance().quality.modelled == 1.0) {
    view.warnings.push_back(fmt::format("{} is modelled, not measured: {}", series.zone(), series.provenance().source));
  }
  if (!view.plan.baseline_g)
    view.warnings.emplace_back("run-now would touch a slot without data: baseline and savings are unknown");
  for (const auto& [name, length] : {std::pair("--pause-time", costs.pause_time), std::pair("--min-run", costs.min_run),
                                     std::pair("--min-pause", costs.min_pause)}) {
    const auto rounded = (length + step - time::Duration(1)) / step * step;
    if (rounded != length) {
      view.warnings.push_back(
          fmt::format("{} {} is rounded up to whole slots: {}", name, time::text_of(length), time::text_of(rounded)));
    }
  }
  if (view.plan.strategy != plan::Strategy::kRunNow && view.request.job.slack < step) {
    view.warnings.push_back(fmt::format("the slack {} is shorter than a slot ({}): there is nothing to choose",
                                        time::text_of(view.request.job.slack), time::text_of(step)));
  }
  const double gap = view.plan.objective - view.plan.lower_bound;
  if (gap > 1e-9 * std::fabs(view.plan.objective)) {
    view.warnings.push_back(
        fmt::format("the problem was too large for the exact search: the plan is at most {:.3g} above the best", gap));
  }
  const auto negative = std::any_of(series.values().begin(), series.values().end(), [](double v) { return v < 0.0; });
  if (negative) view.warnings.push_back(fmt::format("the series of {} has negative values", series.zone()));
}

base::Expected<int> run_plan(const Arguments& arguments, const Context& context) {
  const auto strategy = plan::parse_strategy(arguments.get("--strategy").value_or("flexible-start"));
  if (!strategy) {
    return base::usage_error(fmt::format("--strategy: {} is none of run-now, flexible-start, pause-resume",
                                         base::in_quotes(*arguments.get("--strategy"))));
  }
  EBB_TRY(auto job, job_of(arguments, context));
  EBB_TRY(auto costs, costs_of(arguments));
  auto catalogue = open_catalogue(arguments, context);
  EBB_TRY(auto loaded, load_series(arguments, catalogue));
  EBB_TRY(const auto step, duration_option(arguments, "--step"));
  plan::Request request{std::move(job), *strategy, costs, {}, {}, {}, 0.0, {}};
  for (auto& series : loaded) {
    if (step) {
      auto resampled = series::resample(series, *step);
      if (!resampled) return in_option(resampled.error(), "--step");
      series = *std::move(resampled);
    }
    request.places.push_back({std::move(series), std::nullopt});
  }
  EBB_TRY_DO(add_prices(arguments, request));
  EBB_TRY_DO(add_limits(arguments, request));
  report::PlanView view{request, {}, {}, {}, nullptr, {}};
  EBB_TRY(view.plan, plan::make_plan(request));
  add_warnings(view);
  EBB_TRY_DO(add_other_book(arguments, catalogue, view));
  EBB_TRY_DO(account(arguments, view));
  print_warnings(view.warnings, arguments, context);
  if (arguments.has("--json")) {
    context.out(report::dump(report::plan_json(view), 1) + "\n");
  } else {
    context.out(report::plan_text(view, wants_colour(arguments, context)));
  }
  return 0;
}

}  // namespace

const Command& plan_command() {
  static const Command command{
      "plan",
      "the best start, pauses and zone for one job",
      "Finds when (and where) a job emits least within its window: exactly, in milliseconds. Compares with running "
      "now, "
      "absolute grams first.",
      {option_rows::kSeries,
       option_rows::kZone,
       option_rows::kZones,
       option_rows::kSignal,
       {"--start", "TIME", "earliest start, RFC 3339 with a zone, or now (default)"},
       {"--duration", "D", "running time: 90s, 20m, 6h, 1h30m, 8d, PT6H"},
       {"--slack", "S", "how much longer it may take: a duration, or a share of the running time like 50%"},
       {"--deadline", "TIME", "when it must have ended; another way to give the slack"},
       {"--strategy", "S", "run-now, flexible-start (default) or pause-resume"},
       {"--power", "W", "constant power: 250W, 1.2kW, 8x300W"},
       {"--energy", "E", "constant power that adds up to this: 3.1kWh, 5MJ"},
       {"--profile", "FILE", "power over running time: seconds,watts"},
       {"--experiment", "NAME", "one of the paper's jobs, such as bert-finetune"},
       {"--pause-power", "W", "drawn while paused"},
       {"--pause-energy", "J", "charged once per pause, at the resume"},
       {"--pause-time", "D", "extra running time after each resume"},
       {"--min-run", "D", "shortest run segment; the last may be shorter"},
       {"--min-pause", "D", "shortest pause"},
       {"--max-pauses", "K", "at most K pauses"},
       {"--transfer-energy", "J", "charged once when the job runs in another zone than the first"},
       {"--price-series", "FILE", "price of energy: time,currency_per_kwh; one for all zones or one for each", true},
       {"--carbon-price", "X", "currency per tonne CO2e: minimise money + carbon price x emissions"},
       {"--max-saving-loss", "P", "the fewest pauses that keep all but P (0.1, 10%) of the best saving"},
       {"--min-saving", "S", "run now when less than this is saved: 5%, 100g"},
       {"--step", "D", "resample the series first: 5m, 15m, 30m, 1h"},
       {"--other-series", "FILE", "series of the other signal, for the other book"},
       {"--pue", "N", "power usage effectiveness, or a provider: aws, gcp, azure"},
       {"--device", "NAME", "embodied emissions of this device: V100, A100, any-gpu"},
       {"--devices", "N", "how many of them"},
       {"--per", "UNIT", "functional unit of the SCI: training, epoch, token, request"},
       {"--count", "N", "how many functional units the job makes"},
       option_rows::kGridData},
      {"ebb plan --zone US-CAL-CISO --start 2020-05-01T12:00:00Z --experiment bert-finetune --slack 24h --strategy "
       "pause-resume",
       "ebb plan --series intensity.csv --start 2022-03-01T08:00:00+01:00 --duration 6h --power 8x300W --deadline "
       "2022-03-02T12:00:00+01:00 --max-pauses 2 --pause-power 60W --json"},
      run_plan,
      false};
  return command;
}

}  // namespace ebb::cli
