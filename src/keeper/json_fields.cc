#include "keeper/json_fields.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "time/text.h"

namespace ebb::keeper {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

/// Length of the UTF-8 sequence at the begin of `text`; 0 for none (overlong, surrogate, cut).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  }
  const unsigned second = byte(1);
  if (first == 0xe0 && second < 0xa0) return 0;
  if (first == 0xed && second > 0x9f) return 0;
  if (first == 0xf0 && second < 0x90) return 0;
  if (first == 0xf4 && second > 0x8f) return 0;
  return length;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const auto high = kDigits.find(hex[i]);
    const auto low = kDigits.find(hex[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

}  // namespace

Json json_of_bytes(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string(bytes);
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 15U];
  }
  return Json{{"hex", hex}};
}

Json json_of_list(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const auto& text : texts) list.push_back(json_of_bytes(text));
  return list;
}

Json json_of(const std::optional<time::Instant>& instant) {
  return instant ? Json(time::text_of(*instant)) : Json(nullptr);
}

base::Expected<Json> parse_object(std::string_view text) {
  // Ours is four deep. Counted from the text: a parser may need stack for each level.
  constexpr int kDeepest = 8;
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_text = !in_text;
    } else if (!in_text && (c == '[' || c == '{')) {
      if (++depth > kDeepest) return base::bad_data("is nested too deeply");
    } else if (!in_text && (c == ']' || c == '}')) {
      --depth;
    }
  }
  auto parsed = Json::parse(text, nullptr, false);
  if (!parsed.is_object()) return base::bad_data("is no JSON object");
  return parsed;
}

const Json* Fields::find(const char* key) {
  const auto found = object_.find(key);
  if (found != object_.end()) return &*found;
  refuse(key);
  return nullptr;
}

void Fields::refuse(const char* key) {
  if (wrong_.empty()) wrong_ = key;
}

base::Status Fields::status() const {
  if (wrong_.empty()) return base::Done{};
  return base::bad_data(fmt::format("{} is missing or not as it should be", base::in_quotes(wrong_)));
}

std::optional<std::string> Fields::bytes_of(const Json& value) {
  std::optional<std::string> bytes;
  if (value.is_string()) {
    bytes = value.get<std::string>();
  } else if (value.is_object() && value.size() == 1 && value.contains("hex") && value["hex"].is_string()) {
    bytes = from_hex(value["hex"].get<std::string>());
  }
  if (bytes && bytes->find('\0') != std::string::npos) return std::nullopt;
  return bytes;
}

std::string Fields::text(const char* key) {
  const auto* value = find(key);
  if (value == nullptr) return {};
  const auto bytes = bytes_of(*value);
  if (!bytes) refuse(key);
  return bytes.value_or("");
}

std::vector<std::string> Fields::texts(const char* key) {
  const auto* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_array()) return refuse(key), std::vector<std::string>();
  std::vector<std::string> out;
  for (const auto& item : *value) {
    auto bytes = bytes_of(item);
    if (!bytes) return refuse(key), std::vector<std::string>();
    out.push_back(*std::move(bytes));
  }
  return out;
}

std::int64_t Fields::whole(const char* key, std::int64_t low, std::int64_t high) {
  const auto* value = find(key);
  if (value == nullptr) return low;
  const bool fits =
      value->is_number_integer() && (!value->is_number_unsigned() || value->get<std::uint64_t>() <= INT64_MAX);
  const auto number = fits ? value->get<std::int64_t>() : 0;
  if (!fits || number < low || number > high) return refuse(key), low;
  return number;
}

double Fields::number(const char* key, double low, double high) {
  const auto* value = find(key);
  if (value == nullptr) return low;
  const double number = value->is_number() ? value->get<double>() : NAN;
  if (!(number >= low && number <= high)) return refuse(key), low;
  return number;
}

bool Fields::flag(const char* key) {
  const auto* value = find(key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) return refuse(key), false;
  return value->get<bool>();
}

std::optional<time::Instant> Fields::instant(const char* key) {
  const auto* value = find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  const auto parsed = value->is_string() ? time::parse_instant(value->get<std::string>())
                                         : base::Expected<time::Instant>(base::bad_data(""));
  if (!parsed) return refuse(key), std::nullopt;
  return *parsed;
}

std::optional<std::int64_t> Fields::maybe_whole(const char* key, std::int64_t low, std::int64_t high) {
  const auto* value = find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return whole(key, low, high);
}

std::optional<double> Fields::maybe_number(const char* key, double low, double high) {
  const auto* value = find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return number(key, low, high);
}

const Json* Fields::object(const char* key) {
  const auto* value = find(key);
  if (value == nullptr || value->is_object()) return value;
  refuse(key);
  return nullptr;
}

}  // namespace ebb::keeper
