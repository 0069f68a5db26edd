// Any bytes are read as a chunk of the store, or refused; and, since no fuzzer guesses a checksum, as the content of
// one too. Any doubles are written and read back to the last bit.
#include <zstd.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "store/codec.h"
#include "target.h"

namespace {

using namespace ebb;

constexpr store::Place kPlace{1, -5};

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b));
}

/// What is read is finite or missing, and comes back when it is written again.
void comes_back(store::Codec& codec, const std::vector<double>& values) {
  for (const double value : values) CHECK(!std::isinf(value));
  const std::string bytes(codec.encode(kPlace, values));
  std::vector<double> again(values.size());
  CHECK(codec.decode(kPlace, bytes, again).ok());
  for (std::size_t i = 0; i < values.size(); ++i) CHECK(same_bits(values[i], again[i]));
}

void read(store::Codec& codec, std::string_view bytes, std::size_t count) {
  std::vector<double> values(count);
  if (codec.decode(kPlace, bytes, values).ok()) comes_back(codec, values);
}

/// The bytes as the content of a whole and well-formed chunk.
std::string wrapped(std::string_view content) {
  std::string bytes(1 + ::ZSTD_compressBound(content.size()), '\1');
  const auto size = ::ZSTD_compress(bytes.data() + 1, bytes.size() - 1, content.data(), content.size(), 1);
  CHECK(::ZSTD_isError(size) == 0);
  bytes.resize(1 + size);
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  store::Codec codec;
  std::string content(text);
  // In the place that is asked for, or hardly any content would be looked at.
  if (content.size() >= 20) {
    const std::int64_t place[2] = {kPlace.series, kPlace.first_slot};
    std::memcpy(content.data(), place, sizeof place);
  }
  for (const std::size_t count : {std::size_t{1}, std::size_t{3}, std::size_t{40}}) {
    read(codec, text, count);
    if (content.size() >= 20) {
      const auto number = static_cast<std::uint32_t>(count);
      std::memcpy(content.data() + 16, &number, sizeof number);
    }
    read(codec, wrapped(content), count);
  }
  std::vector<double> doubles(std::min<std::size_t>(size / sizeof(double), store::kMostValues));
  if (doubles.empty()) return 0;
  std::memcpy(doubles.data(), data, doubles.size() * sizeof(double));
  for (auto& value : doubles) value = std::isinf(value) ? 0.5 : value;
  comes_back(codec, doubles);
  return 0;
}
