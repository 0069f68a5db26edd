#include "serve/grid_foresight.h"

namespace ebb::serve {
namespace {

constexpr auto kLookEvery = std::chrono::minutes(15);

}  // namespace

std::shared_ptr<const policy::Outlook> GridForesight::outlook(const std::string& zone, time::Instant now) {
  auto& known = known_[zone];
  // A clock that was set back looks again, too.
  const auto age = now - known.looked;
  if (known.looked != time::Instant{} && age >= time::Duration(0) && age < kLookEvery) return known.outlook;
  auto seen = outlook::look_ahead(catalogue_, {zone}, now);
  known.looked = now;
  known.outlook = seen && *seen ? std::make_shared<const policy::Outlook>(**std::move(seen)) : nullptr;
  return known.outlook;
}

std::optional<series::Series> GridForesight::actual(const std::string& zone, time::Interval when) {
  auto seen = outlook::look_back(catalogue_, {zone}, when);
  return seen ? *std::move(seen) : std::nullopt;
}

}  // namespace ebb::serve
