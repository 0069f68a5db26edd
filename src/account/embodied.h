#pragma once

#include <optional>
#include <string>
#include <vector>

#include "account/run_record.h"
#include "base/expected.h"

namespace ebb::account {

/// Hardware held for a run.
struct HeldDevice {
  std::string device;    ///< model name as the machine gives it
  std::string fallback;  ///< row of the table where no source has the model; empty: none is taken
  double count = 1.0;    ///< whole devices; a share of one where only a part is held (a VM's part of its host)
  std::optional<double> lifetime_years;  ///< nothing: the table's
};

/// M of the SCI: embodied emissions x time held / lifetime x count (SCI 1.1: TE x TiR/EL x RR/ToR).
/// A device that no source has and that has no fallback is left out with a warning.
std::vector<EmbodiedShare> embodied_shares(const std::vector<HeldDevice>& devices, time::Duration held,
                                           std::vector<std::string>* warnings);

}  // namespace ebb::account
