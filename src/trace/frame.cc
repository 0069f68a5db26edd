#include "trace/frame.h"

#include <zlib.h>

#include "base/check.h"

namespace ebb::trace {
namespace {

constexpr std::string_view kMagic =
    "\x89"
    "EBBT";
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kMostLengthBytes = 4;

std::uint32_t checksum_of(std::string_view length, std::string_view payload) {
  const auto bytes_of = [](std::string_view text) { return reinterpret_cast<const Bytef*>(text.data()); };
  const auto begun = ::crc32(0, bytes_of(length), static_cast<uInt>(length.size()));
  return static_cast<std::uint32_t>(::crc32(begun, bytes_of(payload), static_cast<uInt>(payload.size())));
}

}  // namespace

std::string prelude() {
  std::string bytes(kMagic);
  // The version comes twice, once inverted: one wrong bit must not look like a newer version.
  bytes += static_cast<char>(kFormatVersion);
  bytes += static_cast<char>(~kFormatVersion);
  bytes += '\n';
  CHECK(bytes.size() == kPreludeBytes);
  return bytes;
}

std::optional<std::uint8_t> version_in(std::string_view first_bytes) {
  if (first_bytes.size() < kPreludeBytes || first_bytes.substr(0, kMagic.size()) != kMagic) return std::nullopt;
  const auto version = static_cast<std::uint8_t>(first_bytes[kMagic.size()]);
  const auto inverted = static_cast<std::uint8_t>(first_bytes[kMagic.size() + 1]);
  const bool whole = version != 0 && static_cast<std::uint8_t>(~version) == inverted;
  if (!whole || first_bytes[kPreludeBytes - 1] != '\n') return std::nullopt;
  return version;
}

std::string framed(std::string_view payload) {
  CHECK(!payload.empty() && payload.size() <= kMostHeaderPayload);
  std::string length;
  std::size_t rest = payload.size();
  for (; rest >= 0x80; rest >>= 7U) length += static_cast<char>((rest & 0x7FU) | 0x80U);
  length += static_cast<char>(rest);
  const std::uint32_t checksum = checksum_of(length, payload);
  std::string frame;
  frame.reserve(1 + length.size() + kChecksumBytes + payload.size());
  frame += kFrameMarker;
  frame += length;
  for (unsigned shift = 0; shift < 32; shift += 8) frame += static_cast<char>((checksum >> shift) & 0xFFU);
  frame += payload;
  return frame;
}

std::optional<FrameHead> frame_head(std::string_view bytes, std::size_t most) {
  if (bytes.empty() || bytes[0] != kFrameMarker) return std::nullopt;
  FrameHead head;
  for (bool more = true; more; ++head.length_bytes) {
    if (head.length_bytes == kMostLengthBytes || bytes.size() <= 1 + head.length_bytes) return std::nullopt;
    const auto byte = static_cast<unsigned char>(bytes[1 + head.length_bytes]);
    head.payload |= static_cast<std::size_t>(byte & 0x7FU) << (7 * head.length_bytes);
    more = (byte & 0x80U) != 0;
  }
  head.bytes = 1 + head.length_bytes + kChecksumBytes;
  if (head.payload == 0 || head.payload > most || bytes.size() < head.bytes) return std::nullopt;
  for (std::size_t i = 0; i < kChecksumBytes; ++i) {
    head.checksum |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[1 + head.length_bytes + i])) << 8 * i;
  }
  return head;
}

std::optional<std::string_view> payload_of(std::string_view bytes, const FrameHead& head) {
  if (bytes.size() < head.bytes + head.payload) return std::nullopt;
  const auto payload = bytes.substr(head.bytes, head.payload);
  if (checksum_of(bytes.substr(1, head.length_bytes), payload) != head.checksum) return std::nullopt;
  return payload;
}

}  // namespace ebb::trace
