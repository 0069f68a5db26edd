#pragma once

#include <memory>
#include <optional>
#include <string>

#include "queue/foresight.h"
#include "series/series.h"
#include "simulate/simulation.h"

namespace ebb::simulate {

/// The grid as the queue sees it in a simulation. The zone's name does not matter.
class SimulatedForesight final : public queue::Foresight {
 public:
  /// `longest`: of the windows that are planned in; perfect knowledge is handed out that far, and a day more.
  SimulatedForesight(series::Series grid, Knowledge kind, time::Duration longest);
  std::shared_ptr<const policy::Outlook> outlook(const std::string& zone, time::Instant now) override;
  /// Nothing: the simulation prices by itself.
  std::optional<series::Series> actual(const std::string& zone, time::Interval when) override;

 private:
  [[nodiscard]] std::shared_ptr<const policy::Outlook> truth(std::size_t day) const;
  [[nodiscard]] std::shared_ptr<const policy::Outlook> yesterday(std::size_t slot) const;

  series::Series grid_;
  Knowledge kind_;
  time::Duration longest_;
  std::shared_ptr<const policy::Outlook> last_;
  std::size_t last_slot_ = 0;  ///< or day
};

}  // namespace ebb::simulate
