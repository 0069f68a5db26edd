#include "hardware/cpu_family.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "hardware/names.h"
#include "hardware/power_range.h"
#include "hardware/table.h"

extern "C" const char ebb_data_cpu_family_power_begin[];
extern "C" const char ebb_data_cpu_family_power_end[];

namespace ebb::hardware {
namespace {

constexpr double kLargestNumber = 1e6;  // of what CPUID and thread counts hold

base::Expected<int> whole(const TableRow& row, std::string_view column) {
  EBB_TRY(const double value, row.number(column, 0.0, kLargestNumber));
  if (std::floor(value) != value) return row.error(std::string(column) + " is no whole number");
  return static_cast<int>(value);
}

base::Status read_numbers(const TableRow& row, CpuFamily& family) {
  const std::pair<std::string_view, int*> columns[] = {{"family", &family.family},
                                                       {"model_low", &family.model_low},
                                                       {"model_high", &family.model_high},
                                                       {"stepping_low", &family.stepping_low},
                                                       {"stepping_high", &family.stepping_high},
                                                       {"cores", &family.cores},
                                                       {"threads", &family.threads}};
  for (const auto& [column, target] : columns) {
    EBB_TRY(*target, whole(row, column));
  }
  if (family.model_low > family.model_high || family.stepping_low > family.stepping_high) {
    return row.error("a range of models or steppings ends before it begins");
  }
  if (family.cores < 1 || family.threads < family.cores) return row.error("fewer threads than cores, or no core");
  return base::Done{};
}

base::Expected<CpuFamily> family_in(const TableRow& row) {
  CpuFamily family;
  EBB_TRY_DO(read_numbers(row, family));
  EBB_TRY(const double low, row.number("low_w_per_thread", 0.01, kMostWatts));
  EBB_TRY(const double each, row.number("w_per_thread", 0.01, kMostWatts));
  EBB_TRY(const double high, row.number("high_w_per_thread", 0.01, kMostWatts));
  if (low > each || each > high) return row.error("low_, w_ and high_w_per_thread are not in rising order");
  if (!row["server_max_w"].empty()) {
    EBB_TRY(const double server, row.number("server_max_w", 0.01, kMostWatts));
    family.server_each = units::watts(server);
  }
  family.vendor = row.text("vendor");
  family.name = row.text("name");
  family.each = units::watts(each);
  family.low = units::watts(low);
  family.high = units::watts(high);
  family.source = row.text("source");
  for (const auto other : base::split(row["also"], '|')) {
    if (!base::trimmed(other).empty()) family.also.emplace_back(base::trimmed(other));
  }
  return family;
}

/// The longest of the family's names that stands in `words` as whole words; 0 where none does.
std::size_t longest_name_in(const CpuFamily& family, const std::string& words) {
  std::size_t longest = words.find(words_of(family.name)) != std::string::npos ? family.name.size() : 0;
  for (const auto& other : family.also) {
    if (words.find(words_of(other)) != std::string::npos) longest = std::max(longest, other.size());
  }
  return longest;
}

const CpuFamily* family_in_name(const CpuIdentity& identity) {
  const std::string words = words_of(identity.model_name);
  const CpuFamily* best = nullptr;
  std::size_t longest = 0;
  for (const auto& family : cpu_families()) {
    const auto length = family.vendor == identity.vendor && family.family != 0 ? longest_name_in(family, words) : 0;
    if (length > longest) {
      longest = length;
      best = &family;
    }
  }
  return best;
}

bool within(int value, int low, int high) { return low <= value && value <= high; }

}  // namespace

base::Expected<std::vector<CpuFamily>> parse_cpu_families(std::string_view text, const std::string& name) {
  EBB_TRY(const auto rows, parse_table(text, name,
                                       {"vendor", "family", "model_low", "model_high", "stepping_low", "stepping_high",
                                        "name", "also", "cores", "threads", "w_per_thread", "low_w_per_thread",
                                        "high_w_per_thread", "server_max_w", "source"},
                                       {"also", "server_max_w"}));
  std::vector<CpuFamily> families;
  for (const auto& row : rows) {
    EBB_TRY(auto family, family_in(row));
    families.push_back(std::move(family));
  }
  if (std::none_of(families.begin(), families.end(), [](const CpuFamily& f) { return f.vendor == "any"; })) {
    return base::bad_data(name + ": there is no row for the vendor \"any\"");
  }
  return families;
}

const std::vector<CpuFamily>& cpu_families() {
  static const std::vector<CpuFamily> families = [] {
    auto parsed =
        parse_cpu_families({ebb_data_cpu_family_power_begin, ebb_data_cpu_family_power_end}, "cpu_family_power.csv");
    CHECK(parsed.ok());
    return *std::move(parsed);
  }();
  return families;
}

const CpuFamily* family_of(const CpuIdentity& identity) {
  if (identity.virtual_machine) {
    if (const auto* named = family_in_name(identity)) return named;
  }
  for (const auto& row : cpu_families()) {
    if (row.family != 0 && row.vendor == identity.vendor && row.family == identity.family &&
        within(identity.model, row.model_low, row.model_high) &&
        within(identity.stepping, row.stepping_low, row.stepping_high)) {
      return &row;
    }
  }
  return nullptr;
}

const CpuFamily* family_named(std::string_view name) {
  const std::string words = words_of(name);
  for (const auto& row : cpu_families()) {
    if (row.family == 0) continue;
    if (words_of(row.name) == words) return &row;
    for (const auto& other : row.also) {
      if (words_of(other) == words) return &row;
    }
  }
  return nullptr;
}

const CpuFamily& vendor_family(std::string_view vendor) {
  const CpuFamily* any = nullptr;
  for (const auto& row : cpu_families()) {
    if (row.family == 0 && row.vendor == vendor) return row;
    if (row.vendor == "any") any = &row;
  }
  CHECK(any != nullptr);
  return *any;
}

}  // namespace ebb::hardware
