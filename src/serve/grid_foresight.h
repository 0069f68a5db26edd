#pragma once

#include <map>
#include <memory>
#include <string>

#include "grid/catalogue.h"
#include "outlook/outlook.h"
#include "queue/foresight.h"

namespace ebb::serve {

/// What this machine knows of the grid (outlook/), looked at again every quarter of an hour. An unknown zone, or a
/// store that cannot be read, is nothing foreseen: jobs run as without ebb. Thread safety: none.
class GridForesight final : public queue::Foresight {
 public:
  explicit GridForesight(grid::Catalogue catalogue) : catalogue_(std::move(catalogue)) {}
  std::shared_ptr<const policy::Outlook> outlook(const std::string& zone, time::Instant now) override;
  std::optional<series::Series> actual(const std::string& zone, time::Interval when) override;

 private:
  struct Known {
    std::shared_ptr<const policy::Outlook> outlook;
    time::Instant looked;
  };
  grid::Catalogue catalogue_;
  std::map<std::string, Known> known_;
};

}  // namespace ebb::serve
