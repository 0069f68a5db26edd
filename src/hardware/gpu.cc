#include "hardware/gpu.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "hardware/names.h"
#include "hardware/table.h"

extern "C" const char ebb_data_gpu_power_begin[];
extern "C" const char ebb_data_gpu_power_end[];

namespace ebb::hardware {
namespace {

constexpr double kMostGigabytes = 1e6;

using Words = std::set<std::string>;

Words words_in(std::string_view name) {
  const auto list = word_list(name);
  return {list.begin(), list.end()};
}

/// The words of a mobile board's name, with which it is another board with a lower limit.
bool is_mobile(const Words& words) {
  return words.contains("laptop") || words.contains("mobile") || (words.contains("max") && words.contains("q"));
}

/// How many words the row's best name has that all stand in `words`; 0 where no name fits.
std::size_t fit(const GpuPower& gpu, const Words& words) {
  const auto words_that_fit = [&](std::string_view name) {
    const auto its = words_in(name);
    return std::includes(words.begin(), words.end(), its.begin(), its.end()) ? its.size() : 0;
  };
  std::size_t most = words_that_fit(gpu.name);
  for (const auto& other : gpu.also) most = std::max(most, words_that_fit(other));
  return most;
}

base::Expected<double> number_or(const TableRow& row, std::string_view column, double otherwise) {
  if (row[column].empty()) return otherwise;
  return row.number(column, 0.1, kMostWatts);
}

base::Expected<GpuPower> gpu_in(const TableRow& row) {
  EBB_TRY(const double limit, row.number("tdp_w", 0.1, kMostWatts));
  EBB_TRY(const double low, number_or(row, "low_w", limit));
  EBB_TRY(const double high, number_or(row, "high_w", limit));
  EBB_TRY(const double idle, number_or(row, "idle_w", 0.0));
  EBB_TRY(const double memory, row.number("memory_gb", 0.0, kMostGigabytes));
  if (low > limit || limit > high) return row.error("low_w, tdp_w and high_w are not in rising order");
  if (idle > low) return row.error("idle_w is above the limit");
  if (row["kind"] != "gpu" && row["kind"] != "tpu") return row.error("`kind` is neither gpu nor tpu");
  GpuPower gpu{
      row.text("name"),   {},     row.text("kind"),  units::watts(limit), units::watts(low), units::watts(high),
      units::watts(idle), memory, row.text("source")};
  for (const auto other : base::split(row["also"], '|')) {
    if (!base::trimmed(other).empty()) gpu.also.emplace_back(base::trimmed(other));
  }
  return gpu;
}

}  // namespace

base::Expected<std::vector<GpuPower>> parse_gpu_powers(std::string_view text, const std::string& name) {
  EBB_TRY(const auto rows,
          parse_table(text, name, {"name", "also", "kind", "tdp_w", "low_w", "high_w", "idle_w", "memory_gb", "source"},
                      {"also", "low_w", "high_w", "idle_w"}));
  std::vector<GpuPower> gpus;
  std::set<Words> seen;
  for (const auto& row : rows) {
    EBB_TRY(auto gpu, gpu_in(row));
    auto names = gpu.also;
    names.push_back(gpu.name);
    for (const auto& each : names) {
      if (words_in(each).empty()) return row.error(base::in_quotes(each) + " is no name");
      if (!seen.insert(words_in(each)).second) return row.error("the name " + base::in_quotes(each) + " comes twice");
    }
    gpus.push_back(std::move(gpu));
  }
  return gpus;
}

const std::vector<GpuPower>& gpu_powers() {
  static const std::vector<GpuPower> gpus = [] {
    auto parsed = parse_gpu_powers({ebb_data_gpu_power_begin, ebb_data_gpu_power_end}, "gpu_power.csv");
    CHECK(parsed.ok());
    return *std::move(parsed);
  }();
  return gpus;
}

base::Expected<GpuPower> find_gpu(std::string_view name) {
  const Words words = words_in(name.substr(0, 256));
  const GpuPower* best = nullptr;
  std::size_t most = 0;
  std::vector<std::string> names;
  for (const auto& gpu : gpu_powers()) {
    names.push_back(gpu.name);
    const auto fitting = fit(gpu, words);
    if (fitting > most) {
      most = fitting;
      best = &gpu;
    }
  }
  if (best == nullptr || is_mobile(words)) return unknown_name("GPU", name, names);
  return *best;
}

PowerRange gpu_power(const GpuPower& gpu, double utilisation) {
  CHECK(std::isfinite(utilisation));
  const double busy = std::clamp(utilisation, 0.0, 1.0);
  const bool known = gpu.idle > units::Power{};
  const auto between = [&](units::Power idle, units::Power working) {
    return idle + (std::max(idle, working) - idle) * busy;
  };
  return {between(known ? gpu.idle : gpu.limit_low * kIdleOfLimitLow, gpu.limit_low * kBusyOfLimitLow),
          between(known ? gpu.idle : gpu.limit * kIdleOfLimit, gpu.limit * kBusyOfLimit),
          between(known ? std::min(gpu.idle * kHeldOfIdle, gpu.limit_high * kBusyOfLimitHigh)
                        : gpu.limit_high * kIdleOfLimitHigh,
                  gpu.limit_high * kBusyOfLimitHigh)};
}

}  // namespace ebb::hardware
