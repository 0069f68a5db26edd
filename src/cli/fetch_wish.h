#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "cli/command.h"
#include "providers/provider.h"
#include "series/signal.h"
#include "time/instant.h"

namespace ebb::cli {

/// What is wanted of a provider.
struct Wish {
  std::vector<std::string> zones;
  std::optional<series::Signal> signal;
  std::optional<time::Interval> history;
  std::optional<time::Duration> forecast;
  bool latest = false;
  bool refresh = false;
};

/// kUsage: no zone, nothing wanted, or a value that is none.
base::Expected<Wish> wish_of(const Arguments& arguments, const Context& context);

/// The provider's signal that the words mean; its first one where nothing was said. kUsage: it has no such signal.
base::Expected<series::Signal> signal_of(const Wish& wish, const providers::Facts& facts);

/// kUsage: an option that the chosen source would silently ignore.
base::Status refuse_other_options(const Arguments& arguments, bool is_url);

}  // namespace ebb::cli
