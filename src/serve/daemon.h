#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "grid/catalogue.h"
#include "queue/limits.h"
#include "time/clock.h"

namespace ebb::serve {

struct DaemonOptions {
  std::string folder;                ///< of the queue: its file, its socket, its jobs' folders
  bool for_everybody = false;        ///< root's: every user may submit, his jobs run as he
  std::vector<std::string> program;  ///< of the keepers: {"/usr/bin/ebb", "keep"}
  queue::Limits limits;
  std::function<std::uint64_t()> random;
  std::function<void(const std::string&)> say;  ///< what happens, a line each
};

/// The daemon: one queue, its socket and its loop, until TERM or INT; jobs that run go on without it. Errors: kService,
/// kBadData of the queue's file; kUsage for an option that its rights do not allow.
base::Status serve(const DaemonOptions& options, grid::Catalogue catalogue, const time::Clock& clock);

}  // namespace ebb::serve
