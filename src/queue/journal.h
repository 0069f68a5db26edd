#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "queue/job.h"

namespace ebb::queue {

/// A change of a job, and what it is called. `environment` is kept apart: it is large, secret, and wanted only to
/// start.
struct Change {
  const Job* job = nullptr;
  std::vector<Event> events;
};

/// Where the queue writes down what it wants, before it does it.
class Journal {
 public:
  virtual ~Journal() = default;
  /// A new job with its whole task; on the disk when it has returned. kUsage where the id is taken.
  virtual base::Status add(const Job& job, const Event& event) = 0;
  /// All or none, on the disk when it has returned.
  virtual base::Status put(const std::vector<Change>& changes) = 0;
  /// Jobs that are not final, or final and not settled; without their environment.
  virtual base::Expected<std::vector<Job>> load_open() = 0;
  /// The newest final jobs, newest end first.
  virtual base::Expected<std::vector<Job>> load_final(std::size_t limit) = 0;
  virtual base::Expected<std::optional<Job>> load(const std::string& id) = 0;
  virtual base::Expected<std::vector<std::string>> environment(const std::string& id) = 0;
  /// Oldest first.
  virtual base::Expected<std::vector<Event>> events(const std::string& id) = 0;
  /// A number never given before, for the next job's id.
  virtual base::Expected<std::int64_t> next_number() = 0;
};

/// One SQLite file, for its user only (docs/queue.md). One daemon has it at a time: a lock tells a second one.
/// Errors: kService (disk full, no permission, locked by another daemon), kBadData (damaged, of another program).
base::Expected<std::unique_ptr<Journal>> open_journal(const std::string& path);

/// Keeps nothing: for simulations.
std::unique_ptr<Journal> no_journal();

}  // namespace ebb::queue
