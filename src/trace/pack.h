#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trace/bits.h"
#include "trace/record.h"

namespace ebb::trace {

/// Whether a steady time can be kept: below 142 years, so that sums of two fit.
bool is_steady_time(time::Duration steady);

/// Puts a record's fields into bits. Packer and Unpacker have the same members, so that one function tells the fields
/// of a record for both directions; `k` is the order of a number's code (trace/bits.h).
///
/// A value that cannot be kept is a refusal(): why, as a sentence.
class Packer {
 public:
  template <typename T>
  using Like = const T;

  Packer(std::uint8_t type, time::Duration base) : base_(base) { bits_.bits(type, 8); }

  bool choice(bool value) {
    bits_.bits(value ? 1 : 0, 1);
    return value;
  }
  void flag(bool value) { choice(value); }
  void number_unless(std::uint32_t value, std::uint32_t expected, int k) {
    if (choice(value != expected)) bits_.number(value, k);
  }
  void optional_number(const std::optional<std::uint32_t>& value, int k) {
    if (choice(value.has_value())) bits_.number(*value, k);
  }
  void integer(int value, int k) { signed_number(value, k); }
  void when(time::Duration steady);
  void until(time::Duration end, time::Duration begin, int k);
  void length(time::Duration length, int k);
  void ticks(time::Duration length, int k);
  void energy(units::Energy energy, int k);
  void factor(double factor);
  void instant(time::Instant instant);
  void text(std::string_view text);
  void kind(hardware::ComponentKind kind) { text(hardware::name_of(kind)); }
  void kind(Mark::Kind kind) { flag(kind == Mark::Kind::kEnd); }
  [[nodiscard]] bool same_time(const ComponentEnergy& energy, const Interval& interval) const {
    return energy.from == interval.from && energy.to == interval.to;
  }
  void copy(time::Duration /*to*/, time::Duration /*from*/) {}
  template <typename T, typename Function>
  void each(const std::vector<T>& items, Function transfer) {
    for (const auto& item : items) {
      flag(true);
      transfer(item);
    }
    flag(false);
  }

  [[nodiscard]] const std::string& bytes() const { return bits_.bytes(); }
  [[nodiscard]] const std::optional<std::string>& refusal() const { return refusal_; }

 private:
  void signed_number(std::int64_t value, int k);
  std::uint64_t microseconds_of(time::Duration length);
  void refuse(std::string why);

  time::Duration base_;
  BitWriter bits_;
  std::optional<std::string> refusal_;
};

/// Takes the fields out again.
class Unpacker {
 public:
  template <typename T>
  using Like = T;

  Unpacker(std::string_view fields, time::Duration base) : base_(base), bits_(fields) {}

  bool choice(bool /*unknown*/) { return bits_.bits(1) != 0; }
  void flag(bool& value) { value = choice(value); }
  void number_unless(std::uint32_t& value, std::uint32_t expected, int k) {
    value = choice(false) ? small_number(k) : expected;
  }
  void optional_number(std::optional<std::uint32_t>& value, int k) {
    if (choice(false)) value = small_number(k);
  }
  void integer(int& value, int k);
  void when(time::Duration& steady);
  void until(time::Duration& end, time::Duration begin, int k);
  void length(time::Duration& length, int k);
  void ticks(time::Duration& length, int k);
  void energy(units::Energy& energy, int k);
  void factor(double& factor);
  void instant(time::Instant& instant);
  void text(std::string& text);
  void kind(hardware::ComponentKind& kind);
  void kind(Mark::Kind& kind) { kind = choice(false) ? Mark::Kind::kEnd : Mark::Kind::kBegin; }
  [[nodiscard]] bool same_time(const ComponentEnergy& /*energy*/, const Interval& /*interval*/) const { return true; }
  void copy(time::Duration& to, time::Duration from) { to = from; }
  template <typename T, typename Function>
  void each(std::vector<T>& items, Function transfer) {
    while (choice(false)) {
      items.emplace_back();
      transfer(items.back());
    }
  }

  [[nodiscard]] bool at_end() { return bits_.at_end(); }

 private:
  std::uint32_t small_number(int k);
  std::int64_t signed_number(int k);
  void set_microseconds(time::Duration& length, std::uint64_t count);

  time::Duration base_;
  BitReader bits_;
};

}  // namespace ebb::trace
