#include "report/run_sentence.h"

#include <fmt/format.h>

#include <vector>

#include "report/escape.h"
#include "report/run_words.h"
#include "time/text.h"

namespace ebb::report {
namespace {

using account::RunRecord;
using units::text_of;

/// Numbers, units and symbols in one markup.
class Writer {
 public:
  explicit Writer(Markup markup) : latex_(markup == Markup::kLatex) {}

  [[nodiscard]] std::string text(std::string_view plain) const {
    const auto shown = printable(plain);
    return latex_ ? escaped_latex(shown) : escaped_markdown(shown);
  }
  /// "3.24 kWh" that no line end parts.
  [[nodiscard]] std::string number(const std::string& plain) const {
    if (!latex_) return plain;
    std::string out;
    for (const char c : plain) out += c == ' ' ? std::string("~") : c == '%' ? std::string("\\%") : std::string(1, c);
    return out;
  }
  template <typename Q>
  [[nodiscard]] std::string quantity(Q value) const {
    return number(text_of(value));
  }
  template <typename Q>
  [[nodiscard]] std::string interval(const carbon::Uncertain<Q>& value) const {
    const auto span = number(span_text(value));
    if (value.level <= 0.0) return "range of published figures " + span;
    return fmt::format("{} interval {}", number(fmt::format("{:.0f}%", 100.0 * value.level)), span);
  }
  [[nodiscard]] std::string co2e() const { return latex_ ? "CO$_2$e" : "CO2e"; }
  [[nodiscard]] std::string times() const { return latex_ ? "$\\times$" : "x"; }
  [[nodiscard]] std::string code(const std::string& plain) const {
    return latex_ ? "\\texttt{" + text(plain) + "}" : "`" + printable(plain) + "`";
  }

 private:
  bool latex_;
};

std::string energy_sentence(const RunRecord& record, const Writer& w) {
  const auto hardware = hardware_text(record);
  std::string out = fmt::format(
      "The run {} of {} (UTC) took {} on {}", w.code(record.run_id), time::text_of(record.when.begin).substr(0, 10),
      w.number(length_text(record.when.length())), hardware.empty() ? "hardware that was not named" : w.text(hardware));
  if (record.nodes.size() > 1) out += fmt::format(" ({} nodes)", record.nodes.size());
  out +=
      fmt::format(" and used {} at the equipment ({})", w.quantity(record.energy), w.interval(record.energy_interval));
  if (!record.missing_nodes.empty()) {
    out += fmt::format("; not included, as they did not report: {}", w.text(names_text(record.missing_nodes)));
  }
  return out + ".";
}

std::string method_sentence(const RunRecord& record, const Writer& w) {
  std::vector<std::string> parts;
  for (const auto& group : component_groups(record)) {
    const auto share = record.energy > units::Energy{} ? units::as_number(group.energy.value / record.energy) : 0.0;
    parts.push_back(fmt::format("{} {} ({} of {}), {}", kind_text(group.kind, group.count),
                                w.quantity(group.energy.value), w.number(fmt::format("{:.1f}%", 100.0 * share)),
                                w.quantity(record.energy), w.text(method_text(group.method))));
  }
  if (parts.empty()) return "No sensor and no model gave a figure.";
  const auto& quality = record.energy_quality;
  std::vector<std::string> shares;
  const auto add = [&](double share, std::string_view what) {
    if (share > 0.0) shares.push_back(w.number(fmt::format("{:.1f}%", 100.0 * share)) + " is " + std::string(what));
  };
  add(quality.measured, "measured or attributed from measurements");
  add(quality.modelled, "modelled");
  add(quality.filled, "filled");
  return fmt::format("Of the {}, {}: {}.", w.quantity(record.energy), fmt::join(shares, ", "), fmt::join(parts, "; "));
}

std::string book_words(const account::BookTotal& book, std::string_view name, const Writer& w) {
  std::string out =
      fmt::format("{} {} {} ({} intensity", w.quantity(book.emissions), w.co2e(), name, series::text_of(book.signal));
  out += fmt::format(" of {}, {} as weighted by the run's energy",
                     book.zone.empty() ? "a zone not named" : w.text(book.zone), w.quantity(book.mean_intensity));
  out += book.source.empty() ? "; source not stated" : "; source: " + w.text(book.source);
  return out + (book.vintage.empty() ? ")" : fmt::format(", vintage {})", w.text(book.vintage)));
}

std::string emissions_sentence(const RunRecord& record, const Writer& w) {
  const auto* own = record.own_book();
  if (own == nullptr) {
    return "Its emissions are not stated, since the intensity of its grid is not known.";
  }
  std::vector<std::string> books;
  if (record.attributional) books.push_back(book_words(*record.attributional, "attributional", w));
  if (record.consequential) books.push_back(book_words(*record.consequential, "consequential", w));
  std::string out =
      fmt::format("Location-based, priced by 5-minute slots, its emissions are {}", fmt::join(books, " and "));
  if (record.emissions_interval) {
    out += fmt::format("; {} of the {} figure", w.interval(*record.emissions_interval), carbon::name_of(*record.book));
  }
  if (!record.attributional) out += "; no attributional figure is known";
  if (!record.consequential) out += "; no consequential figure is known";
  return out + ".";
}

std::string boundary_sentence(const RunRecord& record, const Writer& w) {
  if (record.own_book() == nullptr) return "";
  const auto source = record.pue_source.empty() ? std::string("no source stated") : w.text(record.pue_source);
  std::string out = fmt::format(" These include a PUE of {} ({})", units::three_digits(record.pue), source);
  if (record.embodied_parts.empty())
    return out + "; the making of the hardware is not included, as no figure is known.";
  std::vector<std::string> parts;
  for (const auto& part : record.embodied_parts) {
    parts.push_back(fmt::format("{} {} {}", count_text(part.count), w.times(), w.text(part.device)) +
                    (part.source.empty() ? "" : fmt::format(" ({})", w.text(part.source))));
  }
  return out + fmt::format(" and {} of embodied emissions ({}), spread over the time that the run held them.",
                           w.quantity(record.embodied), fmt::join(parts, ", "));
}

std::string sci_sentence(const RunRecord& record, const Writer& w) {
  if (!record.sci) return "";
  const auto& sci = *record.sci;
  return fmt::format(" Software Carbon Intensity (ISO/IEC 21031:2024, {}): {} {} per {} = (({} {} {}) + {}) / {}.",
                     series::text_of(sci.signal), w.quantity(sci.value()), w.co2e(), w.text(sci.unit),
                     w.quantity(sci.building_energy()), w.times(), w.quantity(sci.intensity), w.quantity(sci.embodied),
                     count_text(sci.count));
}

}  // namespace

std::string run_sentence(const RunRecord& record, Markup markup) {
  const Writer w(markup);
  const auto version = record.versions.find("ebb");
  return fmt::format("{} {} {}{}{} Recorded with ebb {}, following Dodge et al. (FAccT 2022).\n",
                     energy_sentence(record, w), method_sentence(record, w), emissions_sentence(record, w),
                     boundary_sentence(record, w), sci_sentence(record, w),
                     version == record.versions.end() ? "of unknown version" : w.text(version->second));
}

}  // namespace ebb::report
