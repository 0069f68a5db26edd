#include "sensors/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "sensors/recording_channel.h"
#include "sensors/value_file.h"

namespace ebb::sensors {
namespace {

using base::in_quotes;

constexpr std::string_view kHeader = "seconds,channel,value";
constexpr double kMostSeconds = 4e6;  // 46 days: a double holds them to the nanosecond
constexpr std::size_t kMostChannels = 4096;

/// Whether a value may or must stand beside a cause.
bool stands_alone(GapCause cause) { return cause == GapCause::kReadFailed || cause == GapCause::kLost; }

class Parser {
 public:
  Parser(std::string_view text, const std::string& name) : lines_(text), name_(name) {}

  base::Expected<Recording> parse() {
    EBB_TRY_DO(read_head());
    while (const auto line = lines_.next()) {
      if (line->size() > base::kLongestLine) return at_line("the line is too long");
      const auto row = base::trimmed(*line);
      if (!row.empty() && !row.starts_with("##")) EBB_TRY_DO(read_row(row));
    }
    for (const auto& channel : recording_.channels) {
      if (channel.rows.empty()) {
        return base::bad_data(fmt::format("{}: the channel {} has no row", name_, in_quotes(channel.channel.name)));
      }
    }
    if (recording_.loop && recording_.length() <= time::Duration(0)) {
      return base::bad_data(name_ + ": a recording that loops needs rows at two times at least");
    }
    return std::move(recording_);
  }

 private:
  [[nodiscard]] base::Error at_line(std::string_view what) const {
    return base::bad_data(fmt::format("{}:{}: {}", name_, lines_.number(), what));
  }

  base::Status read_head() {
    while (const auto line = lines_.next()) {
      if (line->size() > base::kLongestLine) return at_line("the line is too long");
      const auto text = base::trimmed(*line);
      if (text.empty() || text.starts_with("##")) continue;
      if (text.starts_with('#')) {
        EBB_TRY_DO(read_comment(base::trimmed(text.substr(1))));
        continue;
      }
      if (!is_recording_) return at_line("this is no recording: its first line is not \"# ebb-recording: 1\"");
      if (text != kHeader) return at_line(fmt::format("{} is not the header {}", in_quotes(text), in_quotes(kHeader)));
      if (recording_.channels.empty()) return at_line("no line \"# channel: ...\" before the header");
      return base::Done{};
    }
    return base::bad_data(fmt::format("{}: the header {} is missing", name_, in_quotes(kHeader)));
  }

  base::Status read_comment(std::string_view comment) {
    const auto colon = comment.find(':');
    const auto key = base::trimmed(comment.substr(0, colon));
    const auto value = colon == std::string_view::npos ? "" : base::trimmed(comment.substr(colon + 1));
    if (key == "ebb-recording") {
      if (value != "1") return at_line(fmt::format("version {} is not known: only 1 is", in_quotes(value)));
      is_recording_ = true;
      return base::Done{};
    }
    if (!is_recording_) return at_line("this is no recording: its first line is not \"# ebb-recording: 1\"");
    if (key == "source") return read_source(value);
    if (key == "loop") {
      if (value != "yes" && value != "no") return at_line(fmt::format("loop is {}, not yes or no", in_quotes(value)));
      recording_.loop = value == "yes";
      return base::Done{};
    }
    if (key == "channel") return read_channel(value);
    return at_line(fmt::format("{} is no key: ebb-recording, source, loop and channel are; a remark begins with ##",
                               in_quotes(key)));
  }

  base::Status read_source(std::string_view value) {
    if (!is_plain_text(value)) return at_line("the source holds unprintable bytes");
    recording_.source = value;
    return base::Done{};
  }

  base::Status read_channel(std::string_view value) {
    auto channel = parse_recorded_channel(value);
    if (!channel) return at_line(channel.error().message);
    if (recording_.channels.size() == kMostChannels) return at_line("more than 4096 channels");
    if (!numbers_.emplace(channel->channel.name, recording_.channels.size()).second) {
      return at_line(fmt::format("the channel {} comes twice", in_quotes(channel->channel.name)));
    }
    recording_.channels.push_back(*std::move(channel));
    return base::Done{};
  }

  base::Status read_row(std::string_view text) {
    const auto fields = base::split(text, ',');
    if (fields.size() != 3) return at_line(fmt::format("{} fields instead of {}", fields.size(), kHeader));
    const auto seconds = base::parse_number(base::trimmed(fields[0]));
    if (!seconds || *seconds < 0 || *seconds > kMostSeconds) {
      return at_line(fmt::format("{} is no time between 0 and 4000000 s", in_quotes(fields[0])));
    }
    const auto number = numbers_.find(std::string(base::trimmed(fields[1])));
    if (number == numbers_.end()) return at_line(fmt::format("{} is no channel of this file", in_quotes(fields[1])));
    auto row = parse_value(base::trimmed(fields[2]));
    if (!row) return at_line(row.error().message);
    row->at = time::from_seconds(*seconds);
    auto& rows = recording_.channels[number->second].rows;
    if (row->at < last_) return at_line("the time is before that of the row above");
    if (!rows.empty() && rows.back().at >= row->at) return at_line("the channel has a row of this time already");
    if (!rows.empty() && rows.back().cause == GapCause::kLost) return at_line("the channel was lost before");
    last_ = row->at;
    rows.push_back(*row);
    return base::Done{};
  }

  /// "1234", "read-failed", "reset:0".
  static base::Expected<RecordedRow> parse_value(std::string_view text) {
    RecordedRow row;
    const auto colon = text.find(':');
    const auto word = text.substr(0, colon);
    row.value = parse_count(word);
    if (row.value && colon == std::string_view::npos) return row;
    row.cause = parse_gap_cause(word);
    if (!row.cause) return base::bad_data(fmt::format("{} is neither a whole number nor a cause", in_quotes(text)));
    if (stands_alone(*row.cause)) {
      if (colon != std::string_view::npos) return base::bad_data(fmt::format("{} has no value", in_quotes(word)));
      return row;
    }
    row.value = parse_count(colon == std::string_view::npos ? "" : text.substr(colon + 1));
    if (!row.value) {
      return base::bad_data(fmt::format("{} needs the value after it, as in \"{}:0\"", in_quotes(text), word));
    }
    return row;
  }

  base::Lines lines_;
  const std::string& name_;
  Recording recording_;
  std::map<std::string, std::size_t> numbers_;
  bool is_recording_ = false;
  time::Duration last_{0};
};

/// Seconds without a rounding error: "0.1", "12".
std::string seconds_text(time::Duration at) {
  std::string text = fmt::format("{}.{:09}", at.count() / 1'000'000'000, at.count() % 1'000'000'000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string value_text(const RecordedRow& row) {
  if (!row.cause) return fmt::format("{}", row.value.value_or(0));
  if (!row.value) return std::string(name_of(*row.cause));
  return fmt::format("{}:{}", name_of(*row.cause), *row.value);
}

}  // namespace

time::Duration Recording::length() const {
  time::Duration last{0};
  for (const auto& channel : channels) {
    if (!channel.rows.empty()) last = std::max(last, channel.rows.back().at);
  }
  return last;
}

base::Expected<Recording> parse_recording(std::string_view text, const std::string& name) {
  return Parser(text, name).parse();
}

std::string text_of(const Recording& recording) {
  std::string text = "# ebb-recording: 1\n";
  if (!recording.source.empty()) text += fmt::format("# source: {}\n", plain_text(recording.source));
  if (recording.loop) text += "# loop: yes\n";
  std::vector<std::pair<const RecordedRow*, const RecordedChannel*>> rows;
  for (const auto& channel : recording.channels) {
    text += fmt::format("# channel: {}\n", text_of(channel));
    for (const auto& row : channel.rows) rows.emplace_back(&row, &channel);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first->at < b.first->at; });
  text += fmt::format("{}\n", kHeader);
  for (const auto& [row, channel] : rows) {
    fmt::format_to(std::back_inserter(text), "{},{},{}\n", seconds_text(row->at), channel->channel.name,
                   value_text(*row));
  }
  return text;
}

}  // namespace ebb::sensors
