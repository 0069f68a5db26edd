#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"

namespace ebb::keeper {

/// A program that is to live on its own.
struct Detached {
  std::vector<std::string> argv;         ///< argv[0]: the program's path
  std::vector<std::string> environment;  ///< "NAME=value", all of it
  struct User {
    uid_t uid = 0;
    gid_t gid = 0;
  };
  std::optional<User> user;  ///< become this one, with its groups, before anything of his is touched
  std::string folder;        ///< where it runs
  std::string log;           ///< its stdout and stderr are appended to it; a link in its place is refused
};

/// Starts it in a session of its own, as nobody's child, without any descriptor, signal mask or ignored signal of ours:
/// nothing that happens to this process, or to its terminal, happens to it. Returns when it runs.
/// Errors: kService, naming what the system refused.
base::Status spawn_detached(const Detached& what);

}  // namespace ebb::keeper
