#include "report/reader.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "report/nesting.h"
#include "time/text.h"

namespace ebb::report {
namespace {

constexpr double kLargest = 1e24;
constexpr double kMostSeconds = 9e9;  ///< what fits into a Duration
constexpr double kMostWhole = 2e9;

const Json& no_list() {
  static const Json empty = Json::array();
  return empty;
}

}  // namespace

std::optional<double> plain_number(const Json& value) {
  if (!value.is_number()) return std::nullopt;
  const double number = value.get<double>();
  if (!std::isfinite(number) || std::fabs(number) > kLargest) return std::nullopt;
  return number;
}

Reader::Reader(const Json& document, std::string what) : object_(document), outermost_(this), what_(std::move(what)) {
  if (!document.is_object()) {
    fail("the document", "is no JSON object");
  } else if (nested_too_deeply(document)) {
    fail("the document", "is nested too deeply");
  }
}

const Json* Reader::look(const char* key) const {
  if (outermost_->fault_) return nullptr;
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

const Json* Reader::find(const char* key) {
  const Json* value = look(key);
  if (value == nullptr) fail(place_of(key), "is missing");
  return value;
}

bool Reader::has(const char* key) const {
  const Json* value = look(key);
  return value != nullptr && !value->is_null();
}

bool Reader::is_known(const char* key) {
  const Json* value = find(key);
  return value != nullptr && !value->is_null();
}

double Reader::checked(const Json& value, const std::string& place) {
  if (const auto number = plain_number(value)) return *number;
  fail(place, value.is_number() ? "is too large a number" : "is no number");
  return 0.0;
}

double Reader::number(const char* key) {
  const Json* value = find(key);
  return value == nullptr ? 0.0 : checked(*value, place_of(key));
}

double Reader::number_from(const char* key, double least) {
  const double value = number(key);
  if (outermost_->fault_ || value >= least) return value;
  fail(place_of(key), fmt::format("is {}, below {}", number_text(value), number_text(least)));
  return least;
}

std::optional<double> Reader::maybe_number(const char* key) {
  return is_known(key) ? std::optional(number(key)) : std::nullopt;
}

int Reader::whole(const char* key) {
  const double value = number(key);
  if (value == std::floor(value) && std::fabs(value) <= kMostWhole) return static_cast<int>(value);
  fail(place_of(key), "is no whole number that a count can be");
  return 0;
}

std::optional<int> Reader::maybe_whole(const char* key) {
  return is_known(key) ? std::optional(whole(key)) : std::nullopt;
}

bool Reader::flag(const char* key) {
  const Json* value = find(key);
  if (value != nullptr && value->is_boolean()) return value->get<bool>();
  if (value != nullptr) fail(place_of(key), "is neither true nor false");
  return false;
}

std::string Reader::text(const char* key) {
  const Json* value = find(key);
  if (value != nullptr && value->is_string()) return value->get<std::string>();
  if (value != nullptr) fail(place_of(key), "is no text");
  return "";
}

std::string Reader::maybe_text(const char* key) { return is_known(key) ? text(key) : ""; }

time::Instant Reader::instant(const char* key) {
  const auto written = text(key);
  if (outermost_->fault_) return {};
  const auto parsed = time::parse_instant(written);
  if (parsed.ok()) return *parsed;
  fail(place_of(key), "is no time: " + parsed.error().message);
  return {};
}

time::Duration Reader::seconds(const char* key) {
  const double value = number(key);
  if (std::fabs(value) <= kMostSeconds) return time::from_seconds(value);
  fail(place_of(key), "is no length of time that a run can have");
  return time::Duration(0);
}

const Json& Reader::list(const char* key) {
  const Json* value = find(key);
  if (value != nullptr && value->is_array()) return *value;
  if (value != nullptr) fail(place_of(key), "is no list");
  return no_list();
}

void Reader::fail(const std::string& place, const std::string& why) {
  auto& fault = outermost_->fault_;
  if (!fault) fault = base::bad_data(fmt::format("{}: {} {}", outermost_->what_, place, why));
}

std::string Reader::place_of(const char* key) const { return place_ + key; }

std::string Reader::place_of(const char* key, std::size_t index) const {
  return fmt::format("{}{}[{}]", place_, key, index);
}

base::Status Reader::status() const {
  if (outermost_->fault_) return *outermost_->fault_;
  return base::Done{};
}

}  // namespace ebb::report
