#include "formats/neso.h"

#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "formats/json_body.h"
#include "formats/settle.h"

namespace ebb::formats {
namespace {

constexpr std::string_view kFormat = "neso";
constexpr auto kHalfHour = std::chrono::minutes(30);

class Reader {
 public:
  explicit Reader(const JsonBody& body) : body_(body) {}

  base::Expected<Drafts> run() {
    const auto root = body_.root();
    if (const auto error = json_object(root, "error")) {
      return body_.error(fmt::format("the API answered with an error: {}: {}",
                                     base::in_quotes(json_text(*error, "code").value_or("")),
                                     base::in_quotes(json_text(*error, "message").value_or(""))));
    }
    if (!json_any(root, "data")) return nothing();
    if (const auto region = json_object(root, "data")) {
      EBB_TRY_DO(read_region(*region, "data"));
    } else if (const auto list = json_array(root, "data")) {
      EBB_TRY_DO(read_data(*list));
    } else {
      return body_.error("\"data\" is neither a list nor an object");
    }
    return finish();
  }

 private:
  base::Error nothing() const {
    return base::no_data(fmt::format("{}: the Carbon Intensity API has no values for that time", body_.name()));
  }

  /// A list of half-hours of the nation, of half-hours with all regions, or of regions with their half-hours.
  base::Status read_data(JsonArray list) {
    std::uint32_t i = 0;
    for (const auto item : list) {
      if (json_any(item, "regionid") && json_array(item, "data")) {
        EBB_TRY_DO(read_region(item, fmt::format("data[{}]", i)));
      } else if (const auto regions = json_array(item, "regions")) {
        EBB_TRY_DO(read_regions(item, *regions, i));
      } else {
        EBB_TRY_DO(read_half_hour(item, item, "GB", "data", i));
      }
      ++i;
    }
    return base::Done{};
  }

  base::Status read_regions(JsonElement half_hour, JsonArray regions, std::uint32_t i) {
    for (const auto region : regions) {
      EBB_TRY(const auto zone, zone_of(region, fmt::format("data[{}].regions", i)));
      EBB_TRY_DO(read_half_hour(half_hour, region, zone, "data", i));
    }
    return base::Done{};
  }

  base::Status read_region(JsonElement region, const std::string& where) {
    EBB_TRY(const auto zone, zone_of(region, where));
    const auto list = json_array(region, "data");
    if (!list) return body_.error(where + " has no list \"data\"");
    std::uint32_t i = 0;
    for (const auto item : *list) EBB_TRY_DO(read_half_hour(item, item, zone, where + ".data", i++));
    return base::Done{};
  }

  base::Expected<std::string> zone_of(JsonElement region, const std::string& where) {
    const auto id = json_number(region, "regionid");
    if (!id || *id < 1.0 || *id > 99.0 || *id != static_cast<double>(static_cast<int>(*id))) {
      return body_.error(where + ": there is no regionid");
    }
    const auto zone = fmt::format("GB-{}", static_cast<int>(*id));
    if (const auto name = json_text(region, "shortname"); name && !name->empty() && !named_[zone]) {
      named_[zone] = true;
      out_.notes.push_back(fmt::format("{} is {}", zone, name->substr(0, 60)));
    }
    return zone;
  }

  base::Status read_half_hour(JsonElement when, JsonElement what, const std::string& zone, const std::string& list,
                              std::uint32_t i) {
    const auto at_item = [&](std::string_view text) {
      return base::bad_data(fmt::format("{}: {}[{}]: {}", body_.name(), list, i, text));
    };
    const auto from = json_time(when, "from");
    if (!from) return at_item("from: " + from.error().message);
    const auto to = json_time(when, "to");
    if (!to) return at_item("to: " + to.error().message);
    if (*to - *from != time::Duration(kHalfHour)) return at_item("it is no half-hour");
    const auto intensity = json_object(what, "intensity");
    if (!intensity) return at_item("there is no intensity");
    for (const std::string_view key : {"actual", "forecast"}) {
      const auto value = json_any(*intensity, key);
      if (!value) continue;
      const auto number = intensity_of(*value, 1.0);
      if (!number) return at_item(fmt::format("{}: {}", key, number.error().message));
      draft_of(zone, list, key == "forecast").points.push_back({*from, *number, i, 0});
    }
    return base::Done{};
  }

  Draft& draft_of(const std::string& zone, const std::string& list, bool is_forecast) {
    const auto [found, is_new] = drafts_.try_emplace({zone, is_forecast});
    if (is_new) {
      found->second = neso_form(body_.name(), zone);
      found->second.list = list;
      found->second.is_forecast = is_forecast;
      if (is_forecast) found->second.provenance.quality = {0.0, 1.0, 0.0};
    }
    return found->second;
  }

  base::Expected<Drafts> finish() {
    bool any = false;
    for (auto& [key, draft] : drafts_) {
      bool known = false;
      for (const auto& point : draft.points) known = known || !series::is_missing(point.value);
      // A future without a single actual is no series that is all missing: there is none.
      if (!known) continue;
      any = true;
      out_.drafts.push_back(std::move(draft));
    }
    if (!any) return nothing();
    return std::move(out_);
  }

  const JsonBody& body_;
  std::map<std::pair<std::string, bool>, Draft> drafts_;
  std::map<std::string, bool> named_;
  Drafts out_;
};

}  // namespace

Draft neso_form(const std::string& name, const std::string& zone) {
  Draft draft;
  draft.provenance = {zone,
                      {series::SignalKind::kAverage, series::SignalScope::kDirect},
                      "NESO Carbon Intensity API (CC BY 4.0)",
                      "",
                      {}};
  draft.unit = "gCO2/kWh";
  draft.licence = "CC BY 4.0";
  draft.name = name;
  draft.step = kHalfHour;
  return draft;
}

base::Expected<Drafts> draft_neso(std::string_view body, const std::string& name, const Options& options) {
  EBB_TRY_DO(documented_unit(name, "gCO2/kWh", options));
  EBB_TRY(const auto json, JsonBody::parse(body, name));
  return Reader(json).run();
}

base::Expected<Understood> parse_neso(std::string_view body, const std::string& name, const Options& options) {
  EBB_TRY(auto drafts, draft_neso(body, name, options));
  return understood_of(std::string(kFormat), name, std::move(drafts), options);
}

}  // namespace ebb::formats
