#pragma once

#include <vector>

#include "forecast/climate.h"
#include "forecast/frame.h"
#include "forecast/member.h"

namespace ebb::forecast {

/// What followed the thirty past days most like the last one, each seen at the hour of issue or an hour beside it.
///
/// Likeness: the squared difference of the last 24 hours after half their mean difference is taken off, recent hours
/// weighing more. Each analogue counts by the inverse of it, moved by half the mean difference. Looks back a year.
class Analogues final : public Member {
 public:
  /// The climate must outlive it.
  Analogues(const Frame& frame, const Climate& climate) : frame_(frame), climate_(climate) {}

  void learn(std::size_t slot) override { seen_ = slot; }
  void fit() override {}
  [[nodiscard]] bool ready() const override {
    return seen_ >= frame_.lead_blocks * frame_.per_block + 14 * frame_.per_day;
  }
  void forecast(std::size_t slot, std::span<double> out) const override;

 private:
  struct Analogue {
    std::size_t slot;
    double distance;
    double offset;
  };
  /// Those whose next `span` slots are before `slot`.
  [[nodiscard]] std::vector<Analogue> candidates(std::size_t slot, std::size_t span) const;

  Frame frame_;
  const Climate& climate_;
  std::size_t seen_ = 0;
};

}  // namespace ebb::forecast
