#pragma once

#include <deque>
#include <memory>
#include <utility>

#include "sensors/raw_sensor.h"

/// A raw source that shows what it is told, one look after the other; the last look is repeated.
namespace ebb::test {

inline sensors::RawValue raw_value(std::uint64_t value) { return {value, {}, "", {}}; }
inline sensors::RawValue raw_failure(sensors::GapCause cause, std::string detail) {
  return {std::nullopt, cause, std::move(detail), {}};
}

class FakeRawSource final : public sensors::RawSource {
 public:
  explicit FakeRawSource(std::deque<sensors::RawValue> looks) : looks_(std::move(looks)) {}

  sensors::RawValue read(time::Duration steady) override {
    static_cast<void>(steady);
    ++*count_;
    auto look = looks_.front();
    if (looks_.size() > 1) looks_.pop_front();
    return look;
  }
  /// How often it was read; outlives the source.
  [[nodiscard]] std::shared_ptr<int> count() const { return count_; }

 private:
  std::deque<sensors::RawValue> looks_;
  std::shared_ptr<int> count_ = std::make_shared<int>(0);
};

/// A register that moves on its own: by a step after every fifth look at it or at those that share its `looks`.
class MovingRegister final : public sensors::RawSource {
 public:
  MovingRegister(std::shared_ptr<std::uint64_t> looks, std::uint64_t begin, std::uint64_t step)
      : looks_(std::move(looks)), begin_(begin), step_(step) {}
  sensors::RawValue read(time::Duration steady) override {
    static_cast<void>(steady);
    return raw_value(begin_ + (*looks_)++ / 5 * step_);
  }

 private:
  std::shared_ptr<std::uint64_t> looks_;
  std::uint64_t begin_;
  std::uint64_t step_;
};

}  // namespace ebb::test
