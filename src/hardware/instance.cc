#include "hardware/instance.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "hardware/instance_row.h"
#include "hardware/names.h"

extern "C" const char ebb_data_instances_begin[];
extern "C" const char ebb_data_instances_end[];

namespace ebb::hardware {
namespace {

constexpr std::array<std::string_view, 3> kProviders = {"aws", "azure", "gcp"};

struct Wanted {
  std::string provider;  ///< "": any
  std::string_view name;
};

base::Expected<Wanted> wanted(std::string_view text) {
  text = base::trimmed(text);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return Wanted{"", text};
  auto provider = lower_case(base::trimmed(text.substr(0, colon)));
  if (std::find(kProviders.begin(), kProviders.end(), provider) == kProviders.end()) {
    return unknown_name("cloud provider", provider, {kProviders.begin(), kProviders.end()});
  }
  return Wanted{std::move(provider), base::trimmed(text.substr(colon + 1))};
}

base::Expected<Instance> find_in(const SortedTable& table, std::string_view text) {
  EBB_TRY(const auto want, wanted(text));
  std::vector<Instance> found;
  for (const auto& row : table.find(instance_key(want.name))) {
    EBB_TRY(auto instance, instance_row(row));
    if (want.provider.empty() || instance.provider == want.provider) found.push_back(std::move(instance));
  }
  if (found.size() == 1) return std::move(found.front());
  std::vector<std::string> names;
  if (found.empty()) {
    table.for_each_name("", [&](std::string_view name) { return names.emplace_back(name), true; });
    return unknown_name("instance type", want.name, names);
  }
  for (const auto& each : found) names.push_back(each.provider + ":" + each.name);
  return base::usage_error(
      fmt::format("{} is sold by several providers: say {}", base::in_quotes(text), fmt::join(names, " or ")));
}

units::Power each_of(const CpuPower& cpu, units::Power power) { return power / cpu.threads; }

}  // namespace

base::Expected<Instance> find_instance_in(std::string_view text, std::string_view name) {
  return find_in(SortedTable(text, "instances", "name", instance_key), name);
}

std::string_view instance_table() { return {ebb_data_instances_begin, ebb_data_instances_end}; }

base::Expected<Instance> find_instance(std::string_view name) {
  static const SortedTable table(instance_table(), "instances.csv", "name", instance_key);
  return find_in(table, name);
}

CpuPower instance_cpu(const Instance& instance) {
  std::vector<CpuPower> cpus;
  for (const auto& name : instance.cpu) {
    if (auto cpu = find_cpu_by_name(name)) cpus.push_back(*std::move(cpu));
  }
  if (cpus.empty()) return unknown_cpu();
  if (cpus.size() == 1) return cpus.front();
  // By thread, as the candidates' packages are of different sizes; the mean is given as a package of one thread.
  CpuPower mean{std::string(fmt::format("{}", fmt::join(instance.cpu, " or "))),
                CpuMatch::kFamily,
                0,
                1,
                {},
                {},
                {},
                false,
                1.0,
                1.0,
                cpus.front().source};
  const double count = static_cast<double>(cpus.size());
  for (const auto& cpu : cpus) {
    mean.tdp += each_of(cpu, cpu.tdp) / count;
    mean.idle += each_of(cpu, cpu.idle) / count;
    mean.full += each_of(cpu, cpu.full) / count;
  }
  for (const auto& cpu : cpus) {
    for (const auto& [its, all] : {std::pair(cpu.idle, mean.idle), std::pair(cpu.full, mean.full)}) {
      const double ratio = units::as_number(each_of(cpu, its) / all);
      mean.low_factor = std::min(mean.low_factor, cpu.low_factor * ratio);
      mean.high_factor = std::max(mean.high_factor, cpu.high_factor * ratio);
    }
  }
  return mean;
}

}  // namespace ebb::hardware
