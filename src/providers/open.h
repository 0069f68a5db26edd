#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/patient.h"
#include "providers/provider.h"
#include "providers/secrets.h"
#include "time/clock.h"

namespace ebb::providers {

/// What a provider is made of. The references must outlive it.
struct Ports {
  http::Patient& http;
  const time::Clock& clock;
  Environment environment;
  const SecretSource& secrets;
};

struct OpenProvider {
  std::unique_ptr<Provider> provider;
  std::string base;  ///< the address that it asks
};

/// Every provider's facts, by name.
const std::vector<const Facts*>& all_facts();

/// kUsage: an unknown name (with the nearest), a secret that is missing, an
/// address that is none. Its address is $EBB_WATTTIME_URL,
/// $EBB_ELECTRICITYMAPS_URL, $EBB_UK_URL or $EBB_EIA_URL, else the service's
/// own.
base::Expected<OpenProvider> open_provider(const std::string& name, const Ports& ports);

/// Whether a provider's secrets are there, without asking it.
struct Access {
  const Facts* facts = nullptr;
  bool ready = false;
  bool is_wrong = false;  ///< something is there and cannot be used; false: there is nothing
  std::string what;
  std::string mend;
};
std::vector<Access> look_at_access(const SecretSource& secrets);

}  // namespace ebb::providers
