#include "report/shipped.h"

#include <zlib.h>

#include <string>
#include <string_view>

extern "C" const char ebb_data_shipped_study_begin[];
extern "C" const char ebb_data_shipped_study_end[];

namespace ebb::report {

base::Expected<Json> shipped_study() {
  const std::string_view packed(ebb_data_shipped_study_begin, ebb_data_shipped_study_end);
  std::string text;
  std::string chunk(1 << 18, '\0');
  z_stream stream{};
  constexpr int kGzip = 16 + MAX_WBITS;
  CHECK(inflateInit2(&stream, kGzip) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  int code = Z_OK;
  while (code == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    code = inflate(&stream, Z_NO_FLUSH);
    text.append(chunk.data(), chunk.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  Json document = Json::parse(text, nullptr, false);
  if (code != Z_STREAM_END || document.is_discarded())
    return base::bad_data("the study that ships is damaged: build again");
  return document;
}

}  // namespace ebb::report
