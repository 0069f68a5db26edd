#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "policy/together.h"

namespace ebb::policy {

/// What is free of each slot while jobs are put in and taken out. Thread safety: none.
class FreeRoom {
 public:
  using Kinds = std::array<double, Amount::kKinds>;
  explicit FreeRoom(std::span<const Amount> room) {
    for (const auto& amount : room) free_.push_back(amount.all());
  }

  [[nodiscard]] std::size_t slots() const { return free_.size(); }
  [[nodiscard]] const Kinds& operator[](std::size_t slot) const { return free_[slot]; }
  [[nodiscard]] bool fits(const Contender& job, std::size_t start) const {
    const auto needs = job.needs.all();
    for (std::size_t slot = start; slot < start + job.length; ++slot) {
      for (std::size_t kind = 0; kind < needs.size(); ++kind) {
        // Sums of fractions of CPUs round.
        if (needs[kind] > 0.0 && needs[kind] > free_[slot][kind] + 1e-9 * needs[kind]) return false;
      }
    }
    return true;
  }
  void take(const Contender& job, std::size_t start) { change(job, start, -1.0); }
  void give_back(const Contender& job, std::size_t start) { change(job, start, 1.0); }

 private:
  void change(const Contender& job, std::size_t start, double sign) {
    const auto needs = job.needs.all();
    for (std::size_t slot = start; slot < start + job.length; ++slot) {
      for (std::size_t kind = 0; kind < needs.size(); ++kind) free_[slot][kind] += sign * needs[kind];
    }
  }

  std::vector<Kinds> free_;
};

}  // namespace ebb::policy
