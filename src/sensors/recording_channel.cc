#include "sensors/recording_channel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "base/text.h"
#include "sensors/value_file.h"

namespace ebb::sensors {
namespace {

using base::in_quotes;

bool is_unprintable(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// The keys and values after the name; each may be taken once, and what nobody takes is not known.
class Attributes {
 public:
  base::Status parse(const std::vector<std::string_view>& fields) {
    for (std::size_t i = 1; i < fields.size(); ++i) {
      const auto field = base::trimmed(fields[i]);
      const auto equals = field.find('=');
      if (equals == std::string_view::npos) return base::bad_data(fmt::format("{} is no key=value", in_quotes(field)));
      const auto key = base::trimmed(field.substr(0, equals));
      const auto value = base::trimmed(field.substr(equals + 1));
      if (!is_plain_text(value)) return base::bad_data(fmt::format("{} holds unprintable bytes", in_quotes(key)));
      if (!values_.emplace(key, value).second) return base::bad_data(fmt::format("{} comes twice", in_quotes(key)));
    }
    return base::Done{};
  }

  std::optional<std::string> take(const std::string& key) {
    auto node = values_.extract(key);
    if (node.empty()) return std::nullopt;
    auto text = std::move(node.mapped());
    return text;
  }

  base::Expected<std::string> must_take(const std::string& key) {
    auto value = take(key);
    if (!value || value->empty()) return base::bad_data(fmt::format("{} is missing", key));
    return *std::move(value);
  }

  /// Leaves `into` as it is where the key is not there.
  base::Status take_number(const std::string& key, double least, double most, double& into) {
    const auto text = take(key);
    if (!text) return base::Done{};
    const auto number = base::parse_number(*text);
    if (!number || *number < least || *number > most) {
      return base::bad_data(fmt::format("{} is {}, not a number from {} to {}", key, in_quotes(*text), least, most));
    }
    into = *number;
    return base::Done{};
  }

  [[nodiscard]] base::Status nothing_left() const {
    if (values_.empty()) return base::Done{};
    return base::bad_data(fmt::format("{} is no key of such a channel", in_quotes(values_.begin()->first)));
  }

 private:
  std::map<std::string, std::string> values_;
};

base::Status read_counter(Attributes& attributes, RecordedChannel& recorded) {
  double most_watts = 0;
  EBB_TRY_DO(attributes.take_number("unit_joules", 1e-15, 1e6, recorded.unit));
  EBB_TRY_DO(attributes.take_number("max_watts", 1e-3, 1e9, most_watts));
  if (most_watts > 0) recorded.max_power = units::watts(most_watts);
  if (const auto range = attributes.take("range")) {
    recorded.range = parse_count(*range);
    if (recorded.range.value_or(0) == 0) return base::bad_data(fmt::format("range is {}, no count", in_quotes(*range)));
    if (most_watts <= 0)
      return base::bad_data("a counter with a range needs max_watts, which tells a wrap from a reset");
  }
  return base::Done{};
}

base::Status read_power(Attributes& attributes, RecordedChannel& recorded) {
  recorded.is_power = true;
  double hold_seconds = time::in_seconds(recorded.hold);
  EBB_TRY_DO(attributes.take_number("unit_watts", 1e-15, 1e6, recorded.unit));
  EBB_TRY_DO(attributes.take_number("hold_seconds", 1e-3, 86400, hold_seconds));
  recorded.hold = time::from_seconds(hold_seconds);
  return base::Done{};
}

base::Status read_raw(Attributes& attributes, RecordedChannel& recorded) {
  EBB_TRY(const auto raw, attributes.must_take("raw"));
  recorded.unit = 0;
  if (raw == "counter") {
    EBB_TRY_DO(read_counter(attributes, recorded));
  } else if (raw == "power") {
    EBB_TRY_DO(read_power(attributes, recorded));
  } else {
    return base::bad_data(fmt::format("raw is {}, not counter or power", in_quotes(raw)));
  }
  if (recorded.unit > 0) return base::Done{};
  return base::bad_data(recorded.is_power ? "unit_watts is missing" : "unit_joules is missing");
}

base::Status read_channel(Attributes& attributes, Channel& channel) {
  EBB_TRY(const auto kind, attributes.must_take("kind"));
  const auto known = hardware::parse_component_kind(kind);
  if (!known) return base::bad_data(fmt::format("kind is {}, not gpu, cpu, dram or other", in_quotes(kind)));
  channel.kind = *known;
  EBB_TRY(channel.method, attributes.must_take("method"));
  channel.device = attributes.take("device").value_or("");
  channel.id = attributes.take("id").value_or("");
  channel.source = attributes.take("source").value_or("");
  EBB_TRY_DO(attributes.take_number("low", 1e-3, 1, channel.low_factor));
  EBB_TRY_DO(attributes.take_number("high", 1, 1e3, channel.high_factor));
  double idle_watts = -1;
  EBB_TRY_DO(attributes.take_number("idle_watts", 0, 1e6, idle_watts));
  if (idle_watts >= 0) channel.idle = units::watts(idle_watts);
  return base::Done{};
}

}  // namespace

bool is_plain_text(std::string_view text) { return std::none_of(text.begin(), text.end(), is_unprintable); }

std::string plain_text(std::string_view text) {
  std::string plain(text);
  std::replace_if(
      plain.begin(), plain.end(), [](char c) { return is_unprintable(c) || c == ';'; }, ' ');
  return std::string(base::trimmed(plain));
}

bool is_channel_name(std::string_view name) {
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), allowed);
}

base::Expected<RecordedChannel> parse_recorded_channel(std::string_view text) {
  const auto fields = base::split(text, ';');
  RecordedChannel recorded;
  recorded.channel.name = base::trimmed(fields.front());
  if (!is_channel_name(recorded.channel.name)) {
    return base::bad_data(fmt::format("{} is no name of a channel: 1 to 64 letters, digits, '.', '_' and '-'",
                                      in_quotes(recorded.channel.name)));
  }
  Attributes attributes;
  auto status = attributes.parse(fields);
  if (status.ok()) status = read_channel(attributes, recorded.channel);
  if (status.ok()) status = read_raw(attributes, recorded);
  if (status.ok()) status = attributes.nothing_left();
  if (!status.ok()) return status.error().in("channel " + recorded.channel.name);
  return recorded;
}

std::string text_of(const RecordedChannel& recorded) {
  const Channel& channel = recorded.channel;
  std::string text =
      fmt::format("{}; kind={}; method={}", channel.name, hardware::name_of(channel.kind), plain_text(channel.method));
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) text += fmt::format("; {}={}", key, value);
  };
  if (recorded.is_power) {
    text += fmt::format("; raw=power; unit_watts={}; hold_seconds={}", recorded.unit, time::in_seconds(recorded.hold));
  } else {
    text +=
        fmt::format("; raw=counter; unit_joules={}; max_watts={}", recorded.unit, units::in_watts(recorded.max_power));
    if (recorded.range) text += fmt::format("; range={}", *recorded.range);
  }
  if (channel.low_factor != 1.0) add("low", fmt::format("{}", channel.low_factor));
  if (channel.high_factor != 1.0) add("high", fmt::format("{}", channel.high_factor));
  if (channel.idle) add("idle_watts", fmt::format("{}", units::in_watts(*channel.idle)));
  add("device", plain_text(channel.device));
  add("id", plain_text(channel.id));
  add("source", plain_text(channel.source));
  return text;
}

}  // namespace ebb::sensors
