#include "cli/study_foresight.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/common.h"
#include "report/table.h"
#include "study/foresight.h"
#include "study/issued_forecast.h"
#include "study/parallel.h"
#include "units/format.h"
#include "workload/experiment.h"

namespace ebb::cli {
namespace {

using report::Json;

/// How a plan on forecasts is decided; one row of the result for each experiment and slack.
struct Rule {
  plan::Strategy strategy;
  std::optional<std::size_t> replan_slots;
  double margin;
  bool issued;  ///< with the forecasts as issued, else from history alone
};

/// The margin trades a little saving for fewer starts made dirtier than run-now (docs/foresight.md).
constexpr double kCautious = 0.15;

constexpr std::array<Rule, 9> kRules{{{plan::Strategy::kFlexibleStart, std::nullopt, 0.0, true},
                                      {plan::Strategy::kFlexibleStart, 1, 0.0, true},
                                      {plan::Strategy::kFlexibleStart, 3, 0.0, true},
                                      {plan::Strategy::kFlexibleStart, 1, kCautious, true},
                                      {plan::Strategy::kFlexibleStart, 1, 0.0, false},
                                      {plan::Strategy::kPauseResume, std::nullopt, 0.0, true},
                                      {plan::Strategy::kPauseResume, 1, 0.0, true},
                                      {plan::Strategy::kPauseResume, 3, 0.0, true},
                                      {plan::Strategy::kPauseResume, 1, 0.0, false}}};

struct Question {
  std::size_t experiment;
  study::Slack slack;
  Rule rule;
};

Json row_of(const Question& question, const workload::Experiment& experiment, const study::ForesightTotals& totals,
            const series::Series& series, const std::string& series_id) {
  const double energy = units::in_kwh(experiment.profile.energy());
  const auto grams = [&](double intensity) {
    return series::is_missing(intensity) ? Json(nullptr) : Json(energy * intensity);
  };
  const auto number = [](double value) { return series::is_missing(value) ? Json(nullptr) : Json(value); };
  std::string forecast = question.rule.issued ? "as issued, then ours" : "ours from history alone";
  if (question.rule.margin > 0.0) forecast += fmt::format(", margin {:.0f}%", 100.0 * question.rule.margin);
  Json row;
  row["series_id"] = series_id;
  row["zone"] = series.zone();
  row["signal"] = report::json_of(series.signal());
  row["experiment"] = experiment.name;
  row["slack"] = question.slack.text;
  row["strategy"] = plan::name_of(question.rule.strategy);
  row["replan_seconds"] = question.rule.replan_slots
                              ? Json(time::in_seconds(series.step()) * static_cast<double>(*question.rule.replan_slots))
                              : Json(nullptr);
  row["forecast"] = forecast;
  row["starts"] = totals.starts;
  row["skipped_starts"] = totals.skipped;
  row["baseline_g"] = grams(totals.baseline);
  row["promised_saved_g"] = grams(totals.promised_saving);
  row["realised_saved_g"] = grams(totals.baseline - totals.realised);
  row["best_saved_g"] = grams(totals.baseline - totals.best);
  row["realised_share_of_best"] = number(totals.share_of_best());
  row["harmed_percent"] = number(totals.harmed_percent);
  row["loss_p95_g_per_kwh"] = number(totals.loss_p95);
  row["pauses_mean"] = number(totals.pauses_mean);
  row["delay_seconds_mean"] = number(totals.delay_seconds_mean);
  row["delay_seconds_p95"] = number(totals.delay_seconds_p95);
  const double hours = totals.delay_seconds_mean / 3600.0;
  row["saving_per_delay_hour_g"] = hours > 0.0 ? grams((totals.baseline - totals.realised) / hours) : Json(nullptr);
  return row;
}

/// All questions on the marginal series of 2020, those with and those without the issued forecasts side by side.
base::Expected<Json> answer(const std::vector<Question>& questions,
                            const std::vector<workload::Experiment>& experiments, grid::Catalogue& catalogue,
                            const std::string& series_id, unsigned threads) {
  for (const auto& question : questions) {
    if (!experiments[question.experiment].profile.is_flat()) {
      return base::usage_error(fmt::format("{}: plans on forecasts are evaluated for jobs of flat power only",
                                           experiments[question.experiment].name));
    }
  }
  formats::IssuedForecasts issued;
  EBB_TRY(const auto series, catalogue.marginal_2020_with_forecasts(&issued));
  const study::IssuedForecaster with_issued(series, issued);
  const study::IssuedForecaster from_history(series, {series.begin(), series.step(), 0, {}});
  // One task an experiment and forecaster: its rules share each slot's forecast.
  std::vector<study::ForesightTotals> totals(questions.size());
  study::for_each_task(2 * experiments.size(), threads, [&](std::size_t task) {
    std::vector<study::ForesightJob> jobs;
    std::vector<std::size_t> of_question;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      const auto& question = questions[i];
      if (question.experiment != task / 2 || question.rule.issued != (task % 2 == 0)) continue;
      const auto duration = experiments[question.experiment].profile.duration();
      jobs.push_back({question.rule.strategy, duration, question.slack.of(duration), question.rule.replan_slots,
                      question.rule.margin});
      of_question.push_back(i);
    }
    if (jobs.empty()) return;
    const auto answers = study::evaluate_foresight(series, task % 2 == 0 ? with_issued : from_history, jobs);
    for (std::size_t i = 0; i < answers.size(); ++i) totals[of_question[i]] = answers[i];
  });
  Json rows = Json::array();
  for (std::size_t i = 0; i < questions.size(); ++i) {
    rows.push_back(row_of(questions[i], experiments[questions[i].experiment], totals[i], series, series_id));
  }
  return rows;
}

std::string text_of(const Json& rows) {
  using Align = report::TextTable::Align;
  report::TextTable table({{"experiment", Align::kLeft},
                           {"slack", Align::kRight},
                           {"strategy", Align::kLeft},
                           {"re-planned", Align::kRight},
                           {"forecast", Align::kLeft},
                           {"run now", Align::kRight},
                           {"promised", Align::kRight},
                           {"realised", Align::kRight},
                           {"best possible", Align::kRight},
                           {"of best", Align::kRight},
                           {"harmed", Align::kRight},
                           {"delay", Align::kRight}});
  const auto grams = [](const Json& value) {
    return value.is_null() ? std::string("-") : units::text_of(units::grams(value.get<double>()));
  };
  for (const auto& row : rows) {
    if (row["baseline_g"].is_null()) continue;
    table.add(
        {row["experiment"], row["slack"], row["strategy"],
         row["replan_seconds"].is_null() ? "once" : fmt::format("{:.0f} min", row["replan_seconds"].get<double>() / 60),
         row["forecast"], grams(row["baseline_g"]), grams(row["promised_saved_g"]), grams(row["realised_saved_g"]),
         grams(row["best_saved_g"]),
         row["realised_share_of_best"].is_null()
             ? "-"
             : fmt::format("{:.1f}%", 100 * row["realised_share_of_best"].get<double>()),
         fmt::format("{:.1f}%", row["harmed_percent"].get<double>()),
         fmt::format("{:.1f} h", row["delay_seconds_mean"].get<double>() / 3600)});
  }
  return table.text();
}

}  // namespace

base::Expected<int> run_foresight(const Arguments& arguments, const Context& context, grid::Catalogue& catalogue) {
  if (arguments.has("--series")) {
    return base::usage_error(
        "--foresight as-issued needs the forecasts as they were published: the SGIP files under "
        "--grid-data, not --series");
  }
  for (const auto* option : {"--from", "--to", "--starts", "--hour"}) {
    if (arguments.has(option))
      return base::usage_error(fmt::format("{} does not go with --foresight as-issued: every start of 2020", option));
  }
  for (const auto* option : {"--zone", "--zones"}) {
    for (const auto& zone : arguments.all(option, true)) {
      if (zone == "SGIP_CAISO_PGE" || zone == "US-CAL-CISO") continue;
      return base::no_data(
          fmt::format("no forecasts as issued for {}: there are some for SGIP_CAISO_PGE", base::in_quotes(zone)));
    }
  }
  EBB_TRY(const auto experiments, workload::load_experiments(arguments.get("--experiments").value_or("dodge2022")));
  auto slacks = arguments.all("--slack", true);
  if (slacks.empty()) slacks = {"24h"};
  auto strategies = arguments.all("--strategies", true);
  EBB_TRY(const auto threads, number_option(arguments, "--threads", 1.0, 1024.0));
  std::vector<Question> questions;
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    for (const auto& text : slacks) {
      const auto slack = study::parse_slack(text);
      if (!slack) return in_option(slack.error(), "--slack");
      for (const auto& rule : kRules) {
        const bool wanted = strategies.empty() || std::find(strategies.begin(), strategies.end(),
                                                            plan::name_of(rule.strategy)) != strategies.end();
        if (wanted) questions.push_back({i, *slack, rule});
      }
    }
  }
  if (questions.empty())
    return base::usage_error("--strategies: flexible-start or pause-resume can be planned on forecasts");
  EBB_TRY(const auto rows,
          answer(questions, experiments, catalogue, "SGIP_CAISO_PGE", static_cast<unsigned>(threads.value_or(0.0))));
  if (arguments.has("--json")) {
    Json out;
    out["rows"] = rows;
    out["meta"] = {{"generated_by", "ebb " EBB_VERSION}, {"command", context.command_line}, {"foresight", "as-issued"}};
    context.out(report::dump(out) + "\n");
  } else {
    context.out(text_of(rows));
  }
  return 0;
}

base::Expected<Json> foresight_json(const StudyInputs& inputs, grid::Catalogue& catalogue,
                                    const std::vector<std::size_t>& experiments) {
  std::vector<Question> questions;
  for (const auto experiment : experiments) {
    for (const auto& rule : kRules) questions.push_back({experiment, *study::parse_slack("24h"), rule});
  }
  const auto marginal = std::find_if(
      inputs.spec.places.begin(), inputs.spec.places.end(),
      [](const study::Place& place) { return place.series.signal().kind == series::SignalKind::kMarginal; });
  if (marginal == inputs.spec.places.end()) return Json::array();
  return answer(questions, inputs.spec.experiments, catalogue, marginal->id, inputs.spec.threads);
}

}  // namespace ebb::cli
