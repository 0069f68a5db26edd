#pragma once

#include <string>
#include <vector>

#include "exec/executor.h"
#include "keeper/claim.h"
#include "keeper/folder.h"
#include "keeper/status.h"
#include "time/clock.h"

namespace ebb::keeper {

struct LocalOptions {
  std::string folder;               ///< of all jobs; one folder a job is made in it
  std::vector<std::string> keeper;  ///< the program that keeps, before FOLDER ATTEMPT: {"/usr/bin/ebb", "keep"}
  time::Duration start_within = std::chrono::seconds(20);  ///< until the keeper has taken its claim
  int answer_within_ms = 3000;
  std::string proc = "/proc";
};

/// Jobs on this machine, each kept by a process of its own that outlives this one (docs/keeper.md).
///
/// Started as root, it runs each job as its task's user, and trusts nothing that lies in that user's folder; else only
/// as its own user (kUsage). TaskRef::handle is the job's folder. Boards: CUDA_VISIBLE_DEVICES and ROCR_VISIBLE_DEVICES
/// where Task::boards is not empty; an empty one leaves the job's environment as it is.
/// observe() reads two small files a job. A keeper that was killed is followed by a new one when it finds that.
/// Thread safety: none.
class LocalExecutor final : public exec::Executor {
 public:
  LocalExecutor(LocalOptions options, const time::Clock& clock);

  [[nodiscard]] std::string_view name() const override { return "local"; }
  base::Expected<std::string> start(const exec::Task& task) override;
  base::Status pause(const exec::Task& task, const exec::TaskRef& ref) override;
  base::Status resume(const exec::Task& task, const exec::TaskRef& ref) override;
  base::Status cancel(const exec::Task& task, const exec::TaskRef& ref) override;
  base::Expected<std::vector<exec::Observation>> observe(std::span<const exec::TaskRef> refs) override;

  /// Of a job's files: its output, the logs of its keepers.
  [[nodiscard]] std::string folder_of(const std::string& id) const { return options_.folder + "/" + id; }

 private:
  /// What the files of an attempt say.
  struct Found {
    Claimed claim = Claimed::kNever;
    std::optional<Status> status;
    std::string trouble;  ///< why the status cannot be read
    [[nodiscard]] bool is_over() const { return status && status->is_final(); }
  };
  [[nodiscard]] base::Expected<Found> look(const Folder& folder, int attempt) const;
  [[nodiscard]] exec::Observation observe(const exec::TaskRef& ref);
  [[nodiscard]] bool lives(const Status& status) const;
  base::Status start_keeper(const Folder& folder, int attempt, gid_t group);
  base::Status revive(const Folder& folder, int attempt);
  base::Status say(const exec::Task& task, std::string_view word);
  base::Status cancel_unstarted(const exec::Task& task, bool& done);

  LocalOptions options_;
  const time::Clock& clock_;
  std::string boot_;
};

}  // namespace ebb::keeper
