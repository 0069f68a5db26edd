#include "providers/open.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "http/url.h"
#include "providers/carbon_intensity_uk.h"
#include "providers/eia.h"
#include "providers/electricity_maps.h"
#include "providers/watttime.h"

namespace ebb::providers {
namespace {

base::Expected<std::string> address(const Ports& ports, const char* variable, const char* usual) {
  std::string base = ports.environment(variable).value_or("");
  if (base.empty()) base = usual;
  while (base.ends_with('/')) base.pop_back();
  if (const auto origin = http::origin_of(base); !origin) return origin.error().in(fmt::format("${}", variable));
  return base;
}

base::Error unknown(const std::string& name) {
  std::vector<std::string> names;
  for (const auto* facts : all_facts()) names.push_back(facts->name);
  const auto near = base::nearest_names(name, names, 1);
  return base::usage_error(fmt::format("--provider: {} is none of {}{}", base::in_quotes(name), fmt::join(names, ", "),
                                       near.empty() ? "" : "; did you mean " + near.front() + "?"));
}

}  // namespace

const std::vector<const Facts*>& all_facts() {
  static const std::vector<const Facts*> all{&Eia::static_facts(), &ElectricityMaps::static_facts(),
                                             &CarbonIntensityUk::static_facts(), &WattTime::static_facts()};
  return all;
}

base::Expected<OpenProvider> open_provider(const std::string& name, const Ports& ports) {
  const Facts* facts = nullptr;
  for (const auto* one : all_facts()) {
    if (one->name == name) facts = one;
  }
  if (facts == nullptr) return unknown(name);
  EBB_TRY(auto secrets, ports.secrets.all(facts->title, facts->secrets));
  if (name == "watttime") {
    EBB_TRY(auto base, address(ports, "EBB_WATTTIME_URL", "https://api.watttime.org"));
    auto made = std::make_unique<WattTime>(ports.http, ports.clock, base, std::move(secrets[0]), std::move(secrets[1]));
    return OpenProvider{std::move(made), base};
  }
  if (name == "electricity-maps") {
    EBB_TRY(auto base, address(ports, "EBB_ELECTRICITYMAPS_URL", "https://api.electricitymaps.com/v3"));
    auto made = std::make_unique<ElectricityMaps>(ports.http, ports.clock, base, std::move(secrets[0]));
    return OpenProvider{std::move(made), base};
  }
  if (name == "eia") {
    EBB_TRY(auto base, address(ports, "EBB_EIA_URL", "https://api.eia.gov"));
    return OpenProvider{std::make_unique<Eia>(ports.http, ports.clock, base, std::move(secrets[0])), base};
  }
  EBB_TRY(auto base, address(ports, "EBB_UK_URL", "https://api.carbonintensity.org.uk"));
  return OpenProvider{std::make_unique<CarbonIntensityUk>(ports.http, ports.clock, base), base};
}

std::vector<Access> look_at_access(const SecretSource& secrets) {
  std::vector<Access> all;
  for (const auto* facts : all_facts()) {
    Access access{facts, true, false, "needs no account", ""};
    if (!facts->secrets.empty()) {
      const auto found = secrets.all(facts->title, facts->secrets);
      access.ready = found.ok();
      access.what = found ? fmt::format("{} {} there", fmt::join(facts->secrets, " and "),
                                        facts->secrets.size() > 1 ? "are" : "is")
                          : found.error().message;
      if (!found) access.mend = fmt::format("an account: {}", facts->registration);
      for (const auto& name : facts->secrets) access.is_wrong = access.is_wrong || !secrets.find(name).ok();
    }
    all.push_back(std::move(access));
  }
  return all;
}

}  // namespace ebb::providers
