#include "cli/grid_score_report.h"

#include <fmt/format.h>

#include <cmath>

#include "report/table.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

using forecast::JobScore;
using forecast::Score;
using report::Json;
using Align = report::TextTable::Align;

constexpr auto kMean = static_cast<std::size_t>(forecast::Rule::kMean);

Json json_of(const JobScore& job) {
  Json rules;
  for (std::size_t rule = 0; rule < job.rules.size(); ++rule) {
    const auto& chosen = job.rules[rule];
    rules[std::string(forecast::kRuleNames[rule])] = {{"regret_g_per_kwh", chosen.regret},
                                                      {"harmed_percent", 100.0 * chosen.harmed_share},
                                                      {"saving_lost_percent", 100.0 * chosen.lost_share}};
  }
  return {{"duration_seconds", time::in_seconds(job.length)},
          {"starts", job.starts},
          {"run_now_g_per_kwh", job.run_now},
          {"best_g_per_kwh", job.best},
          {"rules", rules}};
}

Json json_of(const Score& score) {
  Json jobs = Json::array();
  for (const JobScore& job : score.jobs) jobs.push_back(json_of(job));
  return {{"method", score.method},
          {"issues", score.issues},
          {"slots_compared", score.errors},
          {"truth_mean_g_per_kwh", score.truth},
          {"jobs", jobs},
          {"mae_g_per_kwh", score.mae},
          {"bias_g_per_kwh", score.bias},
          {"mape_midnight_percent", 100.0 * score.mape},
          {"zero_slots_left_out_of_mape", score.zeros},
          {"mae_median_g_per_kwh", score.mae_median},
          {"mape_median_midnight_percent", 100.0 * score.mape_median},
          {"pinball_g_per_kwh", score.pinball},
          {"coverage_90_percent", 100.0 * score.coverage90},
          {"coverage_50_percent", 100.0 * score.coverage50},
          {"width_90_g_per_kwh", score.width90}};
}

std::string number(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : "-";
}

report::TextTable table_of(const std::vector<Score>& scores) {
  std::vector<std::pair<std::string, Align>> columns{{"method", Align::kLeft}};
  for (const JobScore& job : scores.front().jobs) {
    columns.emplace_back(time::text_of(job.length) + " job: regret", Align::kRight);
    columns.emplace_back("lost", Align::kRight);
    columns.emplace_back("harm", Align::kRight);
  }
  for (const auto* heading : {"MAE", "bias", "MAPE", "pinball", "in 90%", "in 50%"}) {
    columns.emplace_back(heading, Align::kRight);
  }
  report::TextTable table(std::move(columns));
  for (const Score& score : scores) {
    std::vector<std::string> cells{score.method};
    for (const JobScore& job : score.jobs) {
      cells.push_back(number(job.rules[kMean].regret, 2));
      cells.push_back(number(100.0 * job.rules[kMean].lost_share, 1) + "%");
      cells.push_back(number(100.0 * job.rules[kMean].harmed_share, 1) + "%");
    }
    cells.push_back(number(score.mae, 2));
    cells.push_back(number(score.bias, 2));
    cells.push_back(number(100.0 * score.mape, 1) + "%");
    cells.push_back(number(score.pinball, 2));
    cells.push_back(number(100.0 * score.coverage90, 1) + "%");
    cells.push_back(number(100.0 * score.coverage50, 1) + "%");
    table.add(std::move(cells));
  }
  return table;
}

report::TextTable rules_table(const std::vector<Score>& scores) {
  std::vector<std::pair<std::string, Align>> columns{{"method", Align::kLeft}, {"start chosen by", Align::kLeft}};
  for (const JobScore& job : scores.front().jobs) {
    columns.emplace_back(time::text_of(job.length) + " job: regret", Align::kRight);
    columns.emplace_back("harm", Align::kRight);
  }
  report::TextTable table(std::move(columns));
  for (const Score& score : scores) {
    for (std::size_t rule = 0; rule < forecast::kRuleNames.size(); ++rule) {
      std::vector<std::string> cells{score.method, std::string(forecast::kRuleNames[rule])};
      for (const JobScore& job : score.jobs) {
        cells.push_back(number(job.rules[rule].regret, 2));
        cells.push_back(number(100.0 * job.rules[rule].harmed_share, 1) + "%");
      }
      table.add(std::move(cells));
    }
  }
  return table;
}

std::string tables(const std::vector<Score>& scores, bool rules) {
  return table_of(scores).text(2) + (rules && !scores.front().jobs.empty() ? rules_table(scores).text(2) : "");
}

/// Of each zone's figures, every zone counting once.
Score mean_of(const std::vector<ScoredSeries>& scored, std::size_t method) {
  Score mean = scored.front().scores[method];
  const double share = 1.0 / static_cast<double>(scored.size());
  const auto average = [&](auto&& field) {
    double sum = 0.0;
    for (const ScoredSeries& one : scored) sum += field(one.scores[method]);
    return share * sum;
  };
  for (const auto member : {&Score::truth, &Score::mae, &Score::bias, &Score::mape, &Score::mae_median,
                            &Score::mape_median, &Score::pinball, &Score::coverage90, &Score::coverage50}) {
    mean.*member = average([&](const Score& score) { return score.*member; });
  }
  for (std::size_t job = 0; job < mean.jobs.size(); ++job) {
    for (std::size_t rule = 0; rule < forecast::kRuleNames.size(); ++rule) {
      for (const auto member :
           {&JobScore::Chosen::regret, &JobScore::Chosen::harmed_share, &JobScore::Chosen::lost_share}) {
        mean.jobs[job].rules[rule].*member =
            average([&](const Score& score) { return score.jobs[job].rules[rule].*member; });
      }
    }
  }
  return mean;
}

/// How often the first method has the lowest regret.
std::string wins(const std::vector<ScoredSeries>& scored) {
  std::string out;
  const auto& jobs = scored.front().scores.front().jobs;
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    std::size_t lowest = 0;
    for (const ScoredSeries& one : scored) {
      bool is_lowest = true;
      for (std::size_t other = 1; other < one.scores.size(); ++other) {
        is_lowest &= one.scores.front().jobs[job].rules[kMean].regret < one.scores[other].jobs[job].rules[kMean].regret;
      }
      lowest += is_lowest ? 1 : 0;
    }
    out += fmt::format("{} of {} series for {} jobs{}", lowest, scored.size(), time::text_of(jobs[job].length),
                       job + 1 < jobs.size() ? ", " : "\n");
  }
  return out;
}

}  // namespace

report::Json scores_json(const std::vector<ScoredSeries>& scored, const forecast::ScoreOptions& options) {
  Json rows = Json::array();
  for (const ScoredSeries& one : scored) {
    for (const Score& score : one.scores) {
      Json row{{"zone", one.series.zone()},
               {"signal", report::json_of(one.series.signal())},
               {"source", one.series.provenance().source},
               {"step_seconds", time::in_seconds(one.series.step())}};
      row.update(json_of(score));
      rows.push_back(std::move(row));
    }
  }
  return {{"rows", std::move(rows)},
          {"slack_seconds", time::in_seconds(options.slack)},
          {"every_seconds", time::in_seconds(options.every)},
          {"ahead_seconds", time::in_seconds(options.ahead)},
          {"levels", forecast::kLevels}};
}

std::string scores_text(const std::vector<ScoredSeries>& scored, const forecast::ScoreOptions& options, bool rules) {
  std::string out = fmt::format(
      "Forecasts issued every {} from the past alone. g/kWh; regret: above the best start within {} of slack, lost: "
      "its "
      "share of the best\npossible saving, harm: starts dirtier than run-now by more than 1%. Errors over {} ahead, "
      "MAPE of those issued at midnight UTC.\n",
      time::text_of(options.every), time::text_of(options.slack), time::text_of(options.ahead));
  for (const ScoredSeries& one : scored) {
    const Score& first = one.scores.front();
    out += fmt::format("\n{} ({}): {} issues, mean {:.1f} g/kWh", one.series.zone(),
                       series::text_of(one.series.signal()), first.issues, first.truth);
    for (const JobScore& job : first.jobs) {
      out += fmt::format("; {} job: run-now {:.1f}, best {:.1f}", time::text_of(job.length), job.run_now, job.best);
    }
    out += "\n" + tables(one.scores, rules);
  }
  if (scored.size() < 2) return out;
  std::vector<Score> means;
  for (std::size_t method = 0; method < scored.front().scores.size(); ++method)
    means.push_back(mean_of(scored, method));
  out += fmt::format("\nMean of the {} series, each counting once\n", scored.size()) + tables(means, rules);
  if (means.size() > 1 && !means.front().jobs.empty()) {
    out += fmt::format("  {} has the lowest regret in {}", means.front().method, wins(scored));
  }
  return out;
}

}  // namespace ebb::cli
