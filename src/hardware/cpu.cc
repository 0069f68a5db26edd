#include "hardware/cpu.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/check.h"
#include "base/text.h"
#include "hardware/cpu_family.h"
#include "hardware/cpu_name.h"
#include "hardware/cpu_row.h"
#include "hardware/names.h"
#include "hardware/power_model.h"

extern "C" const char ebb_data_cpu_power_begin[];
extern "C" const char ebb_data_cpu_power_end[];

namespace ebb::hardware {
namespace {

constexpr int kFirstZen = 23;  // CPUID family from which AMD's cores have two threads

const SortedTable& table() {
  static const SortedTable sorted(cpu_power_table(), "cpu_power.csv", "name", cpu_key);
  return sorted;
}

std::optional<CpuRow> row_named(std::string_view name) {
  const auto rows = table().find(cpu_key(name));
  if (rows.empty()) return std::nullopt;
  auto row = cpu_row(rows.front());
  CHECK(row.ok());
  return *std::move(row);
}

void widen(CpuPower& cpu, double low, double high) {
  cpu.low_factor = combined_factor(cpu.low_factor, low);
  cpu.high_factor = combined_factor(cpu.high_factor, high);
}

CpuPower of_row(const CpuRow& row) {
  CpuPower cpu{row.name, CpuMatch::kExactName,      row.cores, row.threads, row.tdp,   row.idle,
               row.full, row.full > units::Power{}, kModelLow, kModelHigh,  row.source};
  if (!cpu.measured) {
    cpu.idle = row.tdp * kIdleOfTdp;
    cpu.full = row.tdp * kFullOfTdp;
  }
  widen(cpu, units::as_number(row.low / row.tdp), units::as_number(row.high / row.tdp));
  return cpu;
}

CpuPower of_family(const CpuFamily& family, CpuMatch match) {
  const auto tdp = family.each * family.threads;
  CpuPower cpu{family.name,
               match,
               family.cores,
               family.threads,
               tdp,
               tdp * kIdleOfTdp,
               tdp * kFullOfTdp,
               false,
               kModelLow,
               kModelHigh,
               "data/cpu_family_power.csv: " + family.source};
  widen(cpu, units::as_number(family.low / family.each), units::as_number(family.high / family.each));
  return cpu;
}

/// Threads that nobody gives, from what such CPUs take by thread; the machine's share is then as unsure.
void guess_threads(CpuPower& cpu, const CpuFamily& alike) {
  cpu.threads = std::max({1, cpu.cores, static_cast<int>(std::lround(units::as_number(cpu.tdp / alike.each)))});
  widen(cpu, units::as_number(alike.low / alike.each), units::as_number(alike.high / alike.each));
}

/// How many logical CPUs of this machine, or of its host, are one package.
void set_threads(CpuPower& cpu, const CpuIdentity& identity) {
  if (!identity.virtual_machine) {
    // What is switched on counts: the machine's CPUs share the whole package's power.
    if (identity.threads_per_socket > 0) {
      cpu.threads = identity.threads_per_socket;
    } else if (identity.logical_cpus > 0) {
      cpu.threads = std::max(1, identity.logical_cpus / std::max(1, identity.sockets));
    }
  }
  if (cpu.threads > 0) return;
  if (cpu.cores == 0) cpu.cores = cores_in_name(identity.model_name);
  if (cpu.cores > 0 && identity.vendor == "AuthenticAMD") {
    cpu.threads = cpu.cores * (identity.family >= kFirstZen ? 2 : 1);
    return;
  }
  const auto* family = family_of(identity);
  guess_threads(cpu, family != nullptr ? *family : vendor_family(identity.vendor));
}

std::string_view vendor_in(std::string_view name) {
  const auto words = words_of(name);
  if (words.find(" intel ") != std::string::npos || words.find(" xeon ") != std::string::npos) return "GenuineIntel";
  return words.find(" amd ") != std::string::npos ? "AuthenticAMD" : "any";
}

CpuPower named(const CpuRow& row) {
  auto cpu = of_row(row);
  if (cpu.threads == 0) guess_threads(cpu, vendor_family(vendor_in(row.name)));
  return cpu;
}

bool has_all_words(std::string_view name, const std::vector<std::string_view>& words) {
  const std::string lower = lower_case(name);
  const auto in_name = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
  if (!std::all_of(words.begin(), words.end(), in_name)) return false;  // a key costs more
  const std::string key = fmt::format(" {} ", cpu_key(name));
  return std::all_of(words.begin(), words.end(),
                     [&](std::string_view word) { return key.find(fmt::format(" {} ", word)) != std::string::npos; });
}

/// Names with all these words, at most four: one is an answer, more are a choice.
std::vector<std::string> names_with(const std::string& key) {
  std::vector<std::string> found;
  if (key.empty()) return found;
  const auto words = base::split(key, ' ');
  table().for_each_name("", [&](std::string_view name) {
    if (has_all_words(name, words)) found.emplace_back(name);
    return found.size() < 4;
  });
  return found;
}

/// The nearest among the families and the CPUs of the same brand: what has not even that is no typing error.
base::Error unknown_cpu_name(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& family : cpu_families()) names.push_back(family.name);
  const std::string key = cpu_key(name);
  if (const auto brand = key.substr(0, key.find(' ')); !brand.empty()) {
    table().for_each_name(brand, [&](std::string_view each) { return names.emplace_back(each), true; });
  }
  return unknown_name("CPU", name, names);
}

}  // namespace

std::string_view text_of(CpuMatch match) {
  switch (match) {
    case CpuMatch::kExactName:
      return "by name";
    case CpuMatch::kFamily:
      return "by CPU family";
    case CpuMatch::kVendorDefault:
      return "by vendor only";
  }
  return "";
}

std::string_view cpu_power_table() { return {ebb_data_cpu_power_begin, ebb_data_cpu_power_end}; }

CpuPower find_cpu(const CpuIdentity& identity) {
  if (const auto row = row_named(identity.model_name)) {
    auto cpu = of_row(*row);
    set_threads(cpu, identity);
    return cpu;
  }
  if (const auto* family = family_of(identity)) return of_family(*family, CpuMatch::kFamily);
  return of_family(vendor_family(identity.vendor), CpuMatch::kVendorDefault);
}

CpuPower unknown_cpu() { return of_family(vendor_family("any"), CpuMatch::kVendorDefault); }

base::Expected<CpuPower> find_cpu_by_name(std::string_view name) {
  if (const auto row = row_named(name)) return named(*row);
  if (const auto* family = family_named(name)) return of_family(*family, CpuMatch::kFamily);
  const auto alike = names_with(cpu_key(name));
  if (alike.size() == 1) return named(*row_named(alike.front()));
  if (!alike.empty()) {
    return base::usage_error(fmt::format("{} stands for several CPUs: {}{}", base::in_quotes(name),
                                         fmt::join(alike, ", "), alike.size() == 4 ? ", ..." : ""));
  }
  return unknown_cpu_name(name);
}

}  // namespace ebb::hardware
