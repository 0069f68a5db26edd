#include "sensors/counter.h"

#include <cmath>

#include "base/check.h"

namespace ebb::sensors {

Step CounterUnwrapper::add(std::uint64_t value, time::Duration steady) {
  const Value now{value, steady};
  Step step{Verdict::kFirst, {}, steady};
  if (last_) {
    CHECK(steady >= last_->steady);
    step = judge(*last_, now);
  }
  last_ = now;
  return step;
}

Step CounterUnwrapper::judge(const Value& last, const Value& now) const {
  const auto with = [&](Verdict verdict) { return Step{verdict, {}, last.steady}; };
  const units::Energy most = rules_.max_power * time::as_quantity(now.steady - last.steady + rules_.step);
  if (rules_.range) {
    if (now.count > *rules_.range) return with(Verdict::kImplausible);
    if (last.count > *rules_.range) return with(Verdict::kReset);
    if (units::in_joules(most) > units::in_joules(rules_.unit * static_cast<double>(*rules_.range)))
      return with(Verdict::kTooLong);
  }
  const bool back = now.count < last.count;
  if (back && !rules_.range) return with(Verdict::kReset);
  // The value after `range` is 0: one count more than the difference.
  const std::uint64_t counts = back ? *rules_.range - last.count + 1 + now.count : now.count - last.count;
  const units::Energy energy = rules_.unit * static_cast<double>(counts);
  if (units::in_joules(energy) > units::in_joules(most)) return with(back ? Verdict::kReset : Verdict::kImplausible);
  return {Verdict::kEnergy, energy, last.steady};
}

Step PowerIntegral::add(units::Power power, time::Duration steady) {
  const double watts = units::in_watts(power);
  if (!std::isfinite(watts) || watts < 0 || watts > units::kLargestWatts) {
    const Step bad{Verdict::kImplausible, {}, last_ ? last_->steady : steady};
    last_.reset();
    return bad;
  }
  const auto last = last_;
  last_ = Value{power, steady};
  if (!last) return {Verdict::kFirst, {}, steady};
  CHECK(steady >= last->steady);
  const auto length = steady - last->steady;
  if (length > max_hold_) return {Verdict::kTooLong, {}, last->steady};
  return {Verdict::kEnergy, (last->power + power) * 0.5 * time::as_quantity(length), last->steady};
}

std::optional<Reading> reading_of(std::size_t channel, const Step& step, time::Duration to, const std::string& what) {
  if (step.verdict == Verdict::kFirst) return std::nullopt;
  Reading reading;
  reading.channel = channel;
  reading.from = step.since;
  reading.to = to;
  switch (step.verdict) {
    case Verdict::kFirst:
    case Verdict::kEnergy:
      reading.energy = step.energy;
      break;
    case Verdict::kReset:
      reading.cause = GapCause::kReset;
      reading.detail = what + " went back without wrapping: it started anew";
      break;
    case Verdict::kImplausible:
      reading.cause = GapCause::kReset;
      reading.detail = what + " jumped by more than can have been used";
      break;
    case Verdict::kTooLong:
      reading.cause = GapCause::kUnread;
      reading.detail = what + " was read too late to know what was used in between";
      break;
  }
  return reading;
}

}  // namespace ebb::sensors
