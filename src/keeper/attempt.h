#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exec/executor.h"
#include "keeper/door.h"
#include "keeper/folder.h"
#include "keeper/status.h"
#include "measure/control.h"
#include "measure/measure.h"
#include "time/clock.h"

namespace ebb::keeper {

/// Environment of a kept job: "ID.ATTEMPT". Who looks for a job whose keeper was killed finds it by this.
inline constexpr const char* kTaskVariable = "EBB_TASK";

/// Longer ones are not ours.
inline constexpr std::size_t kLongestTask = std::size_t{16} << 20;
inline constexpr std::size_t kLongestStatus = std::size_t{64} << 10;

/// One attempt in its folder: what is wanted of it, by whoever comes to the door, and how it stands, on the disk.
///
/// Thread safety: none.
class Attempt {
 public:
  Attempt(const Folder& folder, const exec::Task& task, const time::Clock& clock, Door door);

  Status status;
  /// Writes it down. `durable`: before an effect, and after one. Errors: kService.
  base::Status write(bool durable);
  /// The same, for as long as it takes within reason: the end of a job must not be lost to a disk that is full.
  void write_at_last();
  /// Answers who stands at the door; a wish is on the disk before it is answered.
  void serve();
  [[nodiscard]] int door() const { return door_.fd(); }
  [[nodiscard]] const exec::Task& task() const { return task_; }
  [[nodiscard]] const Folder& folder() const { return folder_; }

 private:
  std::string answer(std::string_view word);
  std::string want(Wanted wanted);

  const Folder& folder_;
  const exec::Task& task_;
  const time::Clock& clock_;
  Door door_;
};

/// An attempt as the control of its measured run.
class AttemptControl final : public measure::Control {
 public:
  AttemptControl(Attempt& attempt, const time::Clock& clock) : attempt_(attempt), clock_(clock) {}
  measure::Order ask(const measure::Standing& standing) override;
  [[nodiscard]] std::vector<int> descriptors() const override { return {attempt_.door()}; }

 private:
  [[nodiscard]] exec::TaskState state_of(const measure::Standing& standing) const;

  Attempt& attempt_;
  const time::Clock& clock_;
  std::optional<time::Duration> written_;
};

}  // namespace ebb::keeper
