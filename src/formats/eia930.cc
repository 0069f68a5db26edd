#include "formats/eia930.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "formats/fuel_factors.h"
#include "formats/json_body.h"
#include "formats/row_times.h"
#include "formats/settle.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

constexpr std::string_view kFormat = "eia930";
constexpr auto kHour = std::chrono::hours(1);

/// "2022-10-31T11" (UTC) or "2022-10-31T04-07": the moment that it shows.
base::Expected<time::Instant> period_end(std::string_view text) {
  if (text.size() != 13 && text.size() != 16) {
    return base::bad_data(fmt::format("{} is no hour like 2022-10-31T11", base::in_quotes(text)));
  }
  const auto offset = text.substr(13);
  return instant_of(std::string(text.substr(0, 13)) + ":00" + (offset.empty() ? "Z" : std::string(offset) + ":00"));
}

base::Status read_row(Eia930Pages& pages, JsonElement item, const std::string& place) {
  const auto at_item = [&](std::string_view what) { return base::bad_data(place + ": " + std::string(what)); };
  const auto authority = json_text(item, "respondent");
  const auto fuel = json_text(item, "fueltype");
  const auto period = json_text(item, "period");
  if (!authority || !fuel || !period) {
    return at_item("expected period, respondent and fueltype: this is no answer of electricity/rto/fuel-type-data");
  }
  if (fuel_factor(*fuel) == nullptr) {
    return at_item(fmt::format("fuel {} is not in the table of fuels (docs/grid-formats.md)", base::in_quotes(*fuel)));
  }
  const auto unit = json_text(item, "value-units");
  if (unit && *unit != "megawatthours")
    return at_item(fmt::format("the unit is {}: expected megawatthours", base::in_quotes(*unit)));
  const auto end = period_end(*period);
  if (!end) return at_item("period: " + end.error().message);
  const auto value = json_any(item, "value");
  if (!value) return at_item("it has no value");
  const auto mwh = intensity_of(*value, 1.0);
  if (!mwh) return at_item(mwh.error().message);
  return pages.add_row(*authority, *end - kHour, *fuel, {*mwh, place});
}

/// What was left out of an authority's mix, in MWh.
struct LeftOut {
  double in_mix = 0.0;
  double without_factor = 0.0;
  double storage = 0.0;
  std::size_t negative = 0;
  std::set<std::string> fuels_without_factor;
  std::set<std::string> storages;
};

/// g/kWh of one hour's mix; missing where a fuel of the authority is.
double price_hour(const std::map<std::string, FuelHour>& hour, const std::set<std::string>& fuels, bool direct,
                  LeftOut& left_out) {
  double grams = 0.0;
  double mwh = 0.0;
  for (const auto& fuel : fuels) {
    const auto* row = fuel_factor(fuel);
    const auto found = hour.find(fuel);
    if (row->is_storage) {
      if (found != hour.end() && !series::is_missing(found->second.mwh))
        left_out.storage += std::max(0.0, found->second.mwh);
      left_out.storages.insert(row->name);
      continue;
    }
    const auto& factor = direct ? row->direct_g_per_kwh : row->lifecycle_g_per_kwh;
    if (!factor) {
      if (found != hour.end() && !series::is_missing(found->second.mwh))
        left_out.without_factor += std::max(0.0, found->second.mwh);
      left_out.fuels_without_factor.insert(row->name);
      continue;
    }
    if (found == hour.end() || series::is_missing(found->second.mwh)) return series::kMissing;
    if (found->second.mwh < 0.0) {
      ++left_out.negative;
      continue;
    }
    mwh += found->second.mwh;
    grams += found->second.mwh * *factor;
  }
  if (!(mwh > 0.0)) return series::kMissing;
  left_out.in_mix += mwh;
  return grams / mwh;
}

std::string names_of(const std::set<std::string>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

void note_left_out(const std::string& authority, std::string_view scope, const LeftOut& left_out,
                   std::vector<std::string>& notes) {
  if (!left_out.fuels_without_factor.empty()) {
    notes.push_back(
        fmt::format("{}, {}: no factor is known for {}: {:.2f}% of its generation is left out of the mix", authority,
                    scope, names_of(left_out.fuels_without_factor),
                    100.0 * left_out.without_factor / std::max(1e-300, left_out.without_factor + left_out.in_mix)));
  }
  if (!left_out.storages.empty()) {
    notes.push_back(fmt::format("{}, {}: storage ({}) is left out of the mix: {:.2f}% of what was fed in", authority,
                                scope, names_of(left_out.storages),
                                100.0 * left_out.storage / std::max(1e-300, left_out.storage + left_out.in_mix)));
  }
  if (left_out.negative > 0) {
    notes.push_back(
        fmt::format("{}, {}: {} negative figures of generation count as none", authority, scope, left_out.negative));
  }
}

Draft form_of(const std::string& authority, bool direct, const std::string& name) {
  Draft draft;
  const auto scope = direct ? series::SignalScope::kDirect : series::SignalScope::kLifecycle;
  const auto* factors = direct ? kDirectFactors : kLifecycleFactors;
  draft.provenance = {authority,
                      {series::SignalKind::kAverage, scope},
                      fmt::format("EIA-930 generation by fuel x {}", factors),
                      fmt::format("factors: {}", factors),
                      {0.0, 1.0, 0.0}};
  draft.unit = "MWh by fuel";
  draft.licence = "public domain";
  draft.name = name;
  draft.list = "hour";
  draft.step = kHour;
  return draft;
}

}  // namespace

base::Status Eia930Pages::add_row(const std::string& authority, time::Instant begin, const std::string& fuel,
                                  FuelHour hour) {
  ++rows;
  const auto [found, is_new] = generation[authority][begin].try_emplace(fuel, hour);
  if (is_new) return base::Done{};
  ++duplicates;
  const double before = found->second.mwh;
  if (before == hour.mwh || (series::is_missing(before) && series::is_missing(hour.mwh))) return base::Done{};
  return base::bad_data(fmt::format("{} and {} give two values of {} of {} for the hour from {}: leave one of them out",
                                    found->second.place, hour.place, fuel, authority, time::text_of(begin)));
}

base::Status Eia930Pages::add(std::string_view body, const std::string& name) {
  EBB_TRY(const auto json, JsonBody::parse(body, name));
  if (const auto error = json_text(json.root(), "error")) {
    return json.error(fmt::format("EIA answered with an error: {}", base::in_quotes(*error)));
  }
  const auto response = json_object(json.root(), "response");
  const auto data = response ? json_array(*response, "data") : std::nullopt;
  if (!data) return json.error("expected {\"response\":{\"data\":[...]}} of EIA's API v2");
  const auto frequency = json_text(*response, "frequency");
  if (frequency && *frequency != "hourly" && *frequency != "local-hourly") {
    return json.error(fmt::format("its frequency is {}: expected hourly", base::in_quotes(*frequency)));
  }
  if (const auto of_all = json_number(*response, "total"); of_all && *of_all > 0.0 && *of_all < 1e12) {
    total = std::max(total, static_cast<std::size_t>(*of_all));
  }
  std::size_t i = 0;
  for (const auto item : *data) EBB_TRY_DO(read_row(*this, item, fmt::format("{}: response.data[{}]", name, i++)));
  return base::Done{};
}

base::Expected<Drafts> Eia930Pages::drafts(const std::string& name) const {
  Drafts out;
  if (rows == 0) return base::no_data(fmt::format("{}: EIA has no rows for that time", name));
  if (total > rows) {
    out.notes.push_back(
        fmt::format("{} rows are here of the {} that EIA has: the other pages are missing", rows, total));
  }
  bool first = true;
  for (const auto& [authority, hours] : generation) {
    std::set<std::string> fuels;
    for (const auto& [begin, mix] : hours) {
      for (const auto& [fuel, hour] : mix) fuels.insert(fuel);
    }
    for (const bool direct : {true, false}) {
      Draft draft = form_of(authority, direct, name);
      LeftOut left_out;
      std::uint32_t i = 0;
      for (const auto& [begin, mix] : hours)
        draft.points.push_back({begin, price_hour(mix, fuels, direct, left_out), i++, 0});
      if (left_out.in_mix <= 0.0) continue;
      note_left_out(authority, direct ? "direct" : "lifecycle", left_out, out.notes);
      draft.counts.duplicates = first ? duplicates : 0;
      first = false;
      out.drafts.push_back(std::move(draft));
    }
  }
  out.notes.emplace_back(
      "intensity of each authority's own generation: imports and exports are left out, so it is not that of its use");
  return out;
}

base::Expected<Understood> parse_eia930(const std::vector<std::string_view>& bodies, const std::string& name,
                                        const Options& options) {
  Eia930Pages pages;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    EBB_TRY_DO(pages.add(bodies[i], bodies.size() == 1 ? name : fmt::format("{} page {}", name, i + 1)));
  }
  EBB_TRY(auto drafts, pages.drafts(name));
  return understood_of(std::string(kFormat), name, std::move(drafts), options);
}

}  // namespace ebb::formats
