#pragma once

#include <cstddef>
#include <span>

namespace ebb::forecast {

/// A method of forecasting, fed slot by slot: what it says rests on what it was fed and on nothing else. One thread
/// owns it.
class Point {
 public:
  Point() = default;
  Point(const Point&) = delete;
  Point& operator=(const Point&) = delete;
  virtual ~Point() = default;

  /// The next slot's value, g/kWh; missing where it is.
  virtual void observe(double value) = 0;
  /// Whether enough was seen for the method in full; before, a simpler one stands in, or values are missing.
  [[nodiscard]] virtual bool ready() const = 0;
  /// Of the slots that follow, at most the frame's horizon. Missing where the method has nothing to say.
  virtual void forecast(std::span<double> out) = 0;
};

}  // namespace ebb::forecast
