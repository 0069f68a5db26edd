#pragma once

#include <cstddef>
#include <span>

namespace ebb::forecast {

/// One of the methods that a forecast is blended from. Works on blocks: out[h] is block slot + h x block.
/// Driven in step with a Climate that it reads; never sees a later block.
class Member {
 public:
  Member() = default;
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  virtual ~Member() = default;

  /// Told when all blocks before `slot` are known (slots come in order, a block apart): takes in the pairs that this
  /// completes.
  virtual void learn(std::size_t slot) = 0;
  /// New coefficients of what was learnt.
  virtual void fit() = 0;
  /// Whether it can forecast yet.
  [[nodiscard]] virtual bool ready() const = 0;
  virtual void forecast(std::size_t slot, std::span<double> out) const = 0;
};

}  // namespace ebb::forecast
