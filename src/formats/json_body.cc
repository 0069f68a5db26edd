#include "formats/json_body.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "base/text.h"
#include "formats/row_times.h"
#include "series/series.h"

namespace ebb::formats {
namespace {

constexpr std::size_t kLargestBody = std::size_t{1} << 31;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

base::Expected<JsonBody> JsonBody::parse(std::string_view text, std::string name) {
  JsonBody body;
  body.name_ = std::move(name);
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  text = base::trimmed(text);
  if (text.empty()) return body.error("there is nothing in it");
  if (text.front() == '<') return body.error("it is a page (HTML or XML), not JSON");
  if (text.size() > kLargestBody) return body.error("it is larger than 2 GB");
  body.parser_ = std::make_unique<simdjson::dom::parser>();
  const auto failed = body.parser_->parse(text.data(), text.size(), true).get(body.root_);
  if (failed != simdjson::SUCCESS) return body.error(fmt::format("no JSON: {}", simdjson::error_message(failed)));
  return body;
}

base::Error JsonBody::error(std::string_view what) const { return base::bad_data(fmt::format("{}: {}", name_, what)); }

std::optional<JsonElement> json_any(JsonElement from, std::string_view key) {
  JsonElement found;
  if (from.at_key(key).get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

std::optional<JsonArray> json_array(JsonElement from, std::string_view key) {
  JsonArray found;
  if (from.at_key(key).get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

std::optional<JsonElement> json_object(JsonElement from, std::string_view key) {
  const auto found = json_any(from, key);
  return found && found->is_object() ? found : std::nullopt;
}

std::optional<std::string> json_text(JsonElement from, std::string_view key) {
  std::string_view found;
  if (from.at_key(key).get(found) != simdjson::SUCCESS) return std::nullopt;
  return std::string(found);
}

std::optional<double> json_number(JsonElement from, std::string_view key) {
  const auto found = json_any(from, key);
  return found ? number_of(*found) : std::nullopt;
}

std::optional<bool> json_bool(JsonElement from, std::string_view key) {
  bool found = false;
  if (from.at_key(key).get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

std::optional<double> number_of(JsonElement element) {
  double value = 0.0;
  if (element.get(value) == simdjson::SUCCESS) return std::isfinite(value) ? std::optional(value) : std::nullopt;
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) return base::parse_number(base::trimmed(text));
  return std::nullopt;
}

base::Expected<double> intensity_of(JsonElement element, double factor) {
  if (element.is_null()) return series::kMissing;
  const auto number = number_of(element);
  if (!number) return base::bad_data("the value is no finite number");
  if (!series::is_plausible(*number * factor)) {
    return base::bad_data(fmt::format("the value {} is beyond any intensity", *number));
  }
  return *number * factor;
}

base::Expected<time::Instant> json_time(JsonElement from, std::string_view key) {
  const auto text = json_text(from, key);
  if (!text) return base::bad_data(fmt::format("{} is no time", key));
  return instant_of(*text);
}

}  // namespace ebb::formats
