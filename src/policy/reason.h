#pragma once

#include <string>

#include "policy/decide.h"

namespace ebb::policy {

/// Why, in one sentence, grams first where they are known. `signal`: which word a difference may be called by (law 5).
/// `why` is put in where the rule alone does not say it; may be empty.
std::string reason_of(const Decision& decision, const Situation& situation, const Outlook* outlook,
                      const std::string& why);

}  // namespace ebb::policy
