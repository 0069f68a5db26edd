#include "hardware/embodied.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "hardware/names.h"
#include "hardware/table.h"

extern "C" const char ebb_data_embodied_begin[];
extern "C" const char ebb_data_embodied_end[];

namespace ebb::hardware {
namespace {

constexpr double kGramsPerKilogram = 1000.0;
constexpr double kBaseMemoryGb = 16.0;

base::Expected<EmbodiedFactor> factor_of(const TableRow& row) {
  EBB_TRY(const double value, row.number("kg", 0.0));
  EBB_TRY(const double low, row.number("low_kg", 0.0));
  EBB_TRY(const double high, row.number("high_kg", 0.0));
  EBB_TRY(const double years, row.number("lifetime_years", 0.1));
  if (low > value || value > high) return row.error("low_kg, kg and high_kg are not in rising order");
  if (row["per"] != "unit" && row["per"] != "gigabyte") return row.error("`per` is neither unit nor gigabyte");
  const auto kilograms = [](double kg) { return units::grams(kg * kGramsPerKilogram); };
  return EmbodiedFactor{row.text("device"),
                        row.text("kind"),
                        row["per"] == "gigabyte",
                        {kilograms(low), kilograms(value), kilograms(high)},
                        years,
                        row.text("vintage"),
                        row.text("licence"),
                        row.text("range"),
                        row.text("source"),
                        row.text("weakness")};
}

EmissionsRange operator*(EmissionsRange range, double factor) {
  return {range.low * factor, range.value * factor, range.high * factor};
}

}  // namespace

base::Expected<std::vector<EmbodiedFactor>> parse_embodied(std::string_view text, const std::string& name) {
  EBB_TRY(const auto rows, parse_table(text, name,
                                       {"device", "kind", "per", "kg", "low_kg", "high_kg", "lifetime_years", "vintage",
                                        "licence", "range", "source", "weakness"}));
  std::vector<EmbodiedFactor> factors;
  for (const auto& row : rows) {
    EBB_TRY(auto factor, factor_of(row));
    for (const auto& other : factors) {
      if (words_of(other.device) == words_of(factor.device)) return row.error("the device comes twice");
    }
    factors.push_back(std::move(factor));
  }
  return factors;
}

const std::vector<EmbodiedFactor>& embodied_factors() {
  static const std::vector<EmbodiedFactor> factors = [] {
    auto parsed = parse_embodied({ebb_data_embodied_begin, ebb_data_embodied_end}, "embodied.csv");
    CHECK(parsed.ok());
    return *std::move(parsed);
  }();
  return factors;
}

base::Expected<EmbodiedFactor> find_embodied(std::string_view device) {
  const std::string words = words_of(device);
  const EmbodiedFactor* best = nullptr;
  std::vector<std::string> names;
  for (const auto& factor : embodied_factors()) {
    names.push_back(factor.device);
    if (words.find(words_of(factor.device)) == std::string::npos) continue;
    if (best == nullptr || factor.device.size() > best->device.size()) best = &factor;
  }
  if (best == nullptr) return unknown_name("device", device, names);
  return *best;
}

base::Expected<EmissionsRange> server_embodied(const ServerParts& parts) {
  if (parts.cpus < 1 || parts.ssds < 0 || parts.hdds < 0 || parts.gpus < 0 || !(parts.memory_gb >= 0.0)) {
    return base::usage_error("a server has at least one CPU and no negative number of anything");
  }
  EBB_TRY(const auto base_factor, find_embodied("server"));
  EmissionsRange sum = base_factor.each;
  const std::pair<std::string_view, double> more[] = {{"cpu", parts.cpus - 1},
                                                      {"memory", std::max(0.0, parts.memory_gb - kBaseMemoryGb)},
                                                      {"ssd", parts.ssds},
                                                      {"hdd", parts.hdds},
                                                      {parts.gpu, parts.gpus}};
  for (const auto& [device, count] : more) {
    EBB_TRY(const auto factor, find_embodied(device));
    const auto part = factor.each * count;
    sum = {sum.low + part.low, sum.value + part.value, sum.high + part.high};
  }
  return sum;
}

EmissionsRange embodied_share(EmissionsRange total, time::Duration reserved, time::Duration lifetime,
                              double resource_share) {
  CHECK(lifetime > time::Duration(0) && reserved >= time::Duration(0));
  CHECK(resource_share >= 0.0 && resource_share <= 1.0);
  return total * (time::in_seconds(reserved) / time::in_seconds(lifetime) * resource_share);
}

base::Expected<EmissionsRange> embodied_share(std::string_view device, double count, time::Duration reserved,
                                              double lifetime_years) {
  EBB_TRY(const auto factor, find_embodied(device));
  if (!(count >= 0.0) || !std::isfinite(count)) {
    return base::usage_error(fmt::format("{} is no number of devices", count));
  }
  const double years = lifetime_years > 0.0 ? lifetime_years : factor.lifetime_years;
  const auto lifetime = time::from_seconds(std::min(years, 250.0) * time::in_seconds(kLifetimeYear));
  return embodied_share(factor.each * count, reserved, lifetime);
}

}  // namespace ebb::hardware
