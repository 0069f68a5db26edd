#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "time/instant.h"

namespace ebb::keeper {

using Json = nlohmann::ordered_json;

/// A text of any bytes: a JSON string where it is UTF-8, else {"hex":"00ff"}.
Json json_of_bytes(std::string_view bytes);
Json json_of_list(const std::vector<std::string>& texts);
Json json_of(const std::optional<time::Instant>& instant);

/// One JSON object, as it was written by us or by somebody else. Errors: kBadData.
base::Expected<Json> parse_object(std::string_view text);

/// Takes fields out of an object; the first that is missing or wrong is kept, and the rest passed over.
class Fields {
 public:
  explicit Fields(const Json& object) : object_(object) {}
  /// No NUL byte: none of these texts may have one.
  std::string text(const char* key);
  std::vector<std::string> texts(const char* key);
  std::int64_t whole(const char* key, std::int64_t low, std::int64_t high);
  double number(const char* key, double low, double high);
  bool flag(const char* key);
  std::optional<time::Instant> instant(const char* key);
  /// Null, too, is a value: then nothing.
  std::optional<std::int64_t> maybe_whole(const char* key, std::int64_t low, std::int64_t high);
  std::optional<double> maybe_number(const char* key, double low, double high);
  [[nodiscard]] const Json* object(const char* key);
  void refuse(const char* key);
  /// kBadData naming the field.
  [[nodiscard]] base::Status status() const;

 private:
  [[nodiscard]] const Json* find(const char* key);
  std::optional<std::string> bytes_of(const Json& value);

  const Json& object_;
  std::string wrong_;
};

}  // namespace ebb::keeper
