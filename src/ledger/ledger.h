#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "ledger/run_row.h"

namespace ebb::ledger {

/// Which runs; every field that is given must hold.
struct Filter {
  std::optional<std::string> project;
  std::optional<std::string> user;
  std::map<std::string, std::string> tags;  ///< the run has all of these
  std::optional<time::Instant> from;        ///< the run begins at or after it
  std::optional<time::Instant> to;          ///< the run begins before it
  std::optional<RunState> state;
  std::optional<std::string> parent_run;  ///< "": runs without a parent
  std::optional<std::size_t> limit;       ///< the newest so many
};

/// What a sum is made for.
enum class TotalsBy { kAll, kProject, kUser, kMonth };

/// A sum over runs of one group, and of one signal, source and vintage: what differs in these is never in one sum
/// (law 5). Runs that are not priced are a group of their own, with an empty signal.
struct Total {
  std::string group;  ///< project, user, or the UTC month of the begin, "2026-03"; empty for kAll
  std::string signal;
  std::string source;
  std::string vintage;
  std::size_t runs = 0;
  std::size_t failed = 0;      ///< finished with an exit code other than 0
  std::size_t unfinished = 0;  ///< running or lost: their energy so far is in the sum
  units::Energy energy;
  /// Each over the runs that have one, nothing where none has; `without_emissions` counts those that have none.
  std::optional<units::Emissions> operational;
  std::optional<units::Emissions> embodied;
  std::optional<units::Emissions> emissions;
  std::size_t without_emissions = 0;
};

/// A finished run was priced or accounted again; what stood before is kept.
struct Restatement {
  time::Instant at;
  std::string reason;
  RunRow before;
  RunRow after;
};

/// How a command has done before.
struct PastRun {
  time::Duration duration{0};
  units::Energy energy;
};

/// Who has the file open at once: decides SQLite's journal. `kAsFileSystem` finds out: several hosts can share a file
/// on NFS, Lustre and the like.
enum class Sharing { kAsFileSystem, kOneHost, kManyHosts };

class Database;

/// The local database of runs: one SQLite file (docs/ledger.md).
///
/// Every change is one transaction: done when the call has returned, else not at all, whatever is killed when. Several
/// processes may write and read one file at once, each through a Ledger of its own; a call waits up to 10 s for others.
/// After a power loss the newest changes may be missing, none is half there.
/// Errors of every call: kService where the file system refuses (disk full, no permission, locked); kBadData where the
/// file is no ledger, is damaged, or was written by a newer ebb. Thread safety: none; no use across fork().
class Ledger {
 public:
  /// Makes the file where there is none; brings an older one to this version's tables.
  static base::Expected<Ledger> open(const std::string& path, Sharing sharing = Sharing::kAsFileSystem);
  /// For tests.
  static base::Expected<Ledger> in_memory();

  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;
  ~Ledger();

  /// Inserts the run, or replaces it while it is running or lost. A finished run stays as it is: the same row again is
  /// fine, another one is kUsage: that is what restate() is for.
  base::Status put(const RunRow& row);

  /// The run of that id, or the only one whose id begins so. kNoData naming the nearest ids; kUsage listing the ids
  /// where several begin so.
  base::Expected<RunRow> find(const std::string& id_or_prefix);

  /// Newest begin first.
  base::Expected<std::vector<RunRow>> list(const Filter& filter);

  /// In rising order of group, signal, source, vintage. `filter.limit` cuts the runs, not the groups.
  base::Expected<std::vector<Total>> totals(TotalsBy by, const Filter& filter);

  /// Replaces the finished run of `row.run_id` and keeps what stood there; where nothing differs, nothing is recorded.
  /// kNoData: no such run; kUsage: it, or `row`, has not finished.
  base::Status restate(const RunRow& row, const std::string& reason, time::Instant at);

  /// Oldest first; none for a run that was never restated.
  base::Expected<std::vector<Restatement>> restatements(const std::string& run_id);

  /// Of the runs with exactly this command that finished with 0, newest first, at most `limit`.
  base::Expected<std::vector<PastRun>> history(const std::string& command, std::size_t limit = 1000);

  /// Brings all to the disk, and the log (`ledger.db-wal`) into the file, which then is whole by itself: before it is
  /// copied. Waits for the disk.
  base::Status settle();

  /// Reads the whole file and says what is wrong with it: kBadData. For `ebb doctor`; seconds for a large one.
  base::Status check();

 private:
  explicit Ledger(std::unique_ptr<Database> database);

  std::unique_ptr<Database> database_;
};

}  // namespace ebb::ledger
