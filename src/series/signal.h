#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ebb::series {

/// What an intensity means. `marginal`: short-run marginal operating emissions (what a decision changes); `average`:
/// of all generation (what an inventory reports).
enum class SignalKind { kMarginal, kAverage };
/// `direct`: combustion only; `lifecycle`: with fuel supply and construction.
enum class SignalScope { kDirect, kLifecycle };

/// Typed field of every series; what its source does not say is unknown, not guessed. Law 5: two signals that differ
/// are never summed, compared or drawn in one panel.
struct Signal {
  std::optional<SignalKind> kind;
  std::optional<SignalScope> scope;

  friend bool operator==(const Signal&, const Signal&) = default;
};

inline constexpr Signal kMarginalDirect{SignalKind::kMarginal, SignalScope::kDirect};
inline constexpr Signal kAverageLifecycle{SignalKind::kAverage, SignalScope::kLifecycle};

std::string_view name_of(SignalKind kind);    ///< "marginal", "average"
std::string_view name_of(SignalScope scope);  ///< "direct", "lifecycle"
std::string text_of(const Signal& signal);    ///< "marginal direct", "average", "unknown signal"

/// "marginal", "average lifecycle", "marginal,direct"; nothing where a word is unknown or comes twice.
std::optional<Signal> parse_signal(std::string_view text);

/// Law 11: which word a difference of this signal may be called by: "saved" only where marginal, else "allocated".
std::string_view saving_word(const Signal& signal);

}  // namespace ebb::series
