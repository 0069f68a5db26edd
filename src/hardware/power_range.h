#pragma once

#include "units/quantity.h"

namespace ebb::hardware {

/// No part of a machine in any of the tables comes near this; more is a mistake.
inline constexpr double kMostWatts = 1e6;

/// A modelled power with its interval. low <= value <= high.
struct PowerRange {
  units::Power low;
  units::Power value;
  units::Power high;
  double level = 0.9;  ///< the share of cases that the interval is made to hold
};

/// low and high add up as well: the errors of parts are taken to point the same way, so the sum's interval is no
/// narrower than it should be.
inline PowerRange operator+(const PowerRange& a, const PowerRange& b) {
  return {a.low + b.low, a.value + b.value, a.high + b.high, a.level < b.level ? a.level : b.level};
}

inline PowerRange operator*(const PowerRange& range, double factor) {
  return {range.low * factor, range.value * factor, range.high * factor, range.level};
}

}  // namespace ebb::hardware
