#include "store/entry.h"

#include <fmt/format.h>

#include "time/text.h"

namespace ebb::store {

Key key_of(const series::Series& series) {
  const auto& from = series.provenance();
  const auto over = series.begin().time_since_epoch() % series.step();
  const auto phase = (over + series.step()) % series.step();  // of a time before 1970 as well
  return {from.zone, from.signal, from.source, from.vintage, series.step(), phase};
}

std::string text_of(const Key& key) {
  std::string text = fmt::format("{}, {}", key.zone, series::text_of(key.signal));
  if (!key.source.empty()) text += ", " + key.source;
  if (!key.vintage.empty()) text += ", " + key.vintage;
  return text + fmt::format(", every {}", time::text_of(key.step));
}

}  // namespace ebb::store
