#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "trace/record.h"

namespace ebb::measure {

/// Environment of a measured command: where its marks go.
inline constexpr const char* kMarkSocketVariable = "EBB_MARK_SOCKET";
inline constexpr const char* kRunIdVariable = "EBB_RUN_ID";

enum class MarkAction {
  kToggle,  ///< ends the region where it is open, else begins it
  kBegin,
  kEnd,
};

/// A region's name: 1 to 200 printable bytes, without '/', which parts nested names. kUsage says what is wrong.
base::Status check_region_name(std::string_view name);

/// Tells the run that listens at `socket` to begin or end a region, and waits until its sensors have been read there:
/// what the job does next counts after the edge. Gives back what was done: "began epoch", "ended epoch".
///
/// kUsage: a name that is none, an end of what is not open. kService: nobody listens, or no answer within 5 s.
base::Expected<std::string> send_mark(const std::string& socket, MarkAction action, std::string_view name);

/// The run's end of that: a socket that only its own user can reach. Movable. Thread safety: none.
class MarkServer {
 public:
  /// `folder` is the run's own; where its path is too long for a socket, a private folder under /tmp is made.
  static base::Expected<MarkServer> open(const std::string& folder);
  MarkServer(MarkServer&& other) noexcept;
  MarkServer& operator=(MarkServer&& other) noexcept;
  MarkServer(const MarkServer&) = delete;
  MarkServer& operator=(const MarkServer&) = delete;
  ~MarkServer();

  [[nodiscard]] int fd() const { return fd_; }  ///< readable when somebody has something to say
  [[nodiscard]] const std::string& path() const { return path_; }

  /// Answers everybody who waits. `on_edge` writes the edge (and reads the sensors first).
  void serve(const std::function<void(trace::Mark::Kind, const std::string&)>& on_edge);

  /// Names of the open regions, outermost first.
  [[nodiscard]] const std::vector<std::string>& open_regions() const { return open_; }

 private:
  MarkServer() = default;
  std::string answer(std::string_view request,
                     const std::function<void(trace::Mark::Kind, const std::string&)>& on_edge);
  int fd_ = -1;
  std::string path_;
  std::string made_folder_;  // under /tmp, to be removed
  std::vector<std::string> open_;
};

}  // namespace ebb::measure
