#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sensors/raw_sensor.h"

namespace ebb::sensors {

/// A small file of sysfs or procfs that is kept open and read from its begin again and again. Movable.
/// Thread safety: none.
class ValueFile {
 public:
  ValueFile() = default;
  /// Opens; is_open() says whether that worked, error() why not (errno).
  explicit ValueFile(std::string path);
  ValueFile(ValueFile&& other) noexcept;
  ValueFile& operator=(ValueFile&& other) noexcept;
  ValueFile(const ValueFile&) = delete;
  ValueFile& operator=(const ValueFile&) = delete;
  ~ValueFile();

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int error() const { return error_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// What the file says now, cut to `buffer`; nothing where the read failed: then error() says why.
  std::optional<std::string_view> read(char* buffer, std::size_t size);
  /// False once nothing has its name any more.
  [[nodiscard]] bool still_there() const;

 private:
  std::string path_;
  int fd_ = -1;
  int error_ = 0;
};

/// The first line of a file without blanks around it, at most 4,095 bytes of it; nothing where it cannot be read.
std::optional<std::string> read_line(const std::string& path);
/// A whole decimal number that is the whole text ("184467440737"), a final line end allowed.
std::optional<std::uint64_t> parse_count(std::string_view text);
/// "EIO (Input/output error)".
std::string name_of_errno(int error);

/// A number in a file, `energy_uj` and the like. A value that stands still is looked at twice: the file may be gone.
class FileSource final : public RawSource {
 public:
  explicit FileSource(ValueFile file) : file_(std::move(file)) {}
  RawValue read(time::Duration steady) override;

 private:
  ValueFile file_;
  std::optional<std::uint64_t> last_;
};

/// What a failed read means: the device has gone (ENODEV, ENXIO, ENOENT), or it may work next time (EIO and the rest).
RawValue failed_read(int error, const std::string& what);

}  // namespace ebb::sensors
