#include <fmt/format.h>

#include "carbon/equivalence.h"
#include "report/escape.h"
#include "report/estimate_report.h"
#include "report/run_lines.h"
#include "report/run_words.h"
#include "time/text.h"

namespace ebb::report {
namespace {

using units::text_of;

/// " (90%: 31.0 to 90.2 g)"; nothing where there is no doubt.
template <typename Q>
std::string interval_text(const carbon::Uncertain<Q>& value) {
  if (value.low == value.high) return "";
  return fmt::format(" ({})", interval_words(value.level, span_text(value)));
}

std::string source_text(const account::BookTotal& book) {
  return fmt::format("{}, {}, {}", series::text_of(book.signal), printable(book.zone), printable(book.source));
}

std::string book_line(const account::RunRecord& record, const account::BookTotal& own) {
  const auto embodied = record.embodied_parts.empty() ? std::string("0 g for the hardware, whose making is not known")
                                                      : text_of(record.embodied) + " embodied";
  return fmt::format("{} CO2e{} = {} operational + {}; {} {}", text_of(own.emissions),
                     record.emissions_interval ? interval_text(*record.emissions_interval) : "",
                     text_of(own.operational), embodied, text_of(own.mean_intensity), source_text(own));
}

std::string other_line(const account::RunRecord& record) {
  const bool consequential = record.book == carbon::BookKind::kConsequential;
  const auto& other = consequential ? record.attributional : record.consequential;
  if (other) return fmt::format("{} CO2e in the other book; {}", text_of(other->emissions), source_text(*other));
  return fmt::format("no {} figure: no {} series of {} is known", consequential ? "attributional" : "consequential",
                     consequential ? "average" : "marginal", printable(record.zone));
}

std::string unpriced_line(const account::RunRecord& record) {
  if (record.zone.empty()) return "not known without a place: --region R";
  const auto& other = record.attributional ? record.attributional : record.consequential;
  if (!other) return "not known: no series covers every moment of the job";
  return fmt::format("not known in the book that was asked for; {} CO2e in the other book; {}",
                     text_of(other->emissions), source_text(*other));
}

std::string energy_line(const EstimateView& view) {
  const auto& record = view.record;
  std::string out = fmt::format("{}{} in {}", text_of(record.energy), interval_text(record.energy_interval),
                                length_text(record.when.length()));
  out += view.at_any_time ? " at any time of a year" : fmt::format(" from {}", time::text_of(record.when.begin));
  std::string_view separator = ": ";
  for (const auto& part : record.components) {
    out += fmt::format("{}{} {}", separator, printable(part.device), text_of(part.energy));
    separator = "; ";
  }
  return out + fmt::format("; PUE {:.4g} ({})", record.pue, printable(record.pue_source));
}

std::string place_text(const Elsewhere::Place& place) {
  return place.where.empty() ? printable(place.name)
                             : fmt::format("{} ({})", printable(place.name), printable(place.where));
}

/// Only a marginal difference is of something that the grid would not have emitted (law 5).
std::string less_text(const Elsewhere& elsewhere, units::Emissions less) {
  return elsewhere.signal.kind == series::SignalKind::kMarginal ? fmt::format("{} avoided", text_of(less))
                                                                : fmt::format("{} less allocated", text_of(less));
}

std::string elsewhere_line(const Elsewhere& elsewhere) {
  std::string out = fmt::format("here {}", text_of(elsewhere.here.operational));
  for (const auto& place : elsewhere.best) {
    out += fmt::format("; {} {}, {}", place_text(place), text_of(place.operational), less_text(elsewhere, place.less));
  }
  if (elsewhere.best.empty()) out += fmt::format("; none of {} other places is lower", elsewhere.compared);
  return out + fmt::format(" (operational, {}, {})", series::text_of(elsewhere.signal), elsewhere.source);
}

}  // namespace

std::string estimate_text(const EstimateView& view, bool colour) {
  const auto& record = view.record;
  LabelledLines lines("", 9, colour);
  if (const auto* own = record.own_book()) {
    lines.add("emissions", book_line(record, *own));
    lines.add("", other_line(record));
    lines.add("energy", energy_line(view));
    if (const auto chosen = carbon::choose_equivalence(own->emissions)) lines.add("that is", text_of(*chosen));
  } else {
    lines.add("emissions", unpriced_line(record));
    lines.add("energy", energy_line(view));
  }
  if (view.elsewhere) lines.add("elsewhere", elsewhere_line(*view.elsewhere));
  return lines.text();
}

}  // namespace ebb::report
