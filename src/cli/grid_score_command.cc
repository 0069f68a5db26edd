#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "cli/common.h"
#include "cli/grid_score_report.h"
#include "formats/issued_forecasts.h"
#include "study/parallel.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

/// Forecasts as they were published: at a slot, those of the row before it, so that nothing of the slot itself is
/// known, like every other method. Missing beyond their last step.
class AsIssued final : public forecast::Point {
 public:
  AsIssued(const formats::IssuedForecasts& issued, time::Instant begin)
      : issued_(issued), next_((begin - issued.begin) / issued.step) {}

  void observe(double /*value*/) override { ++next_; }
  [[nodiscard]] bool ready() const override { return true; }
  void forecast(std::span<double> out) override {
    const std::int64_t row = next_ - 1;
    const bool known = row >= 0 && row < static_cast<std::int64_t>(issued_.rows());
    for (std::size_t ahead = 0; ahead < out.size(); ++ahead) {
      out[ahead] = known && ahead < issued_.horizon
                       ? static_cast<double>(issued_.at(static_cast<std::size_t>(row), ahead + 1))
                       : series::kMissing;
    }
  }

 private:
  const formats::IssuedForecasts& issued_;
  std::int64_t next_;  // row of the slot to come
};

struct Inputs {
  std::vector<series::Series> series;
  std::vector<forecast::Method> methods;
  forecast::ScoreOptions options;
  formats::IssuedForecasts issued;
};

base::Status read_options(const Arguments& arguments, const Context& context, Inputs& inputs) {
  auto& options = inputs.options;
  if (arguments.has("--as-issued")) {
    // They reach three hours: jobs that fit.
    options.ahead = std::chrono::hours(3);
    options.lengths = {std::chrono::hours(1)};
    options.slack = std::chrono::hours(2);
  }
  EBB_TRY(options.from, time_option(arguments, "--from", context.clock));
  EBB_TRY(options.to, time_option(arguments, "--to", context.clock));
  for (const auto& [option, value] : {std::pair{"--slack", &options.slack}, std::pair{"--every", &options.every},
                                      std::pair{"--ahead", &options.ahead}}) {
    EBB_TRY(const auto given, duration_option(arguments, option));
    *value = given.value_or(*value);
  }
  if (!arguments.has("--lengths")) return base::Done{};
  options.lengths.clear();
  for (const auto& text : arguments.all("--lengths", true)) {
    const auto length = time::parse_duration(text);
    if (!length) return in_option(length.error(), "--lengths");
    options.lengths.push_back(*length);
  }
  return base::Done{};
}

base::Status read_methods(const Arguments& arguments, Inputs& inputs) {
  const auto names = arguments.all("--methods", true);
  if (names.empty()) inputs.methods = forecast::methods();
  for (const auto& name : names) {
    EBB_TRY(const forecast::Method* const method, forecast::find_method(name));
    inputs.methods.push_back(*method);
  }
  return base::Done{};
}

base::Status read_series(const Arguments& arguments, const Context& context, Inputs& inputs) {
  auto catalogue = open_catalogue(arguments, context);
  if (!arguments.has("--as-issued")) {
    EBB_TRY(inputs.series, load_series(arguments, catalogue));
    return base::Done{};
  }
  for (const auto* option : {"--series", "--zone", "--zones"}) {
    if (arguments.has(option)) {
      return base::usage_error(fmt::format(
          "--as-issued scores California's marginal series of 2020, the one with published forecasts: leave out {}",
          option));
    }
  }
  EBB_TRY(auto series, catalogue.marginal_2020_with_forecasts(&inputs.issued));
  inputs.series.push_back(std::move(series));
  const time::Instant begin = inputs.series.front().begin();
  inputs.methods.push_back(
      {"as-issued", "forecasts as they were published",
       [&issued = inputs.issued, begin](const forecast::Frame&) { return std::make_unique<AsIssued>(issued, begin); }});
  return base::Done{};
}

/// Every series with every method, on every core; the first error in their order.
base::Expected<std::vector<ScoredSeries>> score_all(const Inputs& inputs) {
  const std::size_t methods = inputs.methods.size();
  std::vector<std::optional<base::Expected<forecast::Score>>> scores(inputs.series.size() * methods);
  study::for_each_task(scores.size(), 0, [&](std::size_t task) {
    scores[task] = forecast::score(inputs.series[task / methods], inputs.methods[task % methods], inputs.options);
  });
  std::vector<ScoredSeries> scored;
  for (const auto& series : inputs.series) scored.push_back({series, {}});
  for (std::size_t task = 0; task < scores.size(); ++task) {
    EBB_TRY(auto score, std::move(*scores[task]));
    scored[task / methods].scores.push_back(std::move(score));
  }
  return scored;
}

base::Expected<int> run_score(const Arguments& arguments, const Context& context) {
  Inputs inputs;
  EBB_TRY_DO(read_options(arguments, context, inputs));
  EBB_TRY_DO(read_methods(arguments, inputs));
  EBB_TRY_DO(read_series(arguments, context, inputs));
  EBB_TRY(const auto scored, score_all(inputs));
  context.out(arguments.has("--json") ? report::dump(scores_json(scored, inputs.options), 1) + "\n"
                                      : scores_text(scored, inputs.options, arguments.has("--rules")));
  return 0;
}

}  // namespace

const Command& grid_score_command() {
  static const Command command{
      "grid score",
      "how good forecasts of a series are, and what planning by them loses",
      "Back-tests forecasters by rolling origin: at each moment of issue they see the past alone, a start is chosen on "
      "what they say, and it is scored on what came. First what counts, the grams above the best start for jobs of "
      "several lengths and the share of starts made dirtier; then errors, pinball loss and how often the truth lies in "
      "the 90% interval. The baselines (same hour yesterday, last week, monthly mean, plain ridge) are beside it.",
      {option_rows::kSeries,
       option_rows::kZone,
       option_rows::kZones,
       option_rows::kSignal,
       {"--methods", "M,...", "ebb, yesterday, last-week, climatology, ridge; default all", true},
       {"--from", "T", "first moment of issue; default 28 days after the series begins"},
       {"--to", "T", "no window reaches beyond this time"},
       {"--lengths", "D,...", "lengths of jobs; default 1h,6h,24h", true},
       {"--slack", "D", "of the jobs; default 24h"},
       {"--every", "D", "time between issues; default 1h"},
       {"--ahead", "D", "how far ahead errors are counted; default 24h"},
       {"--rules", "",
        "also starts chosen by the median, and only where the promise is above what one in three fell short by"},
       {"--as-issued", "", "California's marginal series of 2020 with its published forecasts, which reach 3 h"},
       option_rows::kGridData},
      {"ebb grid score --zones FR,DE,US-CAL-CISO --signal average --from 2022-05-01T00:00:00Z",
       "ebb grid score --as-issued --methods ebb,yesterday --json"},
      run_score,
      false};
  return command;
}

}  // namespace ebb::cli
