#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "http/patient.h"
#include "providers/provider.h"

namespace ebb::providers {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// What to tell the user where a service refuses.
struct Advice {
  std::string title;    ///< "WattTime"
  std::string name;     ///< "watttime"
  std::string zone;     ///< what was asked about; empty: no zone
  std::string refused;  ///< what to do on 401 and 403
  /// What to do on any other status that will not pass.
  std::string wrong = "that request will not do better later: please report it";
};

/// The body of a 200 that is no page for people; else why there is none. A
/// fault or a status that does not pass: kService with what the service said.
/// 404, and 400 and 422 that speak of the zone: kNoData and how to list the
/// zones. 401, 403: kService and Advice::refused.
base::Expected<std::string> body_of(const http::Request& request, http::Answer answer, int attempts,
                                    const Advice& advice);

/// The JSON of a body; kBadData where it is none. For what is no series:
/// tokens, zones, pages.
base::Expected<nlohmann::json> json_of(const std::string& body, const Advice& advice);

/// The same without the request's secrets in its error or its warnings: these quote the answer, which may repeat them.
base::Expected<Reading> scrubbed(base::Expected<Reading> reading, const std::vector<std::string>& secrets);

/// kUsage where the provider does not forecast or not that far.
base::Status check_horizon(const Facts& facts, time::Duration horizon);

}  // namespace ebb::providers
