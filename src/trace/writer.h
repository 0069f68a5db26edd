#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "trace/record.h"

namespace ebb::trace {

/// Appends records to a trace file (docs/trace-format.md).
///
/// Every record is one write(2): what append() has taken survives a SIGKILL of this process at any moment; after a
/// power loss at most what the kernel had not yet written is missing (sync() bounds that).
/// Times are kept to the microsecond (rounded down), energies to the microjoule and CPU times to the microsecond;
/// their rounding is carried into the next interval, so that over any number of intervals each of a component's four
/// energies, and each CPU time, is off by at most half a microjoule or microsecond in sum.
/// Thread safety: none; one owner, one process a file.
class Writer {
 public:
  /// A new file, readable by its user only. kService where it cannot be made; kUsage where it exists already: a trace
  /// is never overwritten.
  static base::Expected<Writer> create(const std::string& path);

  Writer(Writer&& other) noexcept;
  Writer& operator=(Writer&& other) noexcept;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer();

  /// The first record is the Header, and no other is (a programmer's duty).
  ///
  /// kService where the file system refuses (disk full, I/O error): the record is lost, those before it are not, and
  /// the next append mends the end of the file first; without a header nothing else is taken. kBadData where the record
  /// cannot be kept: an energy that is negative or not finite, texts above 64 KiB in one record (16 MiB in the header),
  /// an end before its begin.
  base::Status append(const Record& record);

  /// Waits until all that was appended is on the disk. Milliseconds to seconds: every few minutes, and at the end.
  base::Status sync();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::uint64_t bytes() const { return size_; }  ///< length of the file

 private:
  Writer(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  void carry_rounding(Interval& interval);
  base::Status write_whole(std::string_view bytes);
  void mend();

  std::string path_;
  int fd_ = -1;
  std::uint64_t size_ = 0;  ///< bytes that are never cut off again
  bool torn_ = false;       ///< the file may hold part of a frame behind size_
  bool has_header_ = false;
  bool folder_synced_ = false;
  time::Duration base_{0};                           ///< Header::steady
  std::vector<std::array<double, 4>> energy_carry_;  ///< by component; microjoules
  std::array<std::int64_t, 5> cpu_carry_{};          ///< nanoseconds, in the order of Interval's CPU times
};

}  // namespace ebb::trace
