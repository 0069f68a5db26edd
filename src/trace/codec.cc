#include "trace/codec.h"

#include <utility>

#include "time/calendar.h"
#include "trace/frame.h"
#include "trace/header_json.h"
#include "trace/pack.h"

namespace ebb::trace {
namespace {

// What a payload begins with. These numbers are in files: none is changed or used again.
enum class Type : std::uint8_t {
  kHeader = 1,
  kComponent = 2,
  kInterval = 3,
  kGap = 4,
  kMark = 5,
  kPauseEdge = 6,
  kAnchor = 7,
  kNote = 8,
  kEnd = 9,
};
constexpr Type type_of(const Component& /*record*/) { return Type::kComponent; }
constexpr Type type_of(const Interval& /*record*/) { return Type::kInterval; }
constexpr Type type_of(const Gap& /*record*/) { return Type::kGap; }
constexpr Type type_of(const Mark& /*record*/) { return Type::kMark; }
constexpr Type type_of(const PauseEdge& /*record*/) { return Type::kPauseEdge; }
constexpr Type type_of(const Anchor& /*record*/) { return Type::kAnchor; }
constexpr Type type_of(const Note& /*record*/) { return Type::kNote; }
constexpr Type type_of(const End& /*record*/) { return Type::kEnd; }

// Orders of the codes: 2^k is what a sampling of once a second gives.
constexpr int kSecond = 20;     // microseconds
constexpr int kMeter = 8;       // microseconds
constexpr int kFewJoules = 24;  // microjoules
constexpr int kFew = 3;

// Each `transfer` is a record's fields in the order of the file, for both directions: Bits is Packer or Unpacker.

template <typename Bits, typename Like>
void transfer_energy(Bits& bits, Like& energy, const Interval& interval, std::uint32_t expected) {
  bits.number_unless(energy.component, expected, kFew);
  if (bits.choice(!bits.same_time(energy, interval))) {
    bits.when(energy.from);
    bits.until(energy.to, energy.from, kSecond);
  } else {
    bits.copy(energy.from, interval.from);
    bits.copy(energy.to, interval.to);
  }
  bits.energy(energy.job, kFewJoules);
  bits.energy(energy.job_idle, kFewJoules);
  bits.energy(energy.idle, kFewJoules);
  bits.energy(energy.others, kFewJoules);
}

template <typename Bits>
void transfer(Bits& bits, typename Bits::template Like<Interval>& interval) {
  bits.when(interval.from);
  bits.until(interval.to, interval.from, kSecond);
  bits.length(interval.job_cpu, kSecond);
  bits.ticks(interval.machine_busy, kSecond);
  bits.ticks(interval.machine_idle, kSecond);
  bits.ticks(interval.machine_steal, kSecond);
  bits.length(interval.meter_cpu, kMeter);
  std::uint32_t expected = 0;
  bits.each(interval.energies, [&](auto& energy) {
    transfer_energy(bits, energy, interval, expected);
    expected = energy.component + 1;
  });
}

template <typename Bits>
void transfer(Bits& bits, typename Bits::template Like<Component>& component) {
  bits.text(component.name);
  bits.kind(component.kind);
  bits.text(component.device);
  bits.text(component.id);
  bits.text(component.method);
  bits.factor(component.low_factor);
  bits.factor(component.high_factor);
  bits.text(component.source);
}

template <typename Bits>
void transfer(Bits& bits, typename Bits::template Like<Gap>& gap) {
  bits.optional_number(gap.component, kFew);
  bits.when(gap.from);
  bits.until(gap.to, gap.from, kSecond);
  bits.text(gap.cause);
  bits.text(gap.detail);
  bits.flag(gap.recovered);
}

template <typename Bits>
void transfer(Bits& bits, typename Bits::template Like<Mark>& mark) {
  bits.when(mark.steady);
  bits.kind(mark.kind);
  bits.text(mark.name);
}

template <typename Bits>
void transfer(Bits& bits, typename Bits::template Like<PauseEdge>& edge) {
  bits.when(edge.steady);
  bits.flag(edge.paused);
}

template <typename Bits>
void transfer(Bits& bits, typename Bits::template Like<Anchor>& anchor) {
  bits.when(anchor.steady);
  bits.instant(anchor.utc);
}

template <typename Bits>
void transfer(Bits& bits, typename Bits::template Like<Note>& note) {
  bits.when(note.steady);
  bits.text(note.text);
}

template <typename Bits>
void transfer(Bits& bits, typename Bits::template Like<End>& end) {
  bits.when(end.steady);
  bits.integer(end.exit_code, kFew);
  bits.length(end.job_cpu, kSecond);
  bits.length(end.meter_cpu, kMeter);
}

template <typename R>
base::Expected<std::string> packed(const R& record, time::Duration base) {
  Packer bits(static_cast<std::uint8_t>(type_of(record)), base);
  transfer(bits, record);
  if (bits.refusal()) return base::bad_data(*bits.refusal());
  if (bits.bytes().size() > kMostPayload) return base::bad_data("its texts are longer than 64 KiB together");
  return bits.bytes();
}

base::Expected<std::string> packed(const Header& header, time::Duration /*base*/) {
  if (header.utc < time::midnight(1900, 1, 1) || header.utc >= time::midnight(2151, 1, 1)) {
    return base::bad_data("the clock's time is none that can be kept (years 1900 to 2150): set the clock");
  }
  auto payload = static_cast<char>(Type::kHeader) + json_of(header);
  if (payload.size() > kMostHeaderPayload) return base::bad_data("a header may take 16 MiB, this one is longer");
  if (!decode(payload, {})) return base::bad_data("its steady time is none that can be kept (0 to 142 years)");
  return payload;
}

template <typename R>
std::optional<Record> unpacked(std::string_view fields, time::Duration base) {
  Unpacker bits(fields, base);
  R record;
  transfer(bits, record);
  if (!bits.at_end()) return std::nullopt;
  return Record(std::move(record));
}

std::optional<Record> unpacked_header(std::string_view json) {
  auto header = parse_header(json);
  if (!header || !is_steady_time(header->steady)) return std::nullopt;
  return Record(*std::move(header));
}

}  // namespace

base::Expected<std::string> encode(const Record& record, time::Duration base) {
  return std::visit([&](const auto& known) { return packed(known, base); }, record);
}

std::optional<Record> decode(std::string_view payload, time::Duration base) {
  if (payload.empty()) return std::nullopt;
  const auto fields = payload.substr(1);
  switch (static_cast<Type>(payload.front())) {
    case Type::kHeader:
      return unpacked_header(fields);
    case Type::kComponent:
      return unpacked<Component>(fields, base);
    case Type::kInterval:
      return unpacked<Interval>(fields, base);
    case Type::kGap:
      return unpacked<Gap>(fields, base);
    case Type::kMark:
      return unpacked<Mark>(fields, base);
    case Type::kPauseEdge:
      return unpacked<PauseEdge>(fields, base);
    case Type::kAnchor:
      return unpacked<Anchor>(fields, base);
    case Type::kNote:
      return unpacked<Note>(fields, base);
    case Type::kEnd:
      return unpacked<End>(fields, base);
  }
  return std::nullopt;
}

}  // namespace ebb::trace
