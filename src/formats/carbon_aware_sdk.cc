#include "formats/carbon_aware_sdk.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "base/text.h"
#include "formats/json_body.h"
#include "formats/row_times.h"
#include "formats/settle.h"

namespace ebb::formats {
namespace {

/// The first of these names that an item has: data files write them large, answers small.
std::optional<JsonElement> any_of(JsonElement item, std::string_view a, std::string_view b, std::string_view c = "") {
  for (const auto key : {a, b, c}) {
    if (key.empty()) continue;
    if (const auto found = json_any(item, key)) return found;
  }
  return std::nullopt;
}

std::optional<std::string> text_of(const std::optional<JsonElement>& element) {
  std::string_view text;
  if (!element || element->get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

/// A time span, or minutes.
std::optional<time::Duration> duration_of(JsonElement element) {
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) return time_span(text);
  const auto minutes = number_of(element);
  if (!minutes || !(*minutes > 0.0) || *minutes > 366.0 * 1440) return std::nullopt;
  return time::from_seconds(*minutes * 60.0);
}

class Reader {
 public:
  Reader(const JsonBody& body, const Options& options) : body_(body), options_(options) {}

  base::Expected<Drafts> run() {
    const auto root = body_.root();
    JsonArray list;
    if (root.get(list) == simdjson::SUCCESS) {
      EBB_TRY_DO(read_list(list, ""));
    } else if (const auto emissions = json_array(root, "Emissions")) {
      EBB_TRY_DO(read_list(*emissions, "Emissions"));
    } else if (json_array(root, "forecastData")) {
      EBB_TRY_DO(read_forecast(root, ""));
    } else {
      return body_.error("expected a list, \"Emissions\" or \"forecastData\" of the Carbon Aware SDK");
    }
    return finish();
  }

  /// A forecast of one place in the SDK's form.
  base::Expected<Drafts> run_computing(const std::string& zone) {
    const auto root = body_.root();
    place_ = zone;
    is_forecast_ = true;
    if (const auto ratings = json_array(root, "Ratings")) {
      EBB_TRY_DO(read_minimized(*ratings));
      return finish();
    }
    for (const std::string_view key : {"UpdatedAt", "GeneratedAt"}) {
      const auto at = json_time(root, key);
      if (at && !issued_) issued_ = *at;
    }
    const auto emissions = json_array(root, "Emissions");
    if (!emissions) return body_.error("there is no list \"Emissions\"");
    EBB_TRY_DO(read_list(*emissions, "Emissions"));
    return finish();
  }

 private:
  base::Status read_list(JsonArray list, const std::string& key) {
    std::uint32_t i = 0;
    for (const auto item : list) {
      if (json_array(item, "forecastData")) {
        EBB_TRY_DO(read_forecast(item, fmt::format("[{}].", i)));
      } else {
        EBB_TRY_DO(read_item(item, key, i));
      }
      ++i;
    }
    return base::Done{};
  }

  base::Status read_forecast(JsonElement forecast, const std::string& where) {
    const auto window = json_number(forecast, "windowSize");
    const auto list = json_array(forecast, "forecastData");
    const auto at = json_time(forecast, "generatedAt");
    if (!at) return body_.error(where + "generatedAt: " + at.error().message);
    is_forecast_ = true;
    issued_ = *at;
    place_ = json_text(forecast, "location").value_or("");
    std::uint32_t i = 0;
    for (const auto item : *list) {
      // A window wider than the points makes each a mean over times that others cover as well.
      const auto duration = any_of(item, "duration", "Duration");
      const auto step = duration ? duration_of(*duration) : std::nullopt;
      if (window && *window > 0.0 && (!step || time::from_seconds(*window * 60.0) != *step)) {
        return body_.error(
            fmt::format("{}windowSize is {} minutes: its values are means over overlapping windows, not "
                        "those of slots; ask without windowSize",
                        where, *window));
      }
      EBB_TRY_DO(read_item(item, where + "forecastData", i++));
    }
    return base::Done{};
  }

  base::Status read_minimized(JsonArray ratings) {
    const auto start = json_number(body_.root(), "Start");
    const auto interval = json_number(body_.root(), "Interval");
    constexpr double kLatest = 5e12;  // milliseconds since 1970: year 2128
    if (!start || *start < 0.0 || *start > kLatest || !interval || *interval < 1000.0 || *interval > 86400e3 ||
        ratings.size() > 20'000) {
      return body_.error("expected Start and Interval in milliseconds beside Ratings");
    }
    const auto step = time::from_seconds(*interval / 1e3);
    Draft& draft = draft_of(place_, "Ratings", step);
    std::uint32_t i = 0;
    for (const auto rating : ratings) {
      const auto value = intensity_of(rating, 1.0);
      if (!value) return base::bad_data(place_text(draft, i) + ": " + value.error().message);
      draft.points.push_back({time::Instant(time::from_seconds(*start / 1e3)) + step * i, *value, i, 0});
      ++i;
    }
    out_.notes.emplace_back(
        "the short form does not say when it was issued, and leaves out slots without a value, so that "
        "times behind such a slot would be wrong: prefer the long form");
    return base::Done{};
  }

  base::Status read_item(JsonElement item, const std::string& list, std::uint32_t i) {
    const auto at_item = [&](std::string_view what) {
      return base::bad_data(fmt::format("{}: {}[{}]: {}", body_.name(), list, i, what));
    };
    auto location = text_of(any_of(item, "Location", "location"));
    if (!location && place_.empty()) return at_item("it has no Location");
    const auto time = text_of(any_of(item, "Time", "time", "timestamp"));
    if (!time) return at_item("it has no Time");
    const auto rating = any_of(item, "Rating", "rating", "value");
    if (!rating) return at_item("it has no Rating");
    const auto shown = times_.read(*time);
    if (!shown) return at_item(shown.error().message);
    if (has_zoned_.value_or(shown->is_zoned) != shown->is_zoned) {
      return at_item("some times have a zone and others have none");
    }
    has_zoned_ = shown->is_zoned;
    const auto value = intensity_of(*rating, 1.0);
    if (!value) return at_item(value.error().message);
    std::optional<time::Duration> step;
    if (const auto duration = any_of(item, "Duration", "duration"); duration && !duration->is_null()) {
      step = duration_of(*duration);
      if (!step) return at_item("the Duration is no time span such as 01:00");
    }
    Draft& draft = draft_of(location.value_or(place_), list, step);
    if (draft.step != step) return at_item("its Duration is another than that of the item before");
    draft.points.push_back({shown->at, *value, i, 0});
    return base::Done{};
  }

  Draft& draft_of(const std::string& zone, const std::string& list, std::optional<time::Duration> step) {
    const auto [found, is_new] = by_place_.try_emplace({zone, issued_}, out_.drafts.size());
    if (is_new) {
      Draft draft;
      draft.provenance = {zone, {}, "Carbon Aware SDK data file", "", {}};
      draft.unit = "g/kWh";
      draft.name = body_.name();
      draft.list = list;
      draft.step = step;
      draft.is_forecast = is_forecast_;
      draft.issued = issued_;
      if (is_forecast_) draft.provenance.quality = {0.0, 1.0, 0.0};
      out_.drafts.push_back(std::move(draft));
    }
    return out_.drafts[found->second];
  }

  base::Expected<Drafts> finish() {
    if (!has_zoned_.value_or(true)) {
      for (auto& draft : out_.drafts) {
        // Only what is wanted must have a time that can be told.
        EBB_TRY_DO(local_times(draft, options_));
      }
    }
    return std::move(out_);
  }

  const JsonBody& body_;
  const Options& options_;
  RowTimes times_;
  std::optional<bool> has_zoned_;
  std::string place_;
  bool is_forecast_ = false;
  std::optional<time::Instant> issued_;
  std::map<std::pair<std::string, std::optional<time::Instant>>, std::size_t> by_place_;
  Drafts out_;
};

/// "de.json", "de.min.json", "de.2024-05-01T10:00:00.json" -> "DE".
std::string country_of(std::string_view path) {
  auto name = path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
  name = name.substr(0, name.find('.'));
  std::string zone;
  for (const char c : name) zone += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return zone.size() == 2 && zone.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos ? zone : "";
}

}  // namespace

std::optional<time::Duration> time_span(std::string_view text) {
  text = base::trimmed(text);
  double days = 0.0;
  const auto colon = text.find(':');
  const auto dot = text.find('.');
  if (dot != std::string_view::npos && (colon == std::string_view::npos || dot < colon)) {
    const auto whole = base::parse_number(text.substr(0, dot));
    if (!whole || *whole < 0.0 || *whole > 366.0) return std::nullopt;
    days = *whole;
    text.remove_prefix(dot + 1);
  }
  const auto parts = base::split(text, ':');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  std::array<double, 3> clock{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = base::parse_number(parts[i]);
    if (!number || *number < 0.0 || *number >= (i == 0 ? 24.0 : 60.0)) return std::nullopt;
    clock[i] = *number;
  }
  const double seconds = days * 86400.0 + clock[0] * 3600.0 + clock[1] * 60.0 + clock[2];
  if (!(seconds > 0.0)) return std::nullopt;
  return time::from_seconds(seconds);
}

base::Expected<Drafts> draft_carbon_aware_sdk(std::string_view body, const std::string& name, const Options& options) {
  EBB_TRY_DO(documented_unit(name, "g/kWh", options));
  EBB_TRY(const auto json, JsonBody::parse(body, name));
  return Reader(json, options).run();
}

base::Expected<Drafts> draft_carbon_aware_computing(std::string_view body, const std::string& name,
                                                    const Options& options) {
  EBB_TRY_DO(documented_unit(name, "g/kWh", options));
  EBB_TRY(const auto json, JsonBody::parse(body, name));
  auto zone = country_of(name);
  if (zone.empty()) {
    EBB_TRY(zone, zone_from_user(name, options));
  }
  EBB_TRY(auto drafts, Reader(json, options).run_computing(zone));
  for (auto& draft : drafts.drafts) draft.provenance.source = "Carbon-Aware-Computing (Energy-Charts)";
  drafts.notes.emplace_back("the publisher leaves out slots whose value is 0: they are missing here");
  return drafts;
}

base::Expected<Understood> parse_carbon_aware_sdk(std::string_view body, const std::string& name,
                                                  const Options& options) {
  EBB_TRY(auto drafts, draft_carbon_aware_sdk(body, name, options));
  return understood_of("carbon-aware-sdk", name, std::move(drafts), options);
}

}  // namespace ebb::formats
