#include "series/signal.h"

#include "base/text.h"

namespace ebb::series {

std::string_view name_of(SignalKind kind) { return kind == SignalKind::kMarginal ? "marginal" : "average"; }
std::string_view name_of(SignalScope scope) { return scope == SignalScope::kDirect ? "direct" : "lifecycle"; }

std::string text_of(const Signal& signal) {
  std::string text;
  if (signal.kind) text += name_of(*signal.kind);
  if (signal.scope) {
    if (!text.empty()) text += ' ';
    text += name_of(*signal.scope);
  }
  return text.empty() ? "unknown signal" : text;
}

std::optional<Signal> parse_signal(std::string_view text) {
  std::string spaced(text);
  for (char& c : spaced) {
    if (c == ',' || c == '/' || c == '\t') c = ' ';
  }
  Signal signal;
  bool any = false;
  for (const auto word : base::split(spaced, ' ')) {
    if (word.empty()) continue;
    any = true;
    if (word == "marginal" && !signal.kind) {
      signal.kind = SignalKind::kMarginal;
    } else if (word == "average" && !signal.kind) {
      signal.kind = SignalKind::kAverage;
    } else if (word == "direct" && !signal.scope) {
      signal.scope = SignalScope::kDirect;
    } else if (word == "lifecycle" && !signal.scope) {
      signal.scope = SignalScope::kLifecycle;
    } else {
      return std::nullopt;
    }
  }
  return any ? std::optional(signal) : std::nullopt;
}

std::string_view saving_word(const Signal& signal) {
  return signal.kind == SignalKind::kMarginal ? "saved" : "less allocated";
}

}  // namespace ebb::series
