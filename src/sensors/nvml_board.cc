#include "sensors/nvml_board.h"

#include <algorithm>
#include <utility>

namespace ebb::sensors::nvml {
namespace {

constexpr auto kLongestHold = std::chrono::seconds(10);
constexpr auto kLongestCheckHold = std::chrono::seconds(2);
constexpr auto kLongestStandstill = std::chrono::seconds(10);
/// Powers are renewed as often on the boards known, or more often.
constexpr auto kPowerUpdate = std::chrono::milliseconds(100);

CounterUnwrapper::Rules rules_of(const Ways& ways) { return {units::joules(1e-3), std::nullopt, ways.max_power}; }

bool is_over(Code code) { return code == kUninitialized || code == kDriverNotLoaded || code == kVersionMismatch; }

}  // namespace

Board::Board(std::size_t channel, const std::string& label, const Device& device, const Ways& ways)
    : channel_(channel),
      device_(device),
      ways_(ways),
      counter_name_((ways.counter == CounterSource::kField ? "NVML field 83 of " : "the energy counter of ") + label),
      power_name_(std::string(name_of(ways.power.value_or(PowerSource::kUsage))) + " of " + label),
      counter_(rules_of(ways)),
      integral_(ways.counter ? kLongestCheckHold : kLongestHold) {}

Health Board::read(time::Duration at, std::vector<Reading>& out) {
  if (health_ == Health::kGone || health_ == Health::kFatal) {
    // Short enough to need no memory of its own.
    append_gap(GapCause::kLost, "no longer there", at, out);
    return health_;
  }
  health_ = ways_.counter ? read_counter(at, out) : read_power(at, out);
  return health_;
}

time::Duration Board::step() const { return ways_.counter ? step_.step() : kPowerUpdate; }

Answer<units::Power> Board::power() const {
  const auto answer = device_.power_mw(*ways_.power);
  if (!answer.ok()) return {answer.code, {}};
  // Drivers have given all bits set for "not known".
  if (milliwatts(answer.value) > ways_.max_power) return {kUnknown, {}};
  return {kSuccess, milliwatts(answer.value)};
}

Health Board::read_counter(time::Duration at, std::vector<Reading>& out) {
  const auto count = count_mj(device_, *ways_.counter);
  if (!count.ok()) return fail(count.code, counter_name_, at, out);
  integrate_beside(at);
  const bool moved = last_count_mj_ != count.value;
  if (last_count_mj_) step_.saw(at, moved);
  if (!moved) return stand_still(at, out);
  append(counter_.add(count.value, at), counter_name_, at, out);
  last_count_mj_ = count.value;
  beside_ = {};
  beside_is_whole_ = true;
  return Health::kFine;
}

void Board::integrate_beside(time::Duration at) {
  const auto drawn = ways_.power ? power() : Answer<units::Power>{};
  if (!drawn.ok()) {
    // The next power is a first one, which makes the stretch after this one no whole one either.
    integral_.reset();
    beside_is_whole_ = false;
    return;
  }
  const auto step = integral_.add(drawn.value, at);
  beside_is_whole_ = beside_is_whole_ && step.verdict == Verdict::kEnergy;
  beside_ += step.energy;
}

Health Board::stand_still(time::Duration at, std::vector<Reading>& out) {
  if (at - *told_until_ < kLongestStandstill) return Health::kFine;
  append_gap(GapCause::kReadFailed, counter_name_ + " stands still", at, out);
  return Health::kRetry;
}

Health Board::read_power(time::Duration at, std::vector<Reading>& out) {
  const auto drawn = power();
  if (!drawn.ok()) return fail(drawn.code, power_name_, at, out);
  append(integral_.add(drawn.value, at), power_name_, at, out);
  return Health::kFine;
}

Health Board::fail(Code code, const std::string& what, time::Duration at, std::vector<Reading>& out) {
  const bool is_lost = code == kGpuIsLost || code == kResetRequired;
  const bool is_for_good = is_lost || is_over(code);
  append_gap(is_for_good ? GapCause::kLost : GapCause::kReadFailed, what + ": " + error_text(device_.calls(), code), at,
             out);
  if (!is_for_good) return Health::kRetry;
  return is_lost ? Health::kGone : Health::kFatal;
}

void Board::append(const Step& step, const std::string& what, time::Duration at, std::vector<Reading>& out) {
  auto reading = reading_of(channel_, step, at, what);
  if (!reading) return append_gap(GapCause::kUnread, "nothing to count from: the reading before failed", at, out);
  if (reading->energy && beside_is_whole_) reading->cross_check = beside_;
  // A failed reading has told of its stretch already.
  if (!reading->energy) reading->from = std::max(reading->from, *told_until_);
  told_until_ = at;
  out.push_back(*std::move(reading));
}

void Board::append_gap(GapCause cause, std::string detail, time::Duration at, std::vector<Reading>& out) {
  const auto from = told_until_.value_or(at);
  told_until_ = at;
  if (from == at) return;
  out.push_back({channel_, from, at, std::nullopt, std::nullopt, cause, std::move(detail)});
}

}  // namespace ebb::sensors::nvml
