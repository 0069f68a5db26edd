#include "report/json.h"

#include <array>
#include <charconv>
#include <cmath>

namespace ebb::report {
namespace {

void append_line(std::string& out, int indent, int depth) {
  if (indent < 0) return;
  out += '\n';
  out.append(static_cast<std::size_t>(indent * depth), ' ');
}

// nlohmann's own dump() is not always the shortest text and cannot be told to be; strings are left to it.
void append(std::string& out, const Json& value, int indent, int depth) {
  if (value.is_number_float()) {
    out += number_text(value.get<double>());
  } else if (value.is_structured() && !value.empty()) {
    const bool object = value.is_object();
    out += object ? '{' : '[';
    bool first = true;
    for (const auto& [key, member] : value.items()) {
      if (!first) out += ',';
      first = false;
      append_line(out, indent, depth + 1);
      if (object) {
        out += Json(key).dump(-1, ' ', false, Json::error_handler_t::replace);
        out += indent < 0 ? ":" : ": ";
      }
      append(out, member, indent, depth + 1);
    }
    append_line(out, indent, depth);
    out += object ? '}' : ']';
  } else {
    out += value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

}  // namespace

std::string number_text(double value) {
  if (!std::isfinite(value)) return "null";
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return {digits.data(), end};
}

std::string dump(const Json& document, int indent) {
  std::string out;
  append(out, document, indent, 0);
  return out;
}

Json value_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json json_of(const series::Signal& signal) {
  Json out;
  out["kind"] = signal.kind ? Json(series::name_of(*signal.kind)) : Json(nullptr);
  out["scope"] = signal.scope ? Json(series::name_of(*signal.scope)) : Json(nullptr);
  return out;
}

Json json_of(const series::DataQuality& quality) {
  return {{"measured", quality.measured}, {"modelled", quality.modelled}, {"filled", quality.filled}};
}

}  // namespace ebb::report
