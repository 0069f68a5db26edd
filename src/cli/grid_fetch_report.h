#pragma once

#include <optional>
#include <string>
#include <vector>

#include "providers/fetch.h"
#include "report/json.h"
#include "store/store.h"

namespace ebb::cli {

/// What a fetch of one zone came to.
struct FetchOutcome {
  std::string provider;
  std::string zone;
  std::optional<series::Signal> signal;
  providers::Fetched fetched;
  std::vector<store::Entry> entries;  ///< of the series that values went to, as they are kept now
};

/// Lines for a person: what came, what was there already, what changed, what is missing.
std::string text_of(const FetchOutcome& outcome);
report::Json json_of(const FetchOutcome& outcome);

}  // namespace ebb::cli
