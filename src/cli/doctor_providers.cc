#include "cli/doctor_providers.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/network.h"
#include "providers/open.h"

namespace ebb::cli {
namespace {

/// One question that costs little: the zones; where these need no network, the newest value of the first.
base::Status ask(const std::string& name, Network& network) {
  EBB_TRY(const auto open, providers::open_provider(name, network.ports()));
  EBB_TRY(const auto zones, open.provider->zones());
  const auto& facts = open.provider->facts();
  if (facts.secrets.empty()) EBB_TRY_DO(open.provider->latest(zones.front(), facts.signals.front()));
  return base::Done{};
}

}  // namespace

std::vector<ProviderFinding> look_at_providers(const Arguments& arguments, const Context& context) {
  std::vector<ProviderFinding> findings;
  const auto secrets = secret_source(arguments, context);
  for (const auto& access : providers::look_at_access(secrets)) {
    findings.push_back({access.facts->name, access.ready, access.is_wrong, access.what, access.mend});
  }
  if (!arguments.has("--network")) return findings;
  const auto network = Network::open(arguments, context);
  for (auto& finding : findings) {
    if (!finding.works) continue;
    const auto answered = network ? ask(finding.name, **network) : base::Status(network.error());
    finding.what += answered ? "; it answers" : "; " + answered.error().message;
    finding.works = answered.ok();
    finding.matters = true;
  }
  return findings;
}

}  // namespace ebb::cli
