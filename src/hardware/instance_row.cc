#include "hardware/instance_row.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "hardware/names.h"

namespace ebb::hardware {
namespace {

constexpr double kMost = 1e6;  // of vCPUs, gigabytes, boards and kilograms

/// With the spread that data/embodied.csv gives a whole server.
EmissionsRange with_spread(double kilograms) {
  static const EmissionsRange server = [] {
    const auto factor = find_embodied("server");
    CHECK(factor.ok());
    return factor->each;
  }();
  const auto value = units::grams(kilograms * 1000.0);
  return {value * units::as_number(server.low / server.value), value,
          value * units::as_number(server.high / server.value)};
}

base::Status read_accelerators(const TableRow& row, Instance& instance) {
  instance.gpu = row.text("gpu");
  if (!row["gpus"].empty()) {
    EBB_TRY(instance.gpus, row.number("gpus", 0.001, kMost));
  }
  if (instance.gpu.empty() != (instance.gpus == 0.0)) return row.error("gpu and gpus are not both given");
  return base::Done{};
}

}  // namespace

std::string instance_key(std::string_view name) {
  std::string key = lower_case(base::trimmed(name.substr(0, 256)));
  std::replace(key.begin(), key.end(), ' ', '_');
  for (const std::string_view prefix : {"standard_", "basic_", "ml."}) {
    if (key.starts_with(prefix)) return key.substr(prefix.size());
  }
  return key;
}

base::Expected<Instance> instance_row(const TableRow& row) {
  Instance instance;
  instance.provider = row.text("provider");
  instance.name = row.text("name");
  instance.source = row.text("source");
  if (instance.provider != "aws" && instance.provider != "azure" && instance.provider != "gcp") {
    return row.error(base::in_quotes(instance.provider) + " is neither aws, azure nor gcp");
  }
  EBB_TRY(instance.vcpus, row.number("vcpus", 0.01, kMost));
  EBB_TRY(instance.memory_gb, row.number("memory_gb", 0.0, kMost));
  EBB_TRY(instance.host_vcpus, row.number("host_vcpus", 0.01, kMost));
  EBB_TRY(const double host_kg, row.number("host_embodied_kg", 0.0, kMost));
  EBB_TRY(const double kg, row.number("embodied_kg", 0.0, kMost));
  if (kg > host_kg) return row.error("embodied_kg is above that of the whole host");
  EBB_TRY_DO(read_accelerators(row, instance));
  instance.host_embodied = with_spread(host_kg);
  instance.embodied = with_spread(kg);
  for (const auto cpu : base::split(row["cpu"], '|')) {
    if (!base::trimmed(cpu).empty()) instance.cpu.emplace_back(base::trimmed(cpu));
  }
  return instance;
}

base::Expected<std::vector<Instance>> parse_instances(std::string_view text, const std::string& name) {
  EBB_TRY(const auto rows, parse_sorted(text, name,
                                        {"provider", "name", "vcpus", "memory_gb", "gpu", "gpus", "cpu", "host_vcpus",
                                         "host_embodied_kg", "embodied_kg", "source"},
                                        {"gpu", "gpus", "cpu"}, "name", instance_key, true));
  std::vector<Instance> out;
  std::string last;
  std::set<std::string> providers;  // that have the name `last`
  for (const auto& row : rows) {
    EBB_TRY(auto instance, instance_row(row));
    if (auto key = instance_key(instance.name); key != last) {
      last = std::move(key);
      providers.clear();
    }
    if (!providers.insert(instance.provider).second) return row.error("the provider has this name twice");
    out.push_back(std::move(instance));
  }
  return out;
}

}  // namespace ebb::hardware
