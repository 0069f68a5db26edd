#include "formats/electricity_maps_api.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text.h"
#include "formats/json_body.h"
#include "formats/settle.h"

namespace ebb::formats {
namespace {

constexpr std::string_view kFormat = "electricity-maps-api";
constexpr std::array<std::pair<std::string_view, int>, 5> kGranularities{
    {{"5_minutes", 5}, {"15_minutes", 15}, {"30_minutes", 30}, {"hourly", 60}, {"daily", 24 * 60}}};

class Reader {
 public:
  Reader(const JsonBody& body, const Options& options) : body_(body), options_(options) {}

  base::Expected<Drafts> run() {
    const auto root = body_.root();
    for (const std::string_view key : {"message", "error"}) {
      const auto error = json_text(root, key);
      if (error)
        return body_.error(fmt::format("Electricity Maps answered with an error: {}", base::in_quotes(*error)));
    }
    const auto zone = json_text(root, "zone");
    if (!zone || zone->empty()) return body_.error("expected {\"zone\":...} of Electricity Maps' API");
    draft_.provenance = {*zone, {series::SignalKind::kAverage, std::nullopt}, "Electricity Maps", "", {}};
    draft_.unit = "gCO2eq/kWh";
    draft_.name = body_.name();
    EBB_TRY(factor_, documented_unit(body_.name(), draft_.unit, options_));
    EBB_TRY_DO(read_granularity(root));
    EBB_TRY_DO(read_lists(root));
    settle_scope();
    settle_step();
    out_.drafts.push_back(std::move(draft_));
    return std::move(out_);
  }

 private:
  base::Status read_lists(JsonElement root) {
    for (const std::string_view key : {"history", "data"}) {
      if (const auto list = json_array(root, key)) return read_list(*list, key);
    }
    if (const auto list = json_array(root, "forecast")) {
      draft_.is_forecast = true;
      draft_.provenance.quality = {0.0, 1.0, 0.0};
      if (json_any(root, "updatedAt")) {
        auto at = json_time(root, "updatedAt");
        if (!at) return body_.error("updatedAt: " + at.error().message);
        draft_.issued = *at;
      }
      return read_list(*list, "forecast");
    }
    if (!json_any(root, "carbonIntensity")) return body_.error("there is no list history, data or forecast in it");
    draft_.list = "latest";
    EBB_TRY_DO(read_item(root, 0));
    return finish();
  }

  base::Status read_list(JsonArray list, std::string_view key) {
    draft_.list = std::string(key);
    draft_.points.reserve(list.size());
    std::uint32_t i = 0;
    for (const auto item : list) EBB_TRY_DO(read_item(item, i++));
    if (i == 0) return base::no_data(fmt::format("{}: Electricity Maps has no values for that time", body_.name()));
    return finish();
  }

  base::Status read_item(JsonElement item, std::uint32_t i) {
    const auto at_item = [&](std::string_view what) {
      return base::bad_data(place_text(draft_, i) + ": " + std::string(what));
    };
    auto at = json_time(item, "datetime");
    if (!at) return at_item("datetime: " + at.error().message);
    const auto value = json_any(item, "carbonIntensity");
    if (!value) return at_item("it has no carbonIntensity");
    const auto number = intensity_of(*value, factor_);
    if (!number) return at_item(number.error().message);
    const auto own_zone = json_text(item, "zone");
    if (own_zone && *own_zone != draft_.provenance.zone) {
      return at_item(fmt::format("it is of zone {}, not {}", base::in_quotes(*own_zone), draft_.provenance.zone));
    }
    if (const auto type = json_text(item, "emissionFactorType")) {
      const bool direct = *type == "direct";
      if (!direct && *type != "lifecycle") return at_item(base::in_quotes(*type) + " is neither lifecycle nor direct");
      const auto scope = direct ? series::SignalScope::kDirect : series::SignalScope::kLifecycle;
      if (draft_.provenance.signal.scope.value_or(scope) != scope) {
        return at_item("lifecycle and direct values in one list: they are never mixed");
      }
      draft_.provenance.signal.scope = scope;
    }
    EBB_TRY_DO(read_granularity(item));
    estimated_ += json_bool(item, "isEstimated").value_or(false) ? 1 : 0;
    draft_.points.push_back({*at, *number, i, 0});
    return base::Done{};
  }

  base::Status read_granularity(JsonElement from) {
    const auto text = json_text(from, "temporalGranularity");
    if (!text) return base::Done{};
    for (const auto& [name, minutes] : kGranularities) {
      if (name == *text) {
        draft_.step = std::chrono::minutes(minutes);
        return base::Done{};
      }
    }
    return body_.error(fmt::format("its values are {}: they have no fixed step", base::in_quotes(*text)));
  }

  base::Status finish() {
    if (!draft_.is_forecast && estimated_ > 0) {
      const double share = static_cast<double>(estimated_) / static_cast<double>(draft_.points.size());
      draft_.provenance.quality = {1.0 - share, share, 0.0};
      out_.notes.push_back(fmt::format("Electricity Maps estimated {} of {} values", estimated_, draft_.points.size()));
    }
    return base::Done{};
  }

  void settle_scope() {
    auto& scope = draft_.provenance.signal.scope;
    if (scope || (options_.signal && options_.signal->scope)) return;
    scope = series::SignalScope::kLifecycle;
    out_.notes.emplace_back("the answer does not say its emission factors: lifecycle, the API's documented default");
  }

  void settle_step() {
    if (draft_.step || draft_.points.size() > 1) return;
    draft_.step = std::chrono::hours(1);
    out_.notes.emplace_back("one value without a step: an hour, the API's documented default");
  }

  const JsonBody& body_;
  const Options& options_;
  Draft draft_;
  double factor_ = 1.0;
  std::size_t estimated_ = 0;
  Drafts out_;
};

}  // namespace

base::Expected<Drafts> draft_electricity_maps(std::string_view body, const std::string& name, const Options& options) {
  EBB_TRY(const auto json, JsonBody::parse(body, name));
  return Reader(json, options).run();
}

base::Expected<Understood> parse_electricity_maps(std::string_view body, const std::string& name,
                                                  const Options& options) {
  EBB_TRY(auto drafts, draft_electricity_maps(body, name, options));
  return understood_of(std::string(kFormat), name, std::move(drafts), options);
}

}  // namespace ebb::formats
