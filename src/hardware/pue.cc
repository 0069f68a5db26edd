#include "hardware/pue.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "hardware/names.h"
#include "hardware/table.h"

extern "C" const char ebb_data_pue_begin[];
extern "C" const char ebb_data_pue_end[];

namespace ebb::hardware {
base::Expected<std::vector<Pue>> parse_pues(std::string_view text, const std::string& name) {
  EBB_TRY(const auto rows,
          parse_table(text, name, {"provider", "name", "pue", "low", "high", "vintage", "licence", "range", "source"}));
  std::vector<Pue> pues;
  for (const auto& row : rows) {
    EBB_TRY(const double value, row.number("pue", 1.0));
    EBB_TRY(const double low, row.number("low", 1.0));
    EBB_TRY(const double high, row.number("high", 1.0));
    if (low > value || value > high) return row.error("low, pue and high are not in rising order");
    const auto provider = lower_case(row["provider"]);
    if (std::any_of(pues.begin(), pues.end(), [&](const Pue& other) { return other.provider == provider; })) {
      return row.error("the provider comes twice");
    }
    pues.push_back({provider, row.text("name"), value, low, high, row.text("vintage"), row.text("licence"),
                    row.text("range"), row.text("source")});
  }
  return pues;
}

const std::vector<Pue>& known_pues() {
  static const std::vector<Pue> pues = [] {
    auto parsed = parse_pues({ebb_data_pue_begin, ebb_data_pue_end}, "pue.csv");
    CHECK(parsed.ok());
    return *std::move(parsed);
  }();
  return pues;
}

base::Expected<Pue> find_pue(std::string_view provider) {
  std::vector<std::string> names;
  for (const auto& pue : known_pues()) {
    if (pue.provider == lower_case(base::trimmed(provider))) return pue;
    names.push_back(pue.provider);
  }
  return unknown_name("provider", provider, names);
}

}  // namespace ebb::hardware
