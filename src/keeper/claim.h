#pragma once

#include <optional>

#include "base/expected.h"
#include "exec/descriptor.h"
#include "keeper/folder.h"

namespace ebb::keeper {

/// That an attempt is in somebody's hands: a file that is made once, and a lock on it that the kernel drops with its
/// holder. Asking for it changes nothing, so that no keeper is kept off by somebody who looks.
enum class Claimed {
  kNever,  ///< no file: nobody ever took it
  kLeft,   ///< a file without a lock: its holder is gone
  kHeld,
};
base::Expected<Claimed> claim_of(const Folder& folder, int attempt);

/// Takes it, for as long as the descriptor lives; nothing where somebody holds it. Errors: kService.
base::Expected<std::optional<exec::Descriptor>> take_claim(const Folder& folder, int attempt);

}  // namespace ebb::keeper
