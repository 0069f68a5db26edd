#pragma once

#include <cstdint>
#include <optional>

#include "sensors/sensor.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::sensors {

/// What a raw value says about the stretch since the last good one.
enum class Verdict {
  kFirst,        ///< the baseline: nothing before it
  kEnergy,       ///< `energy` was used over [since, now)
  kReset,        ///< the counter went back and did not wrap: it started anew
  kImplausible,  ///< it rose by more than anything of this kind can use, or shows what it cannot
  kTooLong,      ///< so much time that it may have wrapped twice, or that a power cannot stand for it
};

/// The value given is the baseline of the next step, whatever the verdict.
struct Step {
  Verdict verdict = Verdict::kFirst;
  units::Energy energy;     ///< of kEnergy; never negative
  time::Duration since{0};  ///< steady time of the last good value; of the value itself at kFirst
};

/// Turns a hardware energy counter into the energy used between readings.
///
/// A counter such as RAPL `energy_uj` grows, wraps to zero after its range, and restarts when a driver reloads.
/// Invariants: never negative; the first value, and the first after reset(), yields nothing; one wrap is corrected; a
/// jump above `max_power` is a restart, not a wrap, and yields nothing. Two wraps look like one, so over a time in
/// which `max_power` could fill the range it yields nothing either: poll faster (262 kJ at 1 kW: 4 minutes).
/// A reading that failed is simply not given: the next value covers its stretch.
/// Thread safety: none; one sampler owns it.
class CounterUnwrapper {
 public:
  struct Rules {
    units::Energy unit;                            ///< one count
    std::optional<std::uint64_t> range;            ///< the largest value it shows; nothing: 64 bits, which never wrap
    units::Power max_power;                        ///< more than anything of this kind ever draws
    time::Duration step{std::chrono::seconds(1)};  ///< it may grow in steps: how long the energy may be held back
  };

  explicit CounterUnwrapper(const Rules& rules) : rules_(rules) {}

  /// `steady` must not be before that of the value before.
  Step add(std::uint64_t value, time::Duration steady);
  /// Forgets the value before: the next one is a first one.
  void reset() { last_.reset(); }

 private:
  struct Value {
    std::uint64_t count;
    time::Duration steady;
  };
  [[nodiscard]] Step judge(const Value& last, const Value& now) const;

  Rules rules_;
  std::optional<Value> last_;
};

/// Integrates a power that is read now and then: trapezoids over steady time.
///
/// A power stands for at most `max_hold`: two values farther apart yield kTooLong, since what was drawn between them
/// is not known. A negative power or one that is no number is kImplausible and no baseline. Thread safety: none.
class PowerIntegral {
 public:
  explicit PowerIntegral(time::Duration max_hold) : max_hold_(max_hold) {}

  Step add(units::Power power, time::Duration steady);
  void reset() { last_.reset(); }

 private:
  struct Value {
    units::Power power;
    time::Duration steady;
  };

  time::Duration max_hold_;
  std::optional<Value> last_;
};

/// The reading that a step makes: its energy, or a gap with its cause over [since, to); nothing of kFirst.
/// `what` names the source of the values in a gap's detail ("energy_uj of intel-rapl:0").
std::optional<Reading> reading_of(std::size_t channel, const Step& step, time::Duration to, const std::string& what);

}  // namespace ebb::sensors
