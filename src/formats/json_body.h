#pragma once

#include <simdjson.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "time/instant.h"

namespace ebb::formats {

using JsonElement = simdjson::dom::element;
using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;

/// A JSON text as it came: elements are valid as long as this lives. A byte-order mark is passed over. Movable.
/// Included by this room's .cc files only.
class JsonBody {
 public:
  /// kBadData naming `name`: no JSON, HTML instead of it, an empty text, nesting beyond 1,024.
  static base::Expected<JsonBody> parse(std::string_view text, std::string name);

  [[nodiscard]] JsonElement root() const { return root_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  /// kBadData: "name: what".
  [[nodiscard]] base::Error error(std::string_view what) const;

 private:
  std::unique_ptr<simdjson::dom::parser> parser_;
  JsonElement root_;
  std::string name_;
};

// The member of a name; nothing where it is absent, null or of another type (for json_any: absent only).
std::optional<JsonElement> json_any(JsonElement from, std::string_view key);
std::optional<JsonArray> json_array(JsonElement from, std::string_view key);
std::optional<JsonElement> json_object(JsonElement from, std::string_view key);
std::optional<std::string> json_text(JsonElement from, std::string_view key);
std::optional<double> json_number(JsonElement from, std::string_view key);
std::optional<bool> json_bool(JsonElement from, std::string_view key);

/// A number, or a text that is one; nothing for anything else, infinite ones included.
std::optional<double> number_of(JsonElement element);
/// As a value of a series: null is kMissing; times `factor`. kBadData where it is no number or beyond any intensity.
base::Expected<double> intensity_of(JsonElement element, double factor);
/// The time of a member. kBadData: absent, no text, no time, without a zone.
base::Expected<time::Instant> json_time(JsonElement from, std::string_view key);

}  // namespace ebb::formats
