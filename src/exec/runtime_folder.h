#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/expected.h"

namespace ebb::exec {

struct RuntimeFolderOptions {
  std::optional<std::string> xdg_runtime_dir;  ///< $XDG_RUNTIME_DIR
  std::string temporary = "/tmp";
};

/// The path of a folder on this machine that only this user can look into, made where it is missing: "ebb" in
/// $XDG_RUNTIME_DIR where that is a private folder of this user, else /tmp/ebb-UID. The same for all ranks of a node.
///
/// Errors: kService where something else lies there (a link, a file, a folder of somebody else or open to others): it
/// is not used, because another user could have put it there.
base::Expected<std::string> open_runtime_folder(const RuntimeFolderOptions& options);

}  // namespace ebb::exec
