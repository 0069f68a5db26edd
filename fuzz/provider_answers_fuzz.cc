// Whatever a provider answers, there is a reading about what was asked for or an error, and no secret of the request in
// any message.
// The first byte chooses provider and question, the second the status; the rest is the body of every answer.
#include <array>
#include <memory>

#include "http/fake_client.h"
#include "http/patient.h"
#include "providers/carbon_intensity_uk.h"
#include "providers/eia.h"
#include "providers/electricity_maps.h"
#include "providers/plain_file.h"
#include "providers/watttime.h"
#include "target.h"

namespace {

using namespace ebb;

constexpr const char* kSecret = "hunter2hunter2";
constexpr std::array kStatuses{200, 200, 200, 200, 400, 401, 403, 404, 429, 500, 302, 204};

struct World {
  time::FakeClock clock{time::Instant(std::chrono::seconds(1'706'745'600))};
  http::FakeWaiter waiter{clock};
  http::FakeClient client;
  http::Patient patient{client, waiter, clock, {}};
};

std::unique_ptr<providers::Provider> provider_of(unsigned number, World& world) {
  using providers::Secret;
  switch (number % 4) {
    case 0:
      return std::make_unique<providers::WattTime>(world.patient, world.clock, "https://h", Secret("me"),
                                                   Secret(kSecret));
    case 1:
      return std::make_unique<providers::ElectricityMaps>(world.patient, world.clock, "https://h", Secret(kSecret));
    case 2:
      return std::make_unique<providers::CarbonIntensityUk>(world.patient, world.clock, "https://h");
    default:
      return std::make_unique<providers::Eia>(world.patient, world.clock, "https://h", Secret(kSecret));
  }
}

void check_message(const base::Error& error, bool has_secret) {
  CHECK(!error.message.empty() && error.message.size() < 4000);
  CHECK(!has_secret || error.message.find(kSecret) == std::string::npos);
}

void check_reading(const base::Expected<providers::Reading>& reading, const std::string& zone,
                   const series::Signal& signal) {
  if (!reading) return check_message(reading.error(), zone != "GB");
  for (const auto& series : reading->series) {
    CHECK(series.zone() == zone && series.signal() == signal);
    for (const double value : series.values()) CHECK(series::is_missing(value) || series::is_plausible(value));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  World world;
  const std::string body(fuzz::text_of(data + 2, size - 2));
  const int status = kStatuses[data[1] % kStatuses.size()];
  // Logins are answered well unless the question is about them.
  const unsigned what = data[0] / 4 % 6;
  world.client.otherwise = [&](const http::Request& request) {
    const bool login = request.url.ends_with("/login");
    return login && what != 4 ? http::answer_of(200, R"({"token":"hunter2hunter2"})") : http::answer_of(status, body);
  };
  if (what == 5) {
    const auto file = providers::fetch_file(world.patient, "https://h/x.json", {});
    if (!file) check_message(file.error(), false);
    return 0;
  }
  const auto provider = provider_of(data[0], world);
  const auto signal = provider->facts().signals.front();
  constexpr std::array kZones{"CAISO_NORTH", "DE", "GB", "CISO"};
  const std::string zone = kZones[data[0] % 4];
  const time::Interval when{world.clock.now() - std::chrono::hours(48), world.clock.now()};
  if (what == 1) {
    check_reading(provider->latest(zone, signal), zone, signal);
  } else if (what == 2) {
    check_reading(provider->forecast(zone, signal, std::chrono::hours(24)), zone, signal);
  } else if (what == 3) {
    const auto zones = provider->zones();
    if (!zones) check_message(zones.error(), zone != "GB");
    CHECK(!zones || !zones->empty());
  } else {
    check_reading(provider->history({zone, signal, when}), zone, signal);
  }
  return 0;
}
