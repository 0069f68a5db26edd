#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/expected.h"

namespace ebb::exec {

/// What execve needs, made ready before the fork, because the child may not allocate. Points into itself and into what
/// it was made from.
class CommandLine {
 public:
  /// Errors: kUsage for an empty argv, a NUL byte, a variable without a name or with '=' in it.
  static base::Expected<CommandLine> make(const std::vector<std::string>& argv,
                                          const std::optional<std::vector<std::string>>& environment,
                                          const std::vector<std::pair<std::string, std::string>>& set,
                                          const std::vector<std::string>& unset);
  CommandLine(CommandLine&&) = default;
  CommandLine& operator=(CommandLine&&) = default;
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  /// Becomes the command, or returns the errno that says why not; async-signal-safe. As execvp(3): a name without a
  /// slash is looked for in the command's own PATH, a file that the kernel does not know is given to /bin/sh.
  [[nodiscard]] int execute() noexcept;

 private:
  CommandLine() = default;
  [[nodiscard]] int try_path(const char* path) noexcept;

  std::vector<std::string> owned_;  ///< "NAME=value" of the variables set
  std::vector<std::string> paths_;  ///< where the program may lie, in this order
  bool searched_ = false;           ///< in PATH
  std::vector<char*> argv_;         ///< with its null
  std::vector<char*> script_argv_;  ///< "/bin/sh", the script, argv from 1 on
  std::vector<char*> environment_;
};

}  // namespace ebb::exec
