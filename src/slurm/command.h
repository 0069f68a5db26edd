#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "time/instant.h"

namespace ebb::slurm {

/// Whom a command runs as. Only root can be somebody else.
struct Person {
  uid_t uid = 0;
  gid_t gid = 0;
};

/// One of Slurm's commands with its words; no shell sees them.
struct Call {
  std::vector<std::string> argv;
  std::string input;  ///< its stdin
  std::optional<Person> person;
  time::Duration timeout = std::chrono::seconds(20);
};

struct Answer {
  int code = 0;  ///< its own, or 128 + signal
  std::string out;
  std::string err;
};

/// What runs Slurm's commands. Thread safety: none.
class Commands {
 public:
  virtual ~Commands() = default;
  /// Runs one to its end; what its exit code means is the caller's to say.
  /// Errors: kService, not installed, not ended within its time-out, an answer that is too long; kUsage, a person that
  /// this process cannot be.
  virtual base::Expected<Answer> run(const Call& call) = 0;
};

/// Why Slurm did not do what it was asked.
enum class Refusal {
  kNone,          ///< exit code 0
  kNoController,  ///< slurmctld is down or does not answer
  kNoAccounting,  ///< this cluster keeps no history
  kNotAllowed,
  kNoSuchJob,
  kEnded,         ///< the job has ended, or is just ending
  kNotSuspended,  ///< asked to resume what runs
  kNotRunning,    ///< asked to pause what waits
  kOther,
};
Refusal refusal_of(const Answer& answer);

/// What a command that failed means, for a person: `what` ("job 12 cannot be held"), why, and what to do. kUsage where
/// Slurm does not let us, or knows no such job; else kService.
base::Error refused(std::string_view what, const Answer& answer);

/// Somebody else's text on one line: control characters as blanks, cut to `most` bytes.
std::string on_one_line(std::string_view text, std::size_t most = 200);

}  // namespace ebb::slurm
