#include "trace/reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "trace/codec.h"
#include "trace/frame.h"

namespace ebb::trace {
namespace {

using base::bad_data;
using base::Done;
using base::Expected;
using base::Status;

constexpr std::size_t kChunk = std::size_t{64} << 10;

}  // namespace

Reader::Reader(Reader&& other) noexcept { *this = std::move(other); }

Reader& Reader::operator=(Reader&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(window_, other.window_);
  std::swap(at_, other.at_);
  std::swap(window_offset_, other.window_offset_);
  std::swap(at_end_, other.at_end_);
  std::swap(first_, other.first_);
  std::swap(base_, other.base_);
  std::swap(damage_, other.damage_);
  return *this;
}

Reader::~Reader() {
  if (fd_ >= 0) ::close(fd_);
}

Expected<Reader> Reader::open(const std::string& path) {
  Reader reader;
  reader.fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (reader.fd_ < 0) return bad_data(fmt::format("{}: cannot open: {}", path, std::strerror(errno)));
  struct stat info {};
  if (::fstat(reader.fd_, &info) != 0 || !S_ISREG(info.st_mode)) {
    return bad_data(fmt::format("{}: is no plain file, and so no trace", path));
  }
  EBB_TRY_DO(reader.start(path));
  return reader;
}

Expected<Reader> Reader::over(std::string bytes, const std::string& name) {
  Reader reader;
  reader.window_ = std::move(bytes);
  reader.at_end_ = true;
  EBB_TRY_DO(reader.start(name));
  return reader;
}

Status Reader::start(const std::string& name) {
  fill(kPreludeBytes);
  const auto version = version_in(window_);
  if (version && *version > kFormatVersion) {
    return bad_data(
        fmt::format("{}: was written by a newer ebb (trace format {}, this one reads {}): read it with that", name,
                    *version, kFormatVersion));
  }
  const bool cut = window_.size() < kPreludeBytes && std::string_view(prelude()).substr(0, window_.size()) == window_;
  if (version) at_ = kPreludeBytes;
  first_ = find_record();
  if (first_) return Done{};
  if (!damage_.read_error.empty()) return bad_data(fmt::format("{}: cannot read: {}", name, damage_.read_error));
  if (version || cut) {
    return bad_data(
        fmt::format("{}: holds no whole record: the run ended before its first one was on the disk, and "
                    "there is nothing to read back",
                    name));
  }
  return bad_data(fmt::format("{}: is no trace of ebb: it does not begin like one and holds no whole record", name));
}

std::optional<Record> Reader::next() {
  auto record = first_ ? std::exchange(first_, std::nullopt) : find_record();
  if (record && std::holds_alternative<End>(*record)) damage_.has_end = true;
  return record;
}

/// Makes `wanted` bytes from at_ on available; false where the file ends before.
bool Reader::fill(std::size_t wanted) {
  if (window_.size() - at_ >= wanted) return true;
  if (at_end_) return false;
  window_.erase(0, at_);
  window_offset_ += at_;
  at_ = 0;
  while (window_.size() < wanted && !at_end_) {
    const std::size_t had = window_.size();
    window_.resize(had + kChunk);
    const auto got = ::pread(fd_, window_.data() + had, kChunk, static_cast<off_t>(window_offset_ + had));
    window_.resize(had + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) damage_.read_error = std::strerror(errno);
    at_end_ = got <= 0;
  }
  return window_.size() >= wanted;
}

std::optional<Record> Reader::find_record() {
  const std::uint64_t from = window_offset_ + at_;
  while (fill(1)) {
    std::size_t frame_bytes = 0;
    if (auto record = record_here(frame_bytes)) {
      note_skipped(from);
      at_ += frame_bytes;
      return record;
    }
    const auto marker = window_.find(kFrameMarker, at_ + 1);
    at_ = marker == std::string::npos ? window_.size() : marker;
  }
  damage_.tail_bytes += window_offset_ + at_ - from;
  return std::nullopt;
}

/// The record whose frame begins at at_.
std::optional<Record> Reader::record_here(std::size_t& frame_bytes) {
  fill(kMostHeadBytes);
  const bool first_place = window_offset_ + at_ == kPreludeBytes;
  const auto head = frame_head(std::string_view(window_).substr(at_), first_place ? kMostHeaderPayload : kMostPayload);
  if (!head || !fill(head->bytes + head->payload)) return std::nullopt;
  const auto payload = payload_of(std::string_view(window_).substr(at_), *head);
  if (!payload) return std::nullopt;
  auto record = decode(*payload, base_.value_or(time::Duration(0)));
  if (!record) return std::nullopt;
  const auto* header = std::get_if<Header>(&*record);
  if (header != nullptr && base_) return std::nullopt;  // a trace is one run: a second header belongs to another file
  if (!base_) damage_.header_lost = header == nullptr;
  if (!base_) base_ = header != nullptr ? header->steady : time::Duration(0);
  frame_bytes = head->bytes + head->payload;
  return record;
}

void Reader::note_skipped(std::uint64_t from) {
  const std::uint64_t bytes = window_offset_ + at_ - from;
  if (bytes == 0) return;
  damage_.skipped_bytes += bytes;
  ++damage_.skipped_stretches;
  if (damage_.stretches.size() < Damage::kMostStretches) damage_.stretches.push_back({from, bytes});
}

}  // namespace ebb::trace
