#include "exec/group_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>

#include "base/text.h"
#include "exec/kernel_file.h"
#include "exec/lock_folder.h"

namespace ebb::exec {
namespace {

constexpr int kTries = 16;
constexpr int kMostNesting = 16;

Descriptor open_folder(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/// Removes a group and the empty ones that the job made in it.
bool remove_nested(const std::string& path, int nesting) {
  if (::rmdir(path.c_str()) == 0 || errno == ENOENT) return true;
  if (nesting == kMostNesting) return false;
  std::error_code error;
  std::vector<std::string> inner;
  for (std::filesystem::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    if (at->is_directory(error) && !at->is_symlink(error)) inner.push_back(at->path().string());
  }
  if (inner.empty()) return false;
  for (const auto& folder : inner) remove_nested(folder, nesting + 1);
  return ::rmdir(path.c_str()) == 0;
}

/// A controller by which a group of its own has its own share of something that its processes had in common before.
std::optional<std::string> sharing_controller(const std::vector<std::string_view>& controllers) {
  for (const auto controller : controllers) {
    const auto name = base::trimmed(controller);
    if (name == "cpu" || name == "io" || name == "blkio") return std::string(name);
  }
  return std::nullopt;
}

}  // namespace

bool remove_group_folder(const std::string& path) { return remove_nested(path, 0); }

void remove_stale_groups(const std::string& parent) {
  std::error_code error;
  std::vector<std::string> groups;
  for (std::filesystem::directory_iterator at(parent, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().string().starts_with(kGroupPrefix)) groups.push_back(at->path().string());
  }
  for (const auto& group : groups) {
    const Descriptor folder = open_folder(group);
    if (folder && ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0) remove_nested(group, 0);
  }
}

base::Expected<Descriptor> make_locked_group_folder(const std::string& path, bool& joined) {
  for (int i = 0; i < kTries; ++i) {
    joined = ::mkdir(path.c_str(), 0755) != 0;
    if (joined && errno != EEXIST) return base::service_error(system_reason(path, errno));
    Descriptor folder = open_folder(path);
    if (!folder && errno == ENOENT) continue;
    if (!folder || ::flock(folder.get(), LOCK_SH) != 0) return base::service_error(system_reason(path, errno));
    if (is_still_at(folder.get(), path)) return folder;
  }
  return base::service_error(fmt::format("{}: is removed again and again by somebody else", path));
}

base::Status check_neutral(const std::string& path, const std::vector<std::string_view>& controllers) {
  const auto controller = sharing_controller(controllers);
  if (!controller) return base::Done{};
  return base::service_error(
      fmt::format("{}: the controller {} would give the job another share than it has now", path, *controller));
}

}  // namespace ebb::exec
