#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "trace/record.h"

namespace ebb::trace {

/// What a trace file has lost.
struct Damage {
  struct Stretch {
    std::uint64_t offset = 0;  ///< of its first byte in the file
    std::uint64_t bytes = 0;
  };
  static constexpr std::size_t kMostStretches = 1000;  ///< no more are listed

  std::vector<Stretch> stretches;  ///< bytes between whole records that are none, in order
  std::uint64_t skipped_stretches = 0;
  std::uint64_t skipped_bytes = 0;  ///< of all stretches, also those not listed
  std::uint64_t tail_bytes = 0;     ///< after the last whole record: the run was killed, or the disk was full
  bool header_lost = false;         ///< times then count from the run's begin, not from Header::steady
  bool has_end = false;             ///< the command's end was recorded
  std::string read_error;           ///< the system's reason why reading stopped early; else empty

  /// Whether a record, or part of one, is missing; a trace without End is not damaged by that alone.
  [[nodiscard]] bool any() const { return skipped_bytes > 0 || tail_bytes > 0 || header_lost || !read_error.empty(); }
  /// For a person: "2 damaged stretches of together 61 bytes skipped, the first at byte 1034; the last 12 bytes are no
  /// whole record; the command's end was not recorded". Empty where the trace is whole.
  [[nodiscard]] std::string text() const;
};

/// Reads a trace record by record, also one that is still being written or that was cut at any byte.
///
/// What a checksum does not vouch for is skipped up to the next whole record and told by damage(). Energies come back
/// in whole microjoules, times in whole microseconds. Memory: one record. Thread safety: none.
class Reader {
 public:
  /// kBadData: cannot be opened; is no trace; was written by a newer ebb; holds no whole record. A file whose header is
  /// destroyed opens: see Damage::header_lost.
  static base::Expected<Reader> open(const std::string& path);
  /// The same over bytes in memory; `name` stands in messages.
  static base::Expected<Reader> over(std::string bytes, const std::string& name);

  Reader(Reader&& other) noexcept;
  Reader& operator=(Reader&& other) noexcept;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader();

  /// The next whole record in the order of writing, the Header first; nothing at the end.
  std::optional<Record> next();

  /// So far; complete once next() has given nothing.
  [[nodiscard]] const Damage& damage() const { return damage_; }

 private:
  Reader() = default;
  base::Status start(const std::string& name);
  bool fill(std::size_t wanted);
  std::optional<Record> find_record();
  std::optional<Record> record_here(std::size_t& frame_bytes);
  void note_skipped(std::uint64_t from);

  int fd_ = -1;         ///< none where all is in `window_`
  std::string window_;  ///< bytes of the file from window_offset_ on
  std::size_t at_ = 0;  ///< in window_
  std::uint64_t window_offset_ = 0;
  bool at_end_ = false;          ///< the file has no byte behind window_
  std::optional<Record> first_;  ///< read by open, not yet given out
  std::optional<time::Duration> base_;
  Damage damage_;
};

/// A whole trace in memory: for tests and small traces.
struct Trace {
  Header header;
  std::vector<Component> components;
  std::vector<Interval> intervals;
  std::vector<Gap> gaps;
  std::vector<Mark> marks;
  std::vector<PauseEdge> pauses;
  std::vector<Anchor> anchors;
  std::vector<Note> notes;
  std::optional<End> end;
  Damage damage;
};

/// As Reader::open; also kBadData where the header is destroyed, saying what is left and what to do.
base::Expected<Trace> load_trace(const std::string& path);

}  // namespace ebb::trace
