#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace ebb::cli {

/// A provider of grid series as `ebb doctor` sees it.
struct ProviderFinding {
  std::string name;
  bool works = false;
  bool matters = true;  ///< false: no account was set up, and nothing is wrong with that
  std::string what;
  std::string mend;
};

/// Whether each provider's credentials are there; with --network also whether it answers. Without --network nothing is
/// asked.
std::vector<ProviderFinding> look_at_providers(const Arguments& arguments, const Context& context);

}  // namespace ebb::cli
