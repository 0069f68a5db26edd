#include "store/codec.h"

#include <zstd.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "base/check.h"
#include "store/decimal.h"
#include "store/differences.h"
#include "store/planes.h"

namespace ebb::store {
namespace {

using base::Done;
using base::Status;

constexpr char kFormat = 1;
constexpr std::uint8_t kRawForm = 0xFF;  ///< in the place of a factor: the doubles' own bits
constexpr int kLevel = 1;                ///< of zstd: higher ones gain nothing on noise
constexpr std::size_t kRunBytes = 4;

/// What stands before the numbers.
struct Head {
  Place place;
  std::uint32_t count = 0;
  std::uint32_t runs = 0;  ///< of missing values
  std::uint8_t form = 0;
  std::uint8_t decimals = 0;
  std::uint8_t order = 0;
  std::uint8_t width = 1;
  std::uint64_t first = 0;  ///< whole number, or the bits of a double
};
constexpr std::size_t kHeadBytes = 8 + 8 + 4 + 4 + 4 + 8;

template <typename T>
void put(std::string& out, T value) {
  for (std::size_t byte = 0; byte < sizeof(T); ++byte) {
    out += static_cast<char>(static_cast<unsigned char>(static_cast<std::uint64_t>(value) >> (8 * byte)));
  }
}

template <typename T>
T take(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (std::size_t byte = 0; byte < sizeof(T); ++byte) {
    value |= std::uint64_t{static_cast<unsigned char>(bytes[byte])} << (8 * byte);
  }
  bytes.remove_prefix(sizeof(T));
  return static_cast<T>(value);
}

void put_head(std::string& out, const Head& head) {
  put(out, head.place.series);
  put(out, head.place.first_slot);
  put(out, head.count);
  put(out, head.runs);
  put(out, head.form);
  put(out, head.decimals);
  put(out, head.order);
  put(out, head.width);
  put(out, head.first);
}

Head take_head(std::string_view& bytes) {
  Head head;
  head.place.series = take<std::int64_t>(bytes);
  head.place.first_slot = take<std::int64_t>(bytes);
  head.count = take<std::uint32_t>(bytes);
  head.runs = take<std::uint32_t>(bytes);
  head.form = take<std::uint8_t>(bytes);
  head.decimals = take<std::uint8_t>(bytes);
  head.order = take<std::uint8_t>(bytes);
  head.width = take<std::uint8_t>(bytes);
  head.first = take<std::uint64_t>(bytes);
  return head;
}

/// [begin, end) of each run of missing values.
struct Run {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::vector<Run> missing_runs(std::span<const double> values) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) continue;
    if (runs.empty() || runs.back().end != i) runs.push_back({i, i});
    runs.back().end = i + 1;
  }
  return runs;
}

/// Each double's bits, less those that it shares with the one before.
std::vector<std::uint64_t> bit_rests(std::span<const double> values) {
  std::vector<std::uint64_t> rests(values.size());
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto bits = std::isnan(values[i]) ? before : std::bit_cast<std::uint64_t>(values[i]);
    rests[i] = bits ^ before;
    before = bits;
  }
  return rests;
}

/// The head's form and first, and the numbers that come after it.
std::vector<std::uint64_t> rests_of(std::span<const double> values, Head& head) {
  std::vector<std::int64_t> wholes;
  if (const auto form = find_decimal(values, wholes)) {
    head.form = form->factor;
    head.decimals = form->decimals;
    head.order = best_order(wholes);
    head.first = static_cast<std::uint64_t>(wholes.front());
    std::vector<std::uint64_t> rests;
    take_differences(wholes, head.order, rests);
    return rests;
  }
  head.form = kRawForm;
  return bit_rests(values);
}

base::Error damaged(const char* how) { return base::bad_data(how); }

Status check_head(const Head& head, Place place, std::size_t count, std::size_t bytes_left) {
  if (head.place.series != place.series || head.place.first_slot != place.first_slot || head.count != count) {
    return damaged("it is the piece of another place");
  }
  const bool known = head.form == kRawForm ? head.width <= 8
                                           : head.form < kFactors && head.decimals <= kMostDecimals &&
                                                 head.order < kOrders && head.width <= 8;
  if (!known || head.width == 0 || head.runs > count) return damaged("its head makes no sense");
  if (bytes_left != head.runs * kRunBytes + head.width * count) return damaged("its length is wrong");
  return Done{};
}

Status fill_raw(std::span<const std::uint64_t> rests, std::span<double> values) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    bits ^= rests[i];
    values[i] = std::bit_cast<double>(bits);
    if (!std::isfinite(values[i])) return damaged("it holds a value that is no number");
  }
  return Done{};
}

Status fill_missing(std::string_view runs, std::span<double> values) {
  std::size_t from = 0;
  while (!runs.empty()) {
    const auto begin = from + take<std::uint16_t>(runs);
    const auto end = begin + take<std::uint16_t>(runs) + 1;
    if (end > values.size()) return damaged("its missing values lie outside it");
    for (std::size_t i = begin; i < end; ++i) values[i] = std::numeric_limits<double>::quiet_NaN();
    from = end;
  }
  return Done{};
}

}  // namespace

void Codec::Free::operator()(ZSTD_CCtx_s* context) const { ::ZSTD_freeCCtx(context); }
void Codec::Free::operator()(ZSTD_DCtx_s* context) const { ::ZSTD_freeDCtx(context); }

Codec::Codec() = default;
Codec::Codec(Codec&&) noexcept = default;
Codec& Codec::operator=(Codec&&) noexcept = default;
Codec::~Codec() = default;

std::string_view Codec::encode(Place place, std::span<const double> values) {
  CHECK(!values.empty() && values.size() <= kMostValues);
  if (compressor_ == nullptr) {
    compressor_.reset(::ZSTD_createCCtx());
    CHECK(compressor_ != nullptr);
    ::ZSTD_CCtx_setParameter(compressor_.get(), ZSTD_c_compressionLevel, kLevel);
    ::ZSTD_CCtx_setParameter(compressor_.get(), ZSTD_c_checksumFlag, 1);
  }
  const auto runs = missing_runs(values);
  Head head;
  head.place = place;
  head.count = static_cast<std::uint32_t>(values.size());
  head.runs = static_cast<std::uint32_t>(runs.size());
  const auto rests = rests_of(values, head);
  const auto width = width_of(rests);
  head.width = static_cast<std::uint8_t>(width);
  content_.clear();
  put_head(content_, head);
  std::size_t from = 0;
  for (const auto& run : runs) {
    put(content_, static_cast<std::uint16_t>(run.begin - from));
    put(content_, static_cast<std::uint16_t>(run.end - run.begin - 1));
    from = run.end;
  }
  const std::size_t before_planes = content_.size();
  put_planes(rests, width, content_);
  compress(before_planes, values.size());
  return bytes_;
}

void Codec::compress(std::size_t before_planes, std::size_t plane) {
  auto* context = compressor_.get();
  ::ZSTD_CCtx_reset(context, ZSTD_reset_session_only);
  ::ZSTD_CCtx_setPledgedSrcSize(context, content_.size());
  // A bound for one block each, which are never larger than what goes in but for a few bytes.
  bytes_.resize(1 + ::ZSTD_compressBound(content_.size()) + 16 * kHeadBytes);
  bytes_[0] = kFormat;
  ZSTD_outBuffer out{bytes_.data() + 1, bytes_.size() - 1, 0};
  // One block a plane: each gets a code of its own, and random low bytes do not spoil that of the others.
  for (std::size_t end = before_planes; end <= content_.size(); end += plane) {
    const std::size_t begin = end == before_planes ? 0 : end - plane;
    ZSTD_inBuffer in{content_.data() + begin, end - begin, 0};
    const auto left = ::ZSTD_compressStream2(context, &out, &in, end == content_.size() ? ZSTD_e_end : ZSTD_e_flush);
    CHECK(left == 0);
  }
  bytes_.resize(1 + out.pos);
}

Status Codec::decode(Place place, std::string_view bytes, std::span<double> values) {
  if (bytes.empty() || values.empty() || values.size() > kMostValues) return damaged("it is empty");
  if (bytes.front() != kFormat) return damaged("it is in a format that this ebb does not know");
  bytes.remove_prefix(1);
  if (decompressor_ == nullptr) decompressor_.reset(::ZSTD_createDCtx());
  CHECK(decompressor_ != nullptr);
  const auto most = kHeadBytes + values.size() * (8 + kRunBytes);
  const auto size = ::ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  // One whole frame, so that a frame whose checksum was cut off does not pass. The two errors are huge numbers.
  if (size > most || size < kHeadBytes || ::ZSTD_findFrameCompressedSize(bytes.data(), bytes.size()) != bytes.size()) {
    return damaged("its compressed form is broken");
  }
  content_.resize(size);
  const auto got =
      ::ZSTD_decompressDCtx(decompressor_.get(), content_.data(), content_.size(), bytes.data(), bytes.size());
  if (::ZSTD_isError(got) != 0 || got != size) return damaged("its checksum is wrong");
  std::string_view rest(content_);
  const Head head = take_head(rest);
  EBB_TRY_DO(check_head(head, place, values.size(), rest.size()));
  std::vector<std::uint64_t> rests(values.size());
  take_planes(rest.substr(head.runs * kRunBytes), head.width, rests);
  if (head.form == kRawForm) {
    EBB_TRY_DO(fill_raw(rests, values));
  } else {
    std::vector<std::int64_t> wholes(values.size());
    add_up(rests, head.order, static_cast<std::int64_t>(head.first), wholes);
    to_values({head.form, head.decimals}, wholes, values);
  }
  return fill_missing(rest.substr(0, head.runs * kRunBytes), values);
}

}  // namespace ebb::store
