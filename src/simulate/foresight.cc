#include "simulate/foresight.h"

#include <algorithm>
#include <vector>

namespace ebb::simulate {
namespace {

constexpr time::Duration kDay = std::chrono::hours(24);
constexpr time::Duration kHorizon = std::chrono::hours(48);

}  // namespace

SimulatedForesight::SimulatedForesight(series::Series grid, Knowledge kind, time::Duration longest)
    : grid_(std::move(grid)), kind_(kind), longest_(longest) {}

std::shared_ptr<const policy::Outlook> SimulatedForesight::outlook(const std::string& /*zone*/, time::Instant now) {
  const auto slot = grid_.slot_at(now);
  if (!slot) return nullptr;
  if (kind_ == Knowledge::kPerfect) {
    // For a day at a time: a plan looks only at its own window, and what lies far ahead costs time.
    const auto day = static_cast<std::size_t>((now - grid_.begin()) / kDay);
    if (!last_ || last_slot_ != day) {
      last_ = truth(day);
      last_slot_ = day;
    }
    return last_;
  }
  if (!last_ || last_slot_ != *slot) {
    last_ = yesterday(*slot);
    last_slot_ = *slot;
  }
  return last_;
}

std::shared_ptr<const policy::Outlook> SimulatedForesight::truth(std::size_t day) const {
  const auto from = grid_.begin() + kDay * static_cast<std::int64_t>(day);
  // Whole slots: one that a day's edge cuts is wanted too.
  auto seen = grid_.slice(from - grid_.step(), std::min(grid_.end(), from + kDay + longest_ + grid_.step()));
  const auto begin = seen.begin();
  return std::make_shared<policy::Outlook>(
      policy::Outlook{std::move(seen), std::nullopt, std::nullopt, std::nullopt, "measured (hindsight)", begin, true});
}

std::shared_ptr<const policy::Outlook> SimulatedForesight::yesterday(std::size_t slot) const {
  const auto day = static_cast<std::size_t>(kDay / grid_.step());
  const auto count = static_cast<std::size_t>(kHorizon / grid_.step());
  if (day == 0 || slot < day) return nullptr;
  std::vector<double> values(count);
  // Nothing of the present slot is known yet, nor of any behind it.
  for (std::size_t i = 0; i < count; ++i) values[i] = grid_[slot - day + i % day];
  return std::make_shared<policy::Outlook>(
      policy::Outlook{series::Series(grid_.provenance(), grid_.time_of(slot), grid_.step(), std::move(values)),
                      std::nullopt, std::nullopt, std::nullopt, "as a day before", grid_.time_of(slot), false});
}

std::optional<series::Series> SimulatedForesight::actual(const std::string& /*zone*/, time::Interval /*when*/) {
  return std::nullopt;
}

}  // namespace ebb::simulate
