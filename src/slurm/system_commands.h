#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "slurm/command.h"
#include "time/clock.h"

namespace ebb::slurm {

/// Slurm's commands as they are installed, found in PATH.
///
/// Each runs in a session of its own and is killed with all of its group when its time-out is over. Of the environment
/// it gets only what finds Slurm (PATH, HOME, USER, LOGNAME, LD_LIBRARY_PATH, SLURM_CONF, SLURM_CONF_SERVER):
/// SLURM_JWT, SBATCH_PARTITION, SQUEUE_FORMAT and the like would change what it does. Messages are English (LC_ALL=C),
/// times UTC (TZ) and those of sacct seconds since 1970 (SLURM_TIME_FORMAT).
class SystemCommands final : public Commands {
 public:
  using Environment = std::function<std::optional<std::string>(const std::string&)>;
  /// `clock` outlives it.
  SystemCommands(const Environment& environment, const time::Clock& clock);
  base::Expected<Answer> run(const Call& call) override;

  /// Longer answers are refused: the queue of 100,000 jobs as JSON is about 300 MB.
  static constexpr std::size_t kLongestAnswer = std::size_t{1} << 30;

 private:
  std::vector<std::string> environment_;
  std::string path_;
  const time::Clock* clock_;
};

}  // namespace ebb::slurm
