// Dates, waits, addresses and redirects from outside: nothing or something sound, and never a loop.
#include "http/client.h"
#include "http/http_date.h"
#include "http/url.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  const time::Instant now{std::chrono::seconds(1'706'745'600)};
  if (const auto wait = http::parse_retry_after(text, now)) CHECK(*wait >= time::Duration{0});
  if (const auto moment = http::parse_http_date(text)) CHECK(text.size() <= 64);
  const auto line = text.substr(0, text.find('\n'));
  const auto rest = line.size() < text.size() ? text.substr(line.size() + 1) : std::string_view();
  if (const auto origin = http::origin_of(line)) {
    CHECK(!origin->host.empty() && origin->port >= 1 && origin->port <= 65535);
    CHECK(origin->host.find('@') == std::string::npos);
    const auto shown = http::shown(line);
    CHECK(shown.find('?') == std::string::npos || shown.ends_with("?..."));
  }
  if (const auto target = http::resolved(line, rest)) CHECK(http::origin_of(*target).ok());
  const std::string secret(rest.substr(0, 20));
  const auto hidden = http::without_secrets(std::string(line), {secret});
  CHECK(secret.empty() || secret.find('*') != std::string::npos || hidden.find(secret) == std::string::npos);
  http::Answer answer;
  answer.body = std::string(text);
  http::Request request;
  request.secrets = {secret};
  const auto said = http::said(answer, request);
  CHECK(said.size() < 200 && said.find('\n') == std::string::npos);
  return 0;
}
