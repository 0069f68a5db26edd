#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/expected.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace ebb::store {

/// Most values that one piece may hold.
inline constexpr std::size_t kMostValues = std::size_t{1} << 16;

/// Where a piece belongs: written into it, so that bytes which stand in a wrong place are not taken for values.
struct Place {
  std::int64_t series = 0;
  std::int64_t first_slot = 0;
};

/// Values to bytes and back, to the last bit; NaN is a missing value. docs/grid-store.md has the format.
///
/// Keeps its buffers from one call to the next. Thread safety: none.
class Codec {
 public:
  Codec();
  Codec(Codec&&) noexcept;
  Codec& operator=(Codec&&) noexcept;
  ~Codec();

  /// At most kMostValues, at least one; finite or NaN. The bytes live until the next call.
  std::string_view encode(Place place, std::span<const double> values);

  /// Fills `values`, whose number must be that of the piece. kBadData with what is wrong ("its checksum is wrong"),
  /// for the caller to say of which series and time; `values` then holds nothing of use.
  base::Status decode(Place place, std::string_view bytes, std::span<double> values);

 private:
  /// content_ to bytes_; after `before_planes` bytes, planes of `plane` bytes each follow.
  void compress(std::size_t before_planes, std::size_t plane);

  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
    void operator()(ZSTD_DCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> compressor_;
  std::unique_ptr<ZSTD_DCtx_s, Free> decompressor_;
  std::string content_;
  std::string bytes_;
};

}  // namespace ebb::store
