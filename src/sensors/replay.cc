#include "sensors/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/file.h"
#include "sensors/raw_sensor.h"
#include "time/text.h"

namespace ebb::sensors {
namespace {

constexpr time::Duration kShortestPeriod = std::chrono::milliseconds(1);
constexpr time::Duration kUsualPeriod = std::chrono::milliseconds(100);

/// Counts that wrap to 0 after `largest`.
class Circle {
 public:
  explicit Circle(std::uint64_t largest) : largest_(largest) {}

  [[nodiscard]] std::uint64_t sum(std::uint64_t a, std::uint64_t b) const {
    if (a > largest_ || b > largest_) return a;  // no value of this counter: left as it is
    return b != 0 && a >= largest_ - b + 1 ? a - (largest_ - b + 1) : a + b;
  }
  [[nodiscard]] std::uint64_t difference(std::uint64_t a, std::uint64_t b) const {
    if (a > largest_ || b > largest_) return 0;
    return a >= b ? a - b : a + (largest_ - b) + 1;
  }
  [[nodiscard]] std::uint64_t times(std::uint64_t a, std::int64_t count) const {
    std::uint64_t product = 0;
    for (; count > 0; count >>= 1, a = sum(a, a)) {
      if ((count & 1) != 0) product = sum(product, a);
    }
    return product;
  }

 private:
  std::uint64_t largest_;
};

/// The rows of one channel, as a source whose time is that of the ticks.
class ReplaySource final : public RawSource {
 public:
  ReplaySource(const RecordedChannel& recorded, const Recording& recording)
      : rows_(recorded.rows),
        length_(recording.length()),
        loop_(recording.loop),
        hold_(recorded.is_power ? std::optional(recorded.hold) : std::nullopt),
        circle_(recorded.range.value_or(std::numeric_limits<std::uint64_t>::max())) {
    now_.cause = GapCause::kUnread;
    now_.detail = "the recording has no value yet";
    if (!recorded.is_power) gain_ = gain_of(rows_, circle_);
  }

  RawValue read(time::Duration steady) override {
    if (!begin_) begin_ = steady;
    const time::Duration since_begin = steady - *begin_;
    if (!loop_ && since_begin > length_) {
      return {std::nullopt, GapCause::kLost, "the recording ends after " + time::text_of(length_), std::nullopt};
    }
    go_to(since_begin);
    if (now_.value && hold_ && since_begin - shown_since_ > *hold_) {
      return {std::nullopt, GapCause::kUnread, "the recording has no new value", std::nullopt};
    }
    RawValue shown = now_;
    if (shown.value) shown.restarted = std::exchange(restarted_, std::nullopt);
    if (shown.restarted) shown.detail = "the recording says so";
    return shown;
  }

 private:
  /// What one round of a loop adds to a counter.
  static std::uint64_t gain_of(const std::vector<RecordedRow>& rows, const Circle& circle) {
    const auto has_value = [](const RecordedRow& row) { return row.value.has_value(); };
    const auto first = std::find_if(rows.begin(), rows.end(), has_value);
    const auto last = std::find_if(rows.rbegin(), rows.rend(), has_value);
    return first == rows.end() ? 0 : circle.difference(*last->value, *first->value);
  }

  void go_to(time::Duration since_begin) {
    const auto round = loop_ ? since_begin / length_ : 0;
    if (round_ < round) {
      show_until(length_);
      // Rounds that no tick falls into leave only what they add.
      offset_ = circle_.sum(offset_, circle_.times(gain_, round - round_));
      round_ = round;
      next_ = 0;
    }
    show_until(since_begin - length_ * round_);
  }

  void show_until(time::Duration at) {
    for (; next_ < rows_.size() && rows_[next_].at <= at; ++next_) {
      const RecordedRow& row = rows_[next_];
      now_ = RawValue{};
      if (row.value) {
        now_.value = circle_.sum(*row.value, offset_);
        if (row.cause) restarted_ = row.cause;
      } else {
        now_.cause = row.cause.value_or(GapCause::kReadFailed);
        now_.detail = fmt::format("the recording says {}", name_of(now_.cause));
      }
      shown_since_ = length_ * round_ + row.at;
    }
  }

  std::vector<RecordedRow> rows_;
  time::Duration length_;
  bool loop_;
  std::optional<time::Duration> hold_;
  Circle circle_;
  std::uint64_t gain_ = 0;
  std::optional<time::Duration> begin_;
  std::int64_t round_ = 0;
  std::size_t next_ = 0;
  std::uint64_t offset_ = 0;
  RawValue now_;
  time::Duration shown_since_{0};
  std::optional<GapCause> restarted_;
};

time::Duration longest_step(const RecordedChannel& recorded) {
  time::Duration longest{0};
  for (std::size_t i = 1; i < recorded.rows.size(); ++i) {
    longest = std::max(longest, recorded.rows[i].at - recorded.rows[i - 1].at);
  }
  return longest;
}

time::Duration period_of(const Recording& recording) {
  std::optional<time::Duration> shortest;
  for (const auto& channel : recording.channels) {
    for (std::size_t i = 1; i < channel.rows.size(); ++i) {
      const auto step = channel.rows[i].at - channel.rows[i - 1].at;
      if (!shortest || step < *shortest) shortest = step;
    }
  }
  return std::max(shortest.value_or(kUsualPeriod), kShortestPeriod);
}

}  // namespace

std::unique_ptr<Sensor> make_replay(const Recording& recording) {
  std::vector<RawChannel> channels;
  for (const auto& recorded : recording.channels) {
    // What was used between two rows appears at once, at the later one.
    const CounterUnwrapper::Rules rules{.unit = units::joules(recorded.unit),
                                        .range = recorded.range,
                                        .max_power = recorded.max_power,
                                        .step = longest_step(recorded) + std::chrono::seconds(1)};
    auto meter = recorded.is_power ? power_meter(units::watts(recorded.unit), recorded.hold) : counter_meter(rules);
    channels.push_back({recorded.channel, std::make_unique<ReplaySource>(recorded, recording), std::move(meter),
                        recorded.channel.name + " of the recording"});
  }
  return std::make_unique<RawSensor>("replay", period_of(recording), std::move(channels));
}

Opened open_replay(const std::string& file) {
  Opened opened;
  opened.name = "replay";
  const auto bytes = base::load_text_file(file);
  if (!bytes) {
    opened.why = bytes.error().message;
    return opened;
  }
  const auto recording = parse_recording(bytes->view(), file);
  if (!recording) {
    opened.why = recording.error().message;
    return opened;
  }
  opened.present = true;
  opened.warnings.push_back(fmt::format("the energies are those of the recording {}{}, not of this machine", file,
                                        recording->source.empty() ? "" : fmt::format(" ({})", recording->source)));
  opened.sensor = make_replay(*recording);
  return opened;
}

}  // namespace ebb::sensors
