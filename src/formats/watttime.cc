#include "formats/watttime.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "formats/json_body.h"
#include "formats/settle.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

constexpr std::string_view kFormat = "watttime-v3";
constexpr double kSecondsOfYear = 366.0 * 86400;

/// One body on its way to drafts.
class Reader {
 public:
  Reader(const JsonBody& body, const Options& options) : body_(body), options_(options) {}

  base::Expected<Drafts> run() {
    const auto root = body_.root();
    EBB_TRY_DO(refuse_error_answer(root));
    const auto meta = json_object(root, "meta");
    const auto data = json_array(root, "data");
    if (!meta || !data) return body_.error("expected {\"data\":[...],\"meta\":{...}} of WattTime's v3");
    EBB_TRY_DO(read_meta(*meta));
    read_warnings(*meta);
    if (data->size() == 0) return base::no_data(fmt::format("{}: WattTime has no values for that time", body_.name()));
    if (json_array(*data->begin(), "forecast")) {
      EBB_TRY_DO(read_forecasts(*data));
    } else {
      Draft draft = form_;
      draft.issued = generated_at_;
      draft.is_forecast = generated_at_.has_value();
      if (draft.is_forecast) draft.provenance.quality = {0.0, 1.0, 0.0};
      EBB_TRY_DO(read_points(*data, draft));
      out_.drafts.push_back(std::move(draft));
    }
    return std::move(out_);
  }

 private:
  base::Status refuse_error_answer(JsonElement root) const {
    const auto error = json_text(root, "error");
    if (!error) return base::Done{};
    const auto message = json_text(root, "message");
    return body_.error(fmt::format("WattTime answered with an error: {}{}", base::in_quotes(*error),
                                   message ? ": " + base::in_quotes(*message) : ""));
  }

  base::Status read_meta(JsonElement meta) {
    const auto type = json_text(meta, "signal_type");
    const auto units = json_text(meta, "units");
    if (!units) return body_.error("meta.units is missing: the unit is not guessed");
    if (*units == "percentile") {
      return body_.error(
          "its values are percentiles (signal-index), a rank of the grid within its own last month, and no "
          "intensity: ask /v3/historical or /v3/forecast instead");
    }
    const auto signal = watttime_signal(type.value_or(""));
    if (!signal) {
      return body_.error(fmt::format("meta.signal_type is {}: no intensity of carbon (co2_moer or co2_aoer)",
                                     base::in_quotes(type.value_or(""))));
    }
    EBB_TRY(factor_, documented_unit(body_.name(), *units, options_));
    const auto region = json_text(meta, "region");
    if (!region || region->empty()) return body_.error("meta.region is missing");
    form_.provenance = {*region, *signal, "WattTime", "", {}};
    form_.unit = *units;
    form_.name = body_.name();
    form_.list = "data";
    if (const auto model = json_object(meta, "model")) {
      form_.provenance.vintage = json_text(*model, "date").value_or("");
    }
    if (form_.provenance.vintage.empty())
      out_.notes.emplace_back("WattTime does not say which model the values are from");
    if (const auto period = json_number(meta, "data_point_period_seconds")) {
      if (!(*period >= 1.0) || *period > kSecondsOfYear) {
        return body_.error(fmt::format("meta.data_point_period_seconds is {}: no step", *period));
      }
      form_.step = time::from_seconds(*period);
    }
    if (json_any(meta, "generated_at")) {
      auto at = json_time(meta, "generated_at");
      if (!at) return body_.error("meta.generated_at: " + at.error().message);
      generated_at_ = *at;
    }
    return base::Done{};
  }

  void read_warnings(JsonElement meta) {
    const auto warnings = json_array(meta, "warnings");
    if (!warnings) return;
    for (const auto warning : *warnings) {
      std::string_view text;
      if (warning.get(text) == simdjson::SUCCESS) {
        out_.notes.push_back("WattTime warns: " + std::string(text.substr(0, 200)));
      } else if (const auto message = json_text(warning, "message")) {
        out_.notes.push_back("WattTime warns: " + message->substr(0, 200));
      }
    }
  }

  base::Status read_forecasts(JsonArray data) {
    std::size_t i = 0;
    for (const auto item : data) {
      Draft draft = form_;
      draft.list = fmt::format("data[{}].forecast", i);
      draft.is_forecast = true;
      draft.provenance.quality = {0.0, 1.0, 0.0};
      auto issued = json_time(item, "generated_at");
      if (!issued) return body_.error(fmt::format("data[{}].generated_at: {}", i, issued.error().message));
      draft.issued = *issued;
      const auto points = json_array(item, "forecast");
      if (!points) return body_.error(fmt::format("data[{}] has no list \"forecast\"", i));
      EBB_TRY_DO(read_points(*points, draft));
      if (!draft.points.empty()) out_.drafts.push_back(std::move(draft));
      ++i;
    }
    return base::Done{};
  }

  base::Status read_points(JsonArray data, Draft& draft) {
    draft.points.reserve(data.size());
    std::uint32_t i = 0;
    std::size_t imputed = 0;
    std::string version;
    for (const auto item : data) {
      const auto at_item = [&](std::string_view what) {
        return base::bad_data(place_text(draft, i) + ": " + std::string(what));
      };
      auto at = json_time(item, "point_time");
      if (!at) return at_item("point_time: " + at.error().message);
      const auto value = json_any(item, "value");
      if (!value) return at_item("it has no value");
      const auto number = intensity_of(*value, factor_);
      if (!number) return at_item(number.error().message);
      EBB_TRY_DO(check_version(item, draft, i, version));
      imputed += json_bool(item, "imputed_data_used").value_or(false) ? 1 : 0;
      draft.points.push_back({*at, *number, i, 0});
      ++i;
    }
    if (imputed > 0 && !draft.is_forecast) {
      const double share = static_cast<double>(imputed) / static_cast<double>(draft.points.size());
      draft.provenance.quality = {1.0 - share, 0.0, share};
      out_.notes.push_back(
          fmt::format("WattTime filled in input data for {} of {} points", imputed, draft.points.size()));
    }
    if (draft.provenance.vintage.empty()) draft.provenance.vintage = version;
    return base::Done{};
  }

  /// Some answers carry the model at each point: two models are never one series (law 5).
  base::Status check_version(JsonElement item, const Draft& draft, std::uint32_t i, std::string& version) const {
    const auto own = json_text(item, "version");
    if (!own) return base::Done{};
    if (version.empty()) version = draft.provenance.vintage.empty() ? *own : draft.provenance.vintage;
    if (*own == version) return base::Done{};
    return base::bad_data(
        fmt::format("{}: a value of model {} among values of model {}: two models are not mixed in "
                    "one series; import them from two files",
                    place_text(draft, i), base::in_quotes(*own), base::in_quotes(version)));
  }

  const JsonBody& body_;
  const Options& options_;
  Draft form_;
  double factor_ = 1.0;
  std::optional<time::Instant> generated_at_;
  Drafts out_;
};

}  // namespace

std::optional<series::Signal> watttime_signal(std::string_view signal_type) {
  if (signal_type == "co2_moer") return series::kMarginalDirect;
  if (signal_type == "co2_aoer") return series::Signal{series::SignalKind::kAverage, series::SignalScope::kDirect};
  return std::nullopt;
}

base::Expected<Drafts> draft_watttime_v3(std::string_view body, const std::string& name, const Options& options) {
  EBB_TRY(const auto json, JsonBody::parse(body, name));
  return Reader(json, options).run();
}

base::Expected<Understood> parse_watttime_v3(std::string_view body, const std::string& name, const Options& options) {
  EBB_TRY(auto drafts, draft_watttime_v3(body, name, options));
  return understood_of(std::string(kFormat), name, std::move(drafts), options);
}

}  // namespace ebb::formats
