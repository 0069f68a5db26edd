#include "trace/pack.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "trace/codec.h"

namespace ebb::trace {
namespace {

using std::chrono::microseconds;

constexpr std::int64_t kMostMicroseconds = std::int64_t{1} << 52;
constexpr int kTextLength = 6;
/// Two to this many microseconds, 72 minutes, is where the code of a moment of a run begins to grow.
constexpr int kMoment = 32;
/// The kernel counts the machine's CPU times in these.
constexpr std::int64_t kTickMicroseconds = 10'000;
constexpr int kTicks = 7;

std::int64_t whole_microseconds(time::Duration d) { return std::chrono::floor<microseconds>(d).count(); }

}  // namespace

bool is_steady_time(time::Duration steady) {
  const auto count = whole_microseconds(steady);
  return -kMostMicroseconds <= count && count <= kMostMicroseconds;
}

void Packer::signed_number(std::int64_t value, int k) {
  flag(value < 0);
  bits_.number(static_cast<std::uint64_t>(value < 0 ? -value : value), k);
}

void Packer::when(time::Duration steady) {
  if (!is_steady_time(steady)) return refuse("its time is beyond 142 years");
  signed_number(whole_microseconds(steady) - whole_microseconds(base_), kMoment);
}

void Packer::until(time::Duration end, time::Duration begin, int k) {
  // Both ends are rounded, not the length: intervals that touch go on touching.
  const auto count = whole_microseconds(end) - whole_microseconds(begin);
  if (!is_steady_time(end)) return refuse("its time is beyond 142 years");
  if (count < 0) return refuse("it ends before it begins");
  bits_.number(static_cast<std::uint64_t>(count), k);
}

void Packer::length(time::Duration length, int k) {
  const auto count = microseconds_of(length);
  if (choice(count > 0)) bits_.number(count, k);
}

void Packer::ticks(time::Duration length, int k) {
  const auto count = microseconds_of(length);
  if (!choice(count > 0)) return;
  if (choice(count % kTickMicroseconds == 0)) return bits_.number(count / kTickMicroseconds, kTicks);
  bits_.number(count, k);
}

std::uint64_t Packer::microseconds_of(time::Duration length) {
  const auto count = std::chrono::round<microseconds>(length).count();
  if (count >= 0 && count <= kMostMicroseconds) return static_cast<std::uint64_t>(count);
  refuse(fmt::format("it has a CPU time of {} us", count));
  return 0;
}

void Packer::energy(units::Energy energy, int k) {
  const double microjoules = std::nearbyint(units::in_joules(energy) * 1e6);
  if (!(microjoules >= 0.0 && microjoules <= kMostMicrojoules)) {
    return refuse(fmt::format("it has an energy of {} J, and only 0 to {} J can be kept", units::in_joules(energy),
                              kMostMicrojoules / 1e6));
  }
  if (choice(microjoules > 0.0)) bits_.number(static_cast<std::uint64_t>(microjoules), k);
}

void Packer::factor(double factor) {
  if (!std::isfinite(factor)) return refuse("a factor of its interval is not finite");
  bits_.bits(std::bit_cast<std::uint64_t>(factor), 64);
}

void Packer::instant(time::Instant instant) {
  bits_.bits(static_cast<std::uint64_t>(instant.time_since_epoch().count()), 64);
}

void Packer::text(std::string_view text) {
  bits_.number(text.size(), kTextLength);
  for (const char c : text) bits_.bits(static_cast<unsigned char>(c), 8);
}

void Packer::refuse(std::string why) {
  if (!refusal_) refusal_ = std::move(why);
}

std::uint32_t Unpacker::small_number(int k) {
  const auto value = bits_.number(k);
  if (value > std::numeric_limits<std::uint32_t>::max()) bits_.fail();
  return bits_.failed() ? 0 : static_cast<std::uint32_t>(value);
}

std::int64_t Unpacker::signed_number(int k) {
  const bool negative = choice(false);
  const auto value = static_cast<std::int64_t>(bits_.number(k));
  return negative ? -value : value;
}

void Unpacker::integer(int& value, int k) {
  const auto number = signed_number(k);
  if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max()) return bits_.fail();
  value = static_cast<int>(number);
}

void Unpacker::when(time::Duration& steady) {
  const auto relative = signed_number(kMoment);
  if (relative < -2 * kMostMicroseconds || relative > 2 * kMostMicroseconds) return bits_.fail();
  const auto count = whole_microseconds(base_) + relative;
  if (count < -kMostMicroseconds || count > kMostMicroseconds) return bits_.fail();
  steady = microseconds(count);
}

void Unpacker::until(time::Duration& end, time::Duration begin, int k) {
  const auto count = bits_.number(k);
  if (count > 2 * kMostMicroseconds) return bits_.fail();
  const auto end_count = whole_microseconds(begin) + static_cast<std::int64_t>(count);
  if (end_count > kMostMicroseconds) return bits_.fail();
  end = microseconds(end_count);
}

void Unpacker::length(time::Duration& length, int k) {
  if (choice(false)) set_microseconds(length, bits_.number(k));
}

void Unpacker::ticks(time::Duration& length, int k) {
  if (!choice(false)) return;
  if (!choice(false)) return set_microseconds(length, bits_.number(k));
  const auto count = bits_.number(kTicks);
  if (count > kMostMicroseconds / kTickMicroseconds) return bits_.fail();
  set_microseconds(length, count * kTickMicroseconds);
}

void Unpacker::set_microseconds(time::Duration& length, std::uint64_t count) {
  if (count > kMostMicroseconds) return bits_.fail();
  length = microseconds(static_cast<std::int64_t>(count));
}

void Unpacker::energy(units::Energy& energy, int k) {
  if (!choice(false)) return;
  const auto count = static_cast<double>(bits_.number(k));
  if (count > kMostMicrojoules) return bits_.fail();
  energy = units::joules(count / 1e6);
}

void Unpacker::factor(double& factor) {
  factor = std::bit_cast<double>(bits_.bits(64));
  if (!std::isfinite(factor)) bits_.fail();
}

void Unpacker::instant(time::Instant& instant) {
  instant = time::Instant(time::Duration(static_cast<std::int64_t>(bits_.bits(64))));
}

void Unpacker::text(std::string& text) {
  const auto size = bits_.number(kTextLength);
  if (size > bits_.bits_left() / 8) return bits_.fail();
  text.reserve(size);
  for (std::uint64_t i = 0; i < size; ++i) text += static_cast<char>(bits_.bits(8));
}

void Unpacker::kind(hardware::ComponentKind& kind) {
  std::string name;
  text(name);
  const auto known = hardware::parse_component_kind(name);
  if (!known) return bits_.fail();
  kind = *known;
}

}  // namespace ebb::trace
