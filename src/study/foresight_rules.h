#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "series/series.h"
#include "study/foresight.h"

namespace ebb::study {

/// A job counted in slots of a series.
struct ForesightShape {
  ForesightShape(const ForesightJob& job, time::Duration step);

  std::size_t whole;   ///< whole slots of work
  double piece;        ///< the rest, as a fraction of a slot; 0: none
  std::size_t units;   ///< slots that the work touches
  std::size_t latest;  ///< latest start, in slots behind the first
  std::size_t reach;   ///< slots of the window that can hold work: units + latest

  [[nodiscard]] double length() const { return static_cast<double>(whole) + piece; }  ///< in slots
  /// How much of a slot a unit takes, by how many are left with it.
  [[nodiscard]] double weight(std::size_t left) const { return left == 1 && piece > 0.0 ? piece : 1.0; }
};

/// What became of one start.
struct ForesightStart {
  double realised = 0.0;      ///< g/kWh
  double promised = 0.0;      ///< the plan at submission, by its forecast
  double promised_now = 0.0;  ///< run-now, by the same forecast
  std::uint32_t delay = 0;    ///< slots
  std::uint32_t pauses = 0;
};

/// Decides all starts of one job while time passes slot by slot.
class ForesightRule {
 public:
  virtual ~ForesightRule() = default;
  /// The forecast made at `slot`: values[h] for slot + h, at least `reach` of them; sums[h] = values[0] + ... +
  /// values[h - 1]. `submit`: a job starts to wait at this slot. Slots must rise; those that no start needs may be left
  /// out.
  virtual void see(std::size_t slot, std::span<const double> values, std::span<const double> sums, bool submit) = 0;
  [[nodiscard]] const std::vector<ForesightStart>& starts() const { return starts_; }

 protected:
  explicit ForesightRule(std::size_t start_count) : starts_(start_count) {}
  std::vector<ForesightStart> starts_;  // by slot of submission
};

/// `series` must outlive the rule; sums: its prefix sums, missing slots as 0. run-now waits for nothing.
std::unique_ptr<ForesightRule> make_rule(const ForesightJob& job, const series::Series& series,
                                         std::span<const double> sums, std::size_t start_count);

/// Mean over a straight run from `from`, of values with their prefix sums.
double straight_mean(const ForesightShape& shape, std::span<const double> values, std::span<const double> sums,
                     std::size_t from);

}  // namespace ebb::study
