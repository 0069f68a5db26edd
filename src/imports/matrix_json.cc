#include "imports/matrix_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/text.h"
#include "imports/text_table.h"

namespace ebb::imports {
namespace {

using nlohmann::json;

constexpr double kEarliest = -2208988800.0;  // 1900-01-01
constexpr double kLatest = 5711817600.0;     // 2151-01-01

/// Where in the answer the parser is. kSkipped: in something unknown, and in all that is inside it.
enum class Place { kSkipped, kTop, kRoot, kData, kResult, kSeries, kMetric, kValues, kPair, kWarnings };

Place inside(Place place, std::string_view key, bool is_object) {
  switch (place) {
    case Place::kTop:
      return is_object ? Place::kRoot : Place::kSkipped;
    case Place::kRoot:
      if (key == "data" && is_object) return Place::kData;
      return key == "warnings" && !is_object ? Place::kWarnings : Place::kSkipped;
    case Place::kData:
      return key == "result" && !is_object ? Place::kResult : Place::kSkipped;
    case Place::kResult:
      return is_object ? Place::kSeries : Place::kSkipped;
    case Place::kSeries:
      if (key == "metric" && is_object) return Place::kMetric;
      return key == "values" && !is_object ? Place::kValues : Place::kSkipped;
    case Place::kValues:
      return is_object ? Place::kSkipped : Place::kPair;
    default:
      return Place::kSkipped;
  }
}

/// A number as Prometheus prints one; NaN for what is none of it; nothing for another text.
std::optional<double> parse_value(std::string_view text) {
  if (text == "NaN" || text == "+Inf" || text == "-Inf") return std::numeric_limits<double>::quiet_NaN();
  return base::parse_number(text);
}

class Handler final : public nlohmann::json_sax<json> {
 public:
  explicit Handler(std::string_view text) : text_(text) { places_.push_back(Place::kTop); }

  bool null() override { return scalar(std::nullopt, "null"); }
  bool boolean(bool /*value*/) override { return scalar(std::nullopt, "a truth value"); }
  bool number_integer(number_integer_t value) override { return scalar(static_cast<double>(value), "a number"); }
  bool number_unsigned(number_unsigned_t value) override { return scalar(static_cast<double>(value), "a number"); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return scalar(value, "a number"); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool string(string_t& value) override;
  bool start_object(std::size_t /*size*/) override { return enter(true); }
  bool start_array(std::size_t /*size*/) override { return enter(false); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool key(string_t& value) override {
    key_ = std::move(value);
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*problem*/) override {
    const auto before = text_.substr(0, std::min(position, text_.size()));
    error_line_ = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    error_ = "it is no JSON from here on";
    return false;
  }

  Matrix matrix;
  std::string type;
  std::string status;
  std::string server_error;
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] std::size_t error_line() const { return error_line_; }

 private:
  bool fail(std::string what) {
    error_ = std::move(what);
    return false;
  }
  [[nodiscard]] std::string where() const {
    return fmt::format("series {}, value {}", matrix.series.size(), matrix.series.back().samples.size() + 1);
  }
  bool enter(bool is_object);
  bool leave();
  bool scalar(std::optional<double> number, std::string_view what);
  bool time_of(double unix_seconds);
  bool value_of(std::string_view text);

  std::string_view text_;
  std::vector<Place> places_;
  std::string key_;
  int in_pair_ = 0;
  time::Instant at_;
  std::string error_;
  std::size_t error_line_ = 0;
};

bool Handler::enter(bool is_object) {
  if (places_.back() == Place::kPair) return fail(where() + ": not like [1714550400, \"250\"]");
  const auto place = inside(places_.back(), key_, is_object);
  if (place == Place::kSeries) {
    if (matrix.series.size() == kMostSeries) {
      return fail(fmt::format("more than {} series: ask for fewer in one query", kMostSeries));
    }
    matrix.series.emplace_back();
  }
  if (place == Place::kPair) in_pair_ = 0;
  places_.push_back(place);
  return true;
}

bool Handler::leave() {
  if (places_.back() == Place::kPair && in_pair_ != 2) return fail(where() + ": not like [1714550400, \"250\"]");
  if (places_.size() > 1) places_.pop_back();
  return true;
}

bool Handler::scalar(std::optional<double> number, std::string_view what) {
  if (places_.back() != Place::kPair) return true;
  if (in_pair_++ > 0) return fail(fmt::format("{}: the value is {}, not a number in a string", where(), what));
  return number ? time_of(*number) : fail(where() + ": the time is no number");
}

bool Handler::string(string_t& value) {
  switch (places_.back()) {
    case Place::kRoot:
      if (key_ == "status") status = value;
      if (key_ == "error") server_error = clean_text(value);
      return true;
    case Place::kData:
      if (key_ == "resultType") type = value;
      return true;
    case Place::kMetric:
      if (matrix.series.back().labels.size() == kMostSeries) return fail("a series has too many labels");
      matrix.series.back().labels[clean_text(key_)] = clean_text(value);
      return true;
    case Place::kWarnings:
      if (matrix.warnings.size() < 10) matrix.warnings.push_back("the server said: " + clean_text(value));
      return true;
    case Place::kPair:
      if (in_pair_++ != 1) return fail(where() + ": not like [1714550400, \"250\"]");
      return value_of(value);
    default:
      return true;
  }
}

bool Handler::time_of(double unix_seconds) {
  if (!(unix_seconds >= kEarliest && unix_seconds < kLatest)) return fail(where() + ": its time is not 1900 to 2150");
  // Prometheus keeps milliseconds; a double of today's seconds is not exact to the nanosecond.
  at_ = time::Instant(std::chrono::milliseconds(std::llround(unix_seconds * 1000.0)));
  return true;
}

bool Handler::value_of(std::string_view text) {
  const auto value = parse_value(text);
  if (!value) return fail(fmt::format("{}: {} is no number", where(), base::in_quotes(text)));
  matrix.series.back().samples.push_back({at_, *value});
  return true;
}

}  // namespace

std::string MatrixSeries::label(std::string_view name) const {
  const auto found = labels.find(name);
  return found == labels.end() ? std::string() : found->second;
}

base::Expected<Matrix> parse_matrix(std::string_view text, const std::string& name) {
  Handler handler(text);
  if (!json::sax_parse(text.begin(), text.end(), &handler)) {
    if (handler.error_line() > 0) return at_line(name, handler.error_line(), handler.error());
    return base::bad_data(fmt::format("{}: {}", name, handler.error()));
  }
  if (!handler.server_error.empty()) {
    return base::bad_data(fmt::format("{}: the server answered with an error: {}", name, handler.server_error));
  }
  if (handler.type != "matrix") {
    return base::bad_data(
        fmt::format("{}: its resultType is {}, not \"matrix\": ask /api/v1/query_range, not "
                    "/api/v1/query",
                    name, base::in_quotes(handler.type)));
  }
  return std::move(handler.matrix);
}

}  // namespace ebb::imports
