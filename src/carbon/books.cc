#include "carbon/books.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace ebb::carbon {
namespace {

std::string described(const Book& book) {
  const std::string source = book.source.empty() ? "an unnamed source" : book.source;
  return fmt::format("{} of {}{}{}", series::text_of(book.signal), source, book.vintage.empty() ? "" : ", ",
                     book.vintage);
}

/// -1, 0 or 1; nothing where the two cannot be compared.
std::optional<int> sign_of_difference(const std::optional<Book>& baseline, const std::optional<Book>& other) {
  if (!baseline || !other) return std::nullopt;
  const auto change = difference(*baseline, *other);
  if (!change) return std::nullopt;
  const double grams = units::in_grams(*change);
  if (std::fabs(grams) <= 1e-12 * std::fabs(units::in_grams(baseline->emissions))) return 0;
  return grams > 0.0 ? 1 : -1;
}

}  // namespace

std::string_view name_of(BookKind kind) { return kind == BookKind::kAttributional ? "attributional" : "consequential"; }

base::Expected<BookKind> book_of(const series::Signal& signal) {
  if (!signal.kind) {
    return base::bad_data(
        "the series does not say whether it is marginal or average: add a line \"# signal: average\" or "
        "\"# signal: marginal\" before its header");
  }
  return *signal.kind == series::SignalKind::kAverage ? BookKind::kAttributional : BookKind::kConsequential;
}

base::Expected<TwoBooks> two_books(const EnergyBySlot& energy, const std::vector<series::Series>& series) {
  TwoBooks books;
  std::optional<std::string> seen[2];
  for (const auto& one : series) {
    const auto kind = book_of(one.signal());
    if (!kind) return kind.error().in(one.zone().empty() ? "unnamed series" : one.zone());
    auto& before = seen[*kind == BookKind::kAttributional ? 0 : 1];
    if (before) {
      return base::usage_error(
          fmt::format("two series for the {} book ({} and {}): give one", name_of(*kind), *before, one.zone()));
    }
    before = one.zone();
    const auto emissions = emissions_of(energy, one);
    if (!emissions) {
      books.warnings.push_back(fmt::format("no {} figure: {}", name_of(*kind), emissions.error().message));
      continue;
    }
    const auto& from = one.provenance();
    auto& book = *kind == BookKind::kAttributional ? books.attributional : books.consequential;
    book = Book{from.signal, from.zone, from.source, from.vintage, from.quality, *emissions};
  }
  for (const auto kind : {BookKind::kAttributional, BookKind::kConsequential}) {
    if (seen[kind == BookKind::kAttributional ? 0 : 1]) continue;
    books.warnings.push_back(fmt::format("no {} figure: no {} series was given", name_of(kind),
                                         kind == BookKind::kAttributional ? "average" : "marginal"));
  }
  return books;
}

base::Expected<units::Emissions> difference(const Book& baseline, const Book& other) {
  if (baseline.signal != other.signal || baseline.source != other.source || baseline.vintage != other.vintage) {
    return base::usage_error(fmt::format("{} and {} cannot be subtracted: they mean different things",
                                         described(baseline), described(other)));
  }
  return other.emissions - baseline.emissions;
}

std::optional<bool> disagree_in_sign(const TwoBooks& baseline, const TwoBooks& other) {
  const auto attributional = sign_of_difference(baseline.attributional, other.attributional);
  const auto consequential = sign_of_difference(baseline.consequential, other.consequential);
  if (!attributional || !consequential) return std::nullopt;
  return *attributional * *consequential < 0;
}

}  // namespace ebb::carbon
