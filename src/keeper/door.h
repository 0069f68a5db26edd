#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "exec/descriptor.h"
#include "keeper/folder.h"

namespace ebb::keeper {

/// Where a keeper is spoken to: a socket in the job's folder that only its user (and root) can reach. One word in, one
/// line out. Thread safety: none.
class Door {
 public:
  /// Replaces what lies there: only who holds the claim opens it. Errors: kService.
  static base::Expected<Door> open(const Folder& folder, const std::string& name);
  Door(Door&&) noexcept = default;
  Door& operator=(Door&&) noexcept = default;

  [[nodiscard]] int fd() const { return fd_.get(); }  ///< readable when somebody stands there
  /// Answers everybody who waits; one that says nothing is not waited for long.
  void serve(const std::function<std::string(std::string_view)>& answer);

 private:
  explicit Door(exec::Descriptor fd) : fd_(std::move(fd)) {}
  exec::Descriptor fd_;
};

/// Says `word` at the door of a keeper that runs as the folder's owner, and gives back its answer.
/// Errors: kNoData where nobody listens, or it hangs up; kService where no answer comes within `within_ms`, or somebody
/// else listens.
base::Expected<std::string> say_at_door(const Folder& folder, const std::string& name, std::string_view word,
                                        int within_ms);

}  // namespace ebb::keeper
