#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "exec/descriptor.h"
#include "exec/group.h"
#include "exec/signals.h"

namespace ebb::exec {

/// Exit codes of `ebb run` when there is no command's own, as `env` gives them; Error::kind of a failed start.
inline constexpr base::ErrorKind kNotStarted{125};     ///< ebb itself failed before the command started
inline constexpr base::ErrorKind kNotExecutable{126};  ///< found, but cannot be run
inline constexpr base::ErrorKind kNotFound{127};

struct Launch {
  std::vector<std::string> argv;
  /// "NAME=value" as it is handed on; nothing: this process's own environment, unchanged.
  std::optional<std::vector<std::string>> environment;
  std::vector<std::pair<std::string, std::string>> set;  ///< added or replaced
  std::vector<std::string> unset;                        ///< taken out, before `set`
  const JobGroup* group = nullptr;                       ///< may be null
};

struct Launched {
  pid_t pid = 0;
  Descriptor pidfd;  ///< invalid on kernels before 5.3
  bool in_group = false;
  std::string why_not_in_group;  ///< may be empty
};

/// Starts a command as a child, inside its group from its first instruction on, and returns when it runs.
///
/// The program is looked for in PATH of the *command's* environment, a script without "#!" is given to /bin/sh, both as
/// execvp(3) does. The child has everything else as this process: descriptors without CLOEXEC, process group, terminal,
/// folder, umask, limits; and `signals` as they were. Nothing kills it when this process dies. A group that cannot be
/// entered does not stop the command.
///
/// Errors: kNotFound, kNotExecutable, kNotStarted; kUsage for an empty argv, a NUL byte or a variable without a name.
base::Expected<Launched> launch(const Launch& what, const SignalState& signals);

}  // namespace ebb::exec
