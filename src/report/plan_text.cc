#include <fmt/format.h>

#include "report/heat_strip.h"
#include "report/plan_report.h"
#include "report/table.h"
#include "time/text.h"
#include "units/format.h"

namespace ebb::report {
namespace {

constexpr std::size_t kStripColumns = 72;

std::string bold(const std::string& text, bool colour) { return colour ? "\x1b[1m" + text + "\x1b[0m" : text; }

/// "219 g saved (16.6% of 1,320 g)": grams first, the percentage with its baseline.
std::string difference_text(double baseline_g, double plan_g, const series::Signal& signal) {
  const double less = baseline_g - plan_g;
  const auto grams = units::text_of(units::grams(less < 0 ? -less : less));
  const auto word = less < 0 ? std::string("more") : std::string(series::saving_word(signal));
  if (baseline_g == 0.0) return fmt::format("{} {} (the baseline is 0 g)", grams, word);
  return fmt::format("{} {} ({:.1f}% of {})", grams, word, 100.0 * (less < 0 ? -less : less) / baseline_g,
                     units::text_of(units::grams(baseline_g)));
}

std::string source_text(const series::Series& series) {
  std::string text = series::text_of(series.signal());
  if (!series.provenance().source.empty()) text += ", " + series.provenance().source;
  return text;
}

}  // namespace

std::string plan_text(const PlanView& view, bool colour) {
  const auto& plan = view.plan;
  const auto& job = view.request.job;
  const auto& series = view.request.places[plan.place].intensity;
  const double total = plan.emissions.total();
  std::string out;
  out += bold(fmt::format("{} in {}", plan::name_of(plan.not_worth_it ? plan::Strategy::kRunNow : plan.strategy),
                          series.zone()),
              colour);
  out += fmt::format("  ({})\n", source_text(series));
  if (plan.not_worth_it) out += "  Shifting is not worth it here: the saving is below --min-saving. Run now.\n";
  out += fmt::format("  {} of work, {}, {} to {}\n\n", time::text_of(job.profile.duration()),
                     units::text_of(job.profile.energy()), time::text_of(job.start), time::text_of(job.window().end));
  out += heat_strip(series, job.window(), plan.schedule, kStripColumns, colour);
  out += "  intensity, light = clean (each column's mean); below it: when the job runs\n\n";

  out += fmt::format("  emits       {}\n", bold(units::text_of(units::grams(total)), colour));
  if (plan.baseline_g) {
    out += fmt::format("  run now     {}\n", units::text_of(units::grams(*plan.baseline_g)));
    out += fmt::format("  difference  {}\n", difference_text(*plan.baseline_g, total, series.signal()));
  } else {
    out += "  run now     unknown: it would cross a slot without data\n";
  }
  if (plan.emissions.pauses != 0.0) {
    out += fmt::format("  in pauses   {} of it\n", units::text_of(units::grams(plan.emissions.pauses)));
  }
  if (plan.emissions.transfer != 0.0) {
    out += fmt::format("  in transfer {} of it\n", units::text_of(units::grams(plan.emissions.transfer)));
  }
  if (plan.cost) {
    out += fmt::format("  costs       {:.2f}", *plan.cost);
    if (plan.baseline_cost) out += fmt::format(" (run now {:.2f})", *plan.baseline_cost);
    out += fmt::format("; {} plans are best at some carbon price\n", plan.pareto.size());
  }
  const auto delay = plan.schedule.end() - (job.start + job.profile.duration());
  out += fmt::format("  ends        {} ({} later than run-now)\n", time::text_of(plan.schedule.end()),
                     time::text_of(delay));
  if (view.other_book && view.other_book->emissions_g) {
    out += fmt::format("  other book  {} ({})", units::text_of(units::grams(*view.other_book->emissions_g)),
                       series::text_of(view.other_book->signal));
    if (view.other_book->baseline_g) {
      out += fmt::format(": {}", difference_text(*view.other_book->baseline_g, *view.other_book->emissions_g,
                                                 view.other_book->signal));
    }
    out += "\n";
  }
  if (view.accounting_text) out += *view.accounting_text;
  out += "\n";

  using Align = TextTable::Align;
  TextTable table({{"", Align::kLeft},
                   {"begin", Align::kLeft},
                   {"end", Align::kLeft},
                   {"length", Align::kRight},
                   {"g CO2e", Align::kRight}});
  for (std::size_t i = 0; i < plan.schedule.segments.size(); ++i) {
    const auto& segment = plan.schedule.segments[i];
    table.add({"run", time::text_of(segment.begin), time::text_of(segment.end()),
               time::text_of(segment.end() - segment.begin), units::three_digits(plan.emissions.segments[i])});
    if (i < plan.schedule.pauses()) {
      const auto pause = plan.schedule.pause(i);
      table.add({"pause", time::text_of(pause.begin), time::text_of(pause.end), time::text_of(pause.length()), ""});
    }
  }
  out += table.text(2);
  return out;
}

}  // namespace ebb::report
