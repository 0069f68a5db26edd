#include "sensors/value_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace ebb::sensors {

ValueFile::ValueFile(std::string path) : path_(std::move(path)) {
  fd_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd_ < 0) error_ = errno;
}

ValueFile::ValueFile(ValueFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), error_(other.error_) {}

ValueFile& ValueFile::operator=(ValueFile&& other) noexcept {
  if (this == &other) return *this;
  if (fd_ >= 0) ::close(fd_);
  path_ = std::move(other.path_);
  fd_ = std::exchange(other.fd_, -1);
  error_ = other.error_;
  return *this;
}

ValueFile::~ValueFile() {
  if (fd_ >= 0) ::close(fd_);
}

std::optional<std::string_view> ValueFile::read(char* buffer, std::size_t size) {
  ssize_t got = -1;
  do {
    got = ::pread(fd_, buffer, size, 0);
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    error_ = errno;
    return std::nullopt;
  }
  return std::string_view(buffer, static_cast<std::size_t>(got));
}

bool ValueFile::still_there() const {
  struct stat status {};
  return ::fstat(fd_, &status) == 0 && status.st_nlink > 0;
}

std::optional<std::string> read_line(const std::string& path) {
  ValueFile file(path);
  std::array<char, 4095> buffer{};
  if (!file.is_open()) return std::nullopt;
  const auto text = file.read(buffer.data(), buffer.size());
  if (!text) return std::nullopt;
  return std::string(base::trimmed(text->substr(0, text->find('\n'))));
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string name_of_errno(int error) {
  const char* name = ::strerrorname_np(error);
  return fmt::format("{} ({})", name != nullptr ? name : "an unknown error", ::strerrordesc_np(error));
}

RawValue failed_read(int error, const std::string& what) {
  RawValue failed;
  const bool gone = error == ENODEV || error == ENXIO || error == ENOENT;
  failed.cause = gone ? GapCause::kLost : GapCause::kReadFailed;
  failed.detail = fmt::format("{} from {}", name_of_errno(error), what);
  return failed;
}

RawValue FileSource::read(time::Duration steady) {
  static_cast<void>(steady);
  std::array<char, 64> buffer{};
  const auto text = file_.read(buffer.data(), buffer.size());
  if (!text) return failed_read(file_.error(), file_.path());
  RawValue result;
  result.value = parse_count(*text);
  if (!result.value) {
    result.detail = fmt::format("{} says {}, which is no count", file_.path(), base::in_quotes(*text));
  } else if (result.value == last_ && !file_.still_there()) {
    return failed_read(ENOENT, file_.path());
  }
  last_ = result.value;
  return result;
}

}  // namespace ebb::sensors
