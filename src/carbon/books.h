#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "carbon/emissions.h"
#include "series/signal.h"

namespace ebb::carbon {

/// Law 11. Attributional: average intensity, what an inventory must report. Consequential: marginal, what a decision
/// changes.
enum class BookKind { kAttributional, kConsequential };
std::string_view name_of(BookKind kind);  ///< "attributional", "consequential"

/// The book that a signal belongs to: average -> attributional, marginal -> consequential. kBadData where the series
/// does not say what it is: it is not guessed.
base::Expected<BookKind> book_of(const series::Signal& signal);

/// One figure of a book with everything that must be printed beside it.
struct Book {
  series::Signal signal;
  std::string zone;
  std::string source;
  std::string vintage;
  series::DataQuality quality;
  units::Emissions emissions;
};

/// Both figures of one run or plan; a book without data is nothing, and `warnings` says why.
struct TwoBooks {
  std::optional<Book> attributional;
  std::optional<Book> consequential;
  std::vector<std::string> warnings;
};

/// Prices the energy in the book of each series. A series with a gap under the job leaves its book empty.
/// Errors: kBadData for a series of unknown signal, kUsage for two series of one book (they are never added or
/// averaged).
base::Expected<TwoBooks> two_books(const EnergyBySlot& energy, const std::vector<series::Series>& series);

/// other - baseline. kUsage where signal, source, vintage differ (law 5); zones may: that is what moving a job means.
base::Expected<units::Emissions> difference(const Book& baseline, const Book& other);

/// Whether one book says that `other` emits more than `baseline` and the other book that it emits less. Differences
/// below 1e-12 of the baseline are none. Nothing where a book is empty or cannot be compared.
std::optional<bool> disagree_in_sign(const TwoBooks& baseline, const TwoBooks& other);

}  // namespace ebb::carbon
