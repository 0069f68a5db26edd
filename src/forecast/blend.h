#pragma once

#include <memory>
#include <vector>

#include "forecast/climate.h"
#include "forecast/frame.h"
#include "forecast/member.h"
#include "forecast/near.h"
#include "forecast/point.h"

namespace ebb::forecast {

/// Days that must be known before regressions are trusted.
inline constexpr std::size_t kLeastDays = 14;

/// The forecaster of ebb: the mean of five methods. A regression on the last day and the usual one (LagRidge); one for
/// each lead on the values, and one on their logarithms (Structured); what followed the most similar days (Analogues);
/// the plain ridge on 72 hours, which knows no usual day and counts twice. Never beyond what was seen.
///
/// Works on hourly means; finer slots are read off a line through them, with what the last slot says on the next three
/// hours (Near). Refitted when the history is a fourteenth longer, every two weeks at least. Before kLeastDays: the
/// usual value of the hour.
class Blend final : public Point {
 public:
  explicit Blend(const Frame& frame);

  void observe(double value) override;
  [[nodiscard]] bool ready() const override { return ready_; }
  void forecast(std::span<double> out) override;

 private:
  /// A climate and the members that read it.
  struct Part {
    Part(const Frame& frame, bool logarithms);
    Climate climate;
    std::vector<std::unique_ptr<Member>> members;
  };
  void add_plain_ridge(std::vector<double>& sums, double weight) const;
  void add_block(Part& part, double mean, std::size_t slots);
  void begin_logarithms();
  void fit_if_due();
  [[nodiscard]] double to_logarithm(double mean) const;
  [[nodiscard]] std::vector<double> blocks() const;
  [[nodiscard]] std::vector<double> fine() const;

  Frame frame_;
  std::vector<double> values_;
  Part plain_;
  std::unique_ptr<Part> logarithms_;
  std::unique_ptr<Point> plain_ridge_;
  double offset_ = 0.0;  // added before the logarithm
  double lowest_ = 0.0;
  double highest_ = 0.0;
  std::size_t known_ = 0;
  std::size_t fitted_day_ = 0;
  bool ready_ = false;
  Near near_;
};

}  // namespace ebb::forecast
