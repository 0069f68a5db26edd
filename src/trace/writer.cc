#include "trace/writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/check.h"
#include "trace/codec.h"
#include "trace/frame.h"

namespace ebb::trace {
namespace {

using base::Done;
using base::Expected;
using base::Status;

base::Error failed(const std::string& path, std::string_view what, int error) {
  return base::service_error(fmt::format("{}: cannot {}: {}", path, what, std::strerror(error)));
}

/// What `exact` and the rounding of all before it come to in whole units; the new rounding goes to `carry`.
units::Energy rounded(units::Energy exact, double& carry) {
  const double microjoules = units::in_joules(exact) * 1e6 + carry;
  if (!(std::fabs(microjoules) <= kMostMicrojoules)) return exact;  // encode() refuses it
  const double whole = std::nearbyint(microjoules);
  carry = microjoules - whole;
  return units::joules(whole / 1e6);
}

time::Duration rounded(time::Duration exact, std::int64_t& carry) {
  const auto total = exact + time::Duration(carry);
  const auto whole = std::chrono::round<std::chrono::microseconds>(total);
  carry = (total - whole).count();
  return whole;
}

}  // namespace

Writer::Writer(Writer&& other) noexcept : fd_(-1) { *this = std::move(other); }

Writer& Writer::operator=(Writer&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  std::swap(size_, other.size_);
  std::swap(torn_, other.torn_);
  std::swap(has_header_, other.has_header_);
  std::swap(folder_synced_, other.folder_synced_);
  std::swap(base_, other.base_);
  std::swap(energy_carry_, other.energy_carry_);
  std::swap(cpu_carry_, other.cpu_carry_);
  return *this;
}

Writer::~Writer() {
  if (fd_ >= 0) ::close(fd_);
}

Expected<Writer> Writer::create(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST) {
    return base::usage_error(
        fmt::format("{}: exists already, and a trace is never overwritten: name another file, or move this one", path));
  }
  if (fd < 0) return failed(path, "create", errno);
  Writer writer(path, fd);
  auto begun = writer.write_whole(prelude());
  if (!begun) {
    ::unlink(path.c_str());
    return begun.error();
  }
  return writer;
}

Status Writer::append(const Record& record) {
  CHECK(fd_ >= 0);
  const auto* header = std::get_if<Header>(&record);
  CHECK(header == nullptr || !has_header_);
  if (header == nullptr && !has_header_) {
    return base::service_error(fmt::format("{}: nothing is recorded, for its header could not be written", path_));
  }
  Expected<std::string> payload = std::string();
  if (const auto* interval = std::get_if<Interval>(&record)) {
    Interval whole = *interval;
    carry_rounding(whole);
    payload = encode(whole, base_);
  } else {
    payload = encode(record, base_);
  }
  if (!payload) return payload.error().in(fmt::format("{}: a record cannot be kept", path_));
  EBB_TRY_DO(write_whole(framed(*payload)));
  if (header != nullptr) {
    has_header_ = true;
    base_ = header->steady;
  }
  return Done{};
}

void Writer::carry_rounding(Interval& interval) {
  for (auto& energy : interval.energies) {
    if (energy.component >= kMostComponents) continue;
    if (energy.component >= energy_carry_.size()) energy_carry_.resize(energy.component + 1);
    auto& carry = energy_carry_[energy.component];
    energy.job = rounded(energy.job, carry[0]);
    energy.job_idle = rounded(energy.job_idle, carry[1]);
    energy.idle = rounded(energy.idle, carry[2]);
    energy.others = rounded(energy.others, carry[3]);
  }
  interval.job_cpu = rounded(interval.job_cpu, cpu_carry_[0]);
  interval.machine_busy = rounded(interval.machine_busy, cpu_carry_[1]);
  interval.machine_idle = rounded(interval.machine_idle, cpu_carry_[2]);
  interval.machine_steal = rounded(interval.machine_steal, cpu_carry_[3]);
  interval.meter_cpu = rounded(interval.meter_cpu, cpu_carry_[4]);
}

Status Writer::write_whole(std::string_view bytes) {
  mend();
  std::size_t put = 0;
  while (put < bytes.size()) {
    const auto count = ::write(fd_, bytes.data() + put, bytes.size() - put);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      torn_ = true;
      mend();
      return failed(path_, "write a record (those before it are kept)", error);
    }
    put += static_cast<std::size_t>(count);
  }
  size_ += bytes.size();
  return Done{};
}

void Writer::mend() {
  if (!torn_) return;
  if (::ftruncate(fd_, static_cast<off_t>(size_)) == 0) {
    torn_ = false;
    return;
  }
  // What cannot be cut off stays: readers skip it. Nothing behind it may ever be cut off with it.
  struct stat info {};
  if (::fstat(fd_, &info) != 0) return;
  size_ = static_cast<std::uint64_t>(info.st_size);
  torn_ = false;
}

Status Writer::sync() {
  CHECK(fd_ >= 0);
  if (::fdatasync(fd_) != 0) return failed(path_, "bring to the disk", errno);
  if (folder_synced_) return Done{};
  // The first time also the file's name: without it, a power loss could leave the bytes without a file.
  const auto folder = std::filesystem::path(path_).parent_path();
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  folder_synced_ = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  return Done{};
}

}  // namespace ebb::trace
