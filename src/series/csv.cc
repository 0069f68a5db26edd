#include "series/csv.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "time/text.h"

namespace ebb::series {
namespace {

using base::in_quotes;

constexpr std::size_t kPlainTime = 20;  // "2020-01-01T00:00:00Z"

/// Writes the fixed 20-character form of whole-second times, counting up by one step without a division per field.
class TimeTicker {
 public:
  TimeTicker(time::Instant first, time::Duration step)
      : next_(first), step_(step), whole_step_(step % std::chrono::seconds(1) == time::Duration(0)) {
    render();
  }

  [[nodiscard]] std::string_view text() const { return {buffer_.data(), kPlainTime}; }
  [[nodiscard]] time::Instant instant() const { return next_; }
  /// Whole seconds only: others go the slow way.
  [[nodiscard]] bool plain() const { return plain_; }

  void tick() {
    next_ += step_;
    const auto in_day = std::chrono::duration_cast<std::chrono::seconds>(next_ - day_).count();
    if (!plain_ || !whole_step_ || in_day >= 86400) {
      render();
      return;
    }
    put_clock(in_day);
  }

 private:
  void render() {
    day_ = std::chrono::floor<std::chrono::days>(next_);
    plain_ = next_.time_since_epoch() % std::chrono::seconds(1) == time::Duration(0);
    if (!plain_) return;
    const std::string text = time::text_of(next_);
    std::memcpy(buffer_.data(), text.data(), kPlainTime);
  }
  void put_two(std::size_t at, std::int64_t value) {
    buffer_[at] = static_cast<char>('0' + value / 10);
    buffer_[at + 1] = static_cast<char>('0' + value % 10);
  }
  void put_clock(std::int64_t in_day) {
    put_two(11, in_day / 3600);
    put_two(14, in_day / 60 % 60);
    put_two(17, in_day % 60);
  }

  std::array<char, kPlainTime> buffer_{};
  time::Instant next_;
  time::Instant day_;
  time::Duration step_;
  bool whole_step_;
  bool plain_ = false;
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& name, ValueColumn column)
      : lines_(text), name_(name), column_(column) {}

  base::Expected<Series> parse() {
    EBB_TRY_DO(read_head());
    EBB_TRY_DO(read_rows());
    if (provenance_.zone.empty()) {
      provenance_.zone = std::filesystem::path(name_).stem().string();
      if (provenance_.zone.ends_with(".csv")) provenance_.zone.resize(provenance_.zone.size() - 4);
    }
    return Series(std::move(provenance_), first_, step_, std::move(values_));
  }

 private:
  base::Error at_line(std::string_view what) const {
    return base::bad_data(fmt::format("{}:{}: {}", name_, lines_.number(), what));
  }

  [[nodiscard]] std::string_view header() const {
    return column_ == ValueColumn::kIntensity ? "time,g_per_kwh" : "time,currency_per_kwh";
  }

  base::Status read_head() {
    bool first = true;
    while (auto line = lines_.next()) {
      if (line->size() > base::kLongestLine) return long_line();
      if (first && line->starts_with("\xef\xbb\xbf")) line->remove_prefix(3);
      first = false;
      if (line->starts_with('#')) {
        EBB_TRY_DO(read_comment(base::trimmed(line->substr(1))));
      } else if (!base::trimmed(*line).empty()) {
        if (base::trimmed(*line) == header()) return base::Done{};
        return at_line(fmt::format("the header is {}, expected {}; other formats come in through `ebb grid import`",
                                   in_quotes(*line), in_quotes(header())));
      }
    }
    return base::bad_data(fmt::format("{}: the file is empty: expected the header {}", name_, in_quotes(header())));
  }

  base::Error long_line() const {
    return at_line(fmt::format("the line is longer than {} bytes: this is no series", base::kLongestLine));
  }

  base::Status read_comment(std::string_view comment) {
    const auto colon = comment.find(':');
    if (colon == std::string_view::npos) return base::Done{};
    const auto key = base::trimmed(comment.substr(0, colon));
    const auto value = base::trimmed(comment.substr(colon + 1));
    if (key == "zone") return set_once(provenance_.zone, value, key);
    if (key == "source") return set_once(provenance_.source, value, key);
    if (key == "vintage") return set_once(provenance_.vintage, value, key);
    if (key == "signal") return read_signal(value);
    if (key == "quality") return read_quality(value);
    return base::Done{};
  }

  base::Status set_once(std::string& field, std::string_view value, std::string_view key) {
    if (!field.empty() && field != value) {
      return at_line(fmt::format("a second {} {} contradicts {}: two series in one file", key, in_quotes(value),
                                 in_quotes(field)));
    }
    field = value;
    return base::Done{};
  }

  base::Status read_signal(std::string_view value) {
    const auto signal = parse_signal(value);
    if (!signal) {
      return at_line(
          fmt::format("the signal is {}: expected marginal or average, with direct or lifecycle", in_quotes(value)));
    }
    if (has_signal_ && !(*signal == provenance_.signal)) {
      return at_line(fmt::format("the signal {} contradicts {}: signals are never mixed in one series",
                                 in_quotes(value), in_quotes(text_of(provenance_.signal))));
    }
    has_signal_ = true;
    provenance_.signal = *signal;
    return base::Done{};
  }

  base::Status read_quality(std::string_view value) {
    DataQuality quality{0.0, 0.0, 0.0};
    if (value == "measured") {
      quality.measured = 1.0;
    } else if (value == "modelled" || value == "typical-year") {
      quality.modelled = 1.0;
    } else if (value == "filled") {
      quality.filled = 1.0;
    } else {
      return at_line(fmt::format("the quality is {}: expected measured, modelled or filled", in_quotes(value)));
    }
    provenance_.quality = quality;
    return base::Done{};
  }

  base::Status read_rows() {
    values_.reserve(lines_.rest().size() / 30 + 2);
    std::optional<TimeTicker> expected;
    while (const auto line = lines_.next()) {
      // The common row: the time that is due next, in its plain form.
      if (expected && expected->plain() && line->size() > kPlainTime &&
          std::memcmp(line->data(), expected->text().data(), kPlainTime) == 0 && (*line)[kPlainTime] == ',' &&
          line->size() < 64) {
        EBB_TRY_DO(read_value(line->substr(kPlainTime + 1)));
        expected->tick();
        continue;
      }
      if (line->size() > base::kLongestLine) return long_line();
      if (base::trimmed(*line).empty()) continue;
      EBB_TRY_DO(read_row(*line, expected));
    }
    if (values_.empty()) return base::bad_data(fmt::format("{}: there are no rows behind the header", name_));
    if (values_.size() == 1) {
      return base::bad_data(fmt::format("{}: one row does not tell the step: at least two are needed", name_));
    }
    return base::Done{};
  }

  base::Status read_row(std::string_view line, std::optional<TimeTicker>& expected) {
    const auto comma = line.find(',');
    if (comma == std::string_view::npos) return at_line(fmt::format("{} has no comma", in_quotes(line)));
    const auto moment = time::parse_instant(base::trimmed(line.substr(0, comma)));
    if (!moment) return at_line(moment.error().message);
    const auto zone = base::trimmed(line.substr(0, comma));
    if (!zone.ends_with('Z') && !zone.ends_with('z') && !zone.ends_with("+00:00")) {
      return at_line(fmt::format("the time {} is not in UTC: write it with Z", in_quotes(zone)));
    }
    EBB_TRY_DO(check_time(*moment, expected));
    EBB_TRY_DO(read_value(line.substr(comma + 1)));
    if (values_.size() == 1) {
      first_ = *moment;
    } else if (values_.size() == 2) {
      step_ = *moment - first_;
      if (step_ > std::chrono::hours(24 * 366)) return at_line("the step is longer than a year");
      expected.emplace(*moment + step_, step_);
    } else {
      expected->tick();
    }
    return base::Done{};
  }

  base::Status check_time(time::Instant moment, const std::optional<TimeTicker>& expected) const {
    if (values_.empty()) return base::Done{};
    const auto previous = values_.size() == 1 ? first_ : expected->instant() - step_;
    if (moment == previous) return at_line(fmt::format("duplicate time {}", time::text_of(moment)));
    if (moment < previous) {
      return at_line(fmt::format("the time {} comes after {}: rows must be in order", time::text_of(moment),
                                 time::text_of(previous)));
    }
    if (values_.size() > 1 && moment != expected->instant()) {
      return at_line(
          fmt::format("irregular step: expected {} ({} after the row before), got {}; write a missing slot "
                      "as a row with an empty value",
                      time::text_of(expected->instant()), time::text_of(step_), time::text_of(moment)));
    }
    return base::Done{};
  }

  base::Status read_value(std::string_view text) {
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && is_plausible(value)) {
      values_.push_back(value);
      return base::Done{};
    }
    const auto field = base::trimmed(text);
    if (field.empty()) {
      values_.push_back(kMissing);
      return base::Done{};
    }
    const auto number = base::parse_number(field);
    if (!number) {
      return at_line(fmt::format("the value {} is no finite number; a missing value is written as an empty field",
                                 in_quotes(field)));
    }
    if (!is_plausible(*number)) {
      return at_line(fmt::format("the value {} is beyond any intensity or price", in_quotes(field)));
    }
    values_.push_back(*number);
    return base::Done{};
  }

  base::Lines lines_;
  const std::string& name_;
  ValueColumn column_;
  Provenance provenance_;
  bool has_signal_ = false;
  time::Instant first_;
  time::Duration step_{1};
  std::vector<double> values_;
};

}  // namespace

base::Expected<Series> parse_csv(std::string_view text, const std::string& name, ValueColumn column) {
  return Parser(text, name, column).parse();
}

base::Expected<Series> load_csv(const std::string& path, ValueColumn column) {
  EBB_TRY(const auto file, base::load_text_file(path));
  return parse_csv(file.view(), path, column);
}

std::string to_csv(const Series& series) {
  const Provenance& from = series.provenance();
  std::string out;
  out.reserve(256 + series.size() * 40);
  const auto comment = [&out](std::string_view key, std::string_view value) {
    if (!value.empty()) out += fmt::format("# {}: {}\n", key, value);
  };
  comment("zone", from.zone);
  if (from.signal.kind || from.signal.scope) comment("signal", text_of(from.signal));
  comment("source", from.source);
  comment("vintage", from.vintage);
  if (from.quality.modelled == 1.0) comment("quality", "modelled");
  if (from.quality.filled == 1.0) comment("quality", "filled");
  out += "time,g_per_kwh\n";
  std::array<char, 32> digits{};
  TimeTicker ticker(series.begin(), series.step());
  for (const double value : series.values()) {
    if (ticker.plain()) {
      out += ticker.text();
    } else {
      out += time::text_of(ticker.instant());
    }
    out += ',';
    if (!is_missing(value)) {
      const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
      out.append(digits.data(), end);
    }
    out += '\n';
    ticker.tick();
  }
  return out;
}

}  // namespace ebb::series
