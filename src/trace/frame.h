#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ebb::trace {

// The bytes of a trace file (docs/trace-format.md): the file's first bytes, then frames.

inline constexpr std::uint8_t kFormatVersion = 1;
inline constexpr std::size_t kPreludeBytes = 8;
inline constexpr char kFrameMarker = '\xEB';
/// So that a search through damaged bytes, which tries every frame that seems to begin, stays short.
inline constexpr std::size_t kMostPayload = std::size_t{64} << 10;
/// Of a frame right behind the prelude: the header holds a whole command line.
inline constexpr std::size_t kMostHeaderPayload = std::size_t{16} << 20;

/// The first bytes of a trace of this version.
std::string prelude();

/// The version that a trace's first bytes tell; nothing where they are not a trace's, or damaged.
std::optional<std::uint8_t> version_in(std::string_view first_bytes);

/// The payload as a frame.
std::string framed(std::string_view payload);

/// The begin of a frame: how long it claims to be.
struct FrameHead {
  std::size_t bytes = 0;    ///< of the head: marker, length, checksum
  std::size_t payload = 0;  ///< that follow it
  std::size_t length_bytes = 0;
  std::uint32_t checksum = 0;
};
inline constexpr std::size_t kMostHeadBytes = 9;

/// Nothing where no frame with a payload of 1 to `most` bytes begins here, or its head is cut.
std::optional<FrameHead> frame_head(std::string_view bytes, std::size_t most);

/// The payload where the frame is whole and its checksum right. `bytes` begin with the frame.
std::optional<std::string_view> payload_of(std::string_view bytes, const FrameHead& head);

}  // namespace ebb::trace
