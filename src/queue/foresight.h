#pragma once

#include <memory>
#include <optional>
#include <string>

#include "policy/decide.h"
#include "series/series.h"
#include "time/instant.h"

namespace ebb::queue {

/// What is foreseen and what was: the queue's window to the grid. Never waits for a network.
class Foresight {
 public:
  virtual ~Foresight() = default;
  /// Of a zone, as of now; the same object as long as nothing is new. Null where nothing is known; what is too old to
  /// be used is not given.
  virtual std::shared_ptr<const policy::Outlook> outlook(const std::string& zone, time::Instant now) = 0;
  /// What the grid did over that time, of the signal that outlook() foresees; nothing as long as that is not known.
  virtual std::optional<series::Series> actual(const std::string& zone, time::Interval when) = 0;
};

}  // namespace ebb::queue
