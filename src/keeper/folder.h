#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "exec/descriptor.h"

namespace ebb::keeper {

/// The folder of one job, which belongs to the job's user and only he can look into: whoever reads it as root trusts
/// nothing in it. Links in it are refused, what it holds is opened by descriptor, read up to a bound and only where it
/// belongs to that user or to us. Movable. Thread safety: none.
class Folder {
 public:
  /// `owner` nothing: whoever it belongs to (its parent is ours). Errors: kNoData where there is none; kService where
  /// it is a link, is of another user or open to others.
  static base::Expected<Folder> open(const std::string& path, std::optional<uid_t> owner);
  /// Makes it, and what is above it: the parent for everybody to pass through (root) or for us alone.
  static base::Expected<Folder> make(const std::string& path, uid_t owner, gid_t group);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] uid_t owner() const { return owner_; }

  /// Nothing where there is no such file. Errors: kService, kBadData where it is longer than `most` or no plain file.
  [[nodiscard]] base::Expected<std::optional<std::string>> load(const std::string& name, std::size_t most) const;
  /// Replaces it: a reader sees the old or the new one. `durable`: it is on the disk when this returns.
  [[nodiscard]] base::Status write(const std::string& name, std::string_view bytes, bool durable) const;
  /// Where its own path is too long for a socket's address, this one never is; of this process only.
  [[nodiscard]] std::string short_path(const std::string& name) const;

 private:
  Folder(std::string path, exec::Descriptor fd, uid_t owner)
      : path_(std::move(path)), fd_(std::move(fd)), owner_(owner) {}
  std::string path_;
  exec::Descriptor fd_;
  uid_t owner_;
};

/// Names of an attempt's files: "attempt-3.status".
std::string attempt_file(int attempt, std::string_view kind);

}  // namespace ebb::keeper
