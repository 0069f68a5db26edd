#include "providers/plain_file.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>

#include "formats/read.h"
#include "http/url.h"
#include "providers/api.h"

namespace ebb::providers {
namespace {

constexpr std::size_t kMostUnpacked = std::size_t{256} << 20;

/// The last part of the path: some formats find their zone in the name of the file.
std::string file_name(const std::string& url) {
  const auto path = url.substr(0, url.find_first_of("?#"));
  auto name = path.substr(path.rfind('/') + 1);
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  return name.empty() ? "the answer" : name;
}

}  // namespace

base::Expected<std::string> unpacked(std::string body, const std::string& name, std::size_t most_bytes) {
  if (!body.starts_with("\x1f\x8b")) return body;
  z_stream stream{};
  constexpr int kGzip = 16 + MAX_WBITS;
  if (::inflateInit2(&stream, kGzip) != Z_OK) return base::service_error("no memory to unpack " + name);
  stream.next_in = reinterpret_cast<Bytef*>(body.data());
  stream.avail_in = static_cast<uInt>(body.size());
  std::string out;
  std::array<char, 65536> buffer{};
  int code = Z_OK;
  while (code == Z_OK && out.size() <= most_bytes) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    code = ::inflate(&stream, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
  }
  ::inflateEnd(&stream);
  if (out.size() > most_bytes) {
    return base::bad_data(
        fmt::format("{} unpacks to more than {} MiB, which ebb does not read", name, most_bytes >> 20U));
  }
  if (code != Z_STREAM_END) return base::bad_data(name + ": its gzip stream is broken");
  return out;
}

base::Expected<formats::Understood> fetch_file(http::Patient& http, const std::string& url,
                                               const formats::Options& options) {
  if (const auto origin = http::origin_of(url); !origin) return origin.error().in("--url");
  http::Request request;
  request.url = url;
  auto answer = http.get(request, http::Redirects::kAnywhere);
  Advice advice;
  advice.title = http::shown(url);
  advice.refused = "ebb sends no password to a plain address: download it and use `ebb grid import`";
  advice.wrong = "check the address";
  EBB_TRY(auto body, body_of(request, std::move(answer), http.attempts(), advice));
  const auto name = file_name(url);
  EBB_TRY(const auto text, unpacked(std::move(body), name, kMostUnpacked));
  return formats::read_text(text, name, options);
}

}  // namespace ebb::providers
