// Without this the type checks of <curl/curl.h> take a function pointer for a wrong call.
#define CURL_DISABLE_TYPECHECK
#include "http/curl_client.h"

#include <fmt/format.h>

#include <limits>
#include <optional>

#include "base/text.h"
#include "http/curl_library.h"
#include "http/url.h"

namespace ebb::http {
namespace {

/// What libcurl's callbacks write to.
struct Receiving {
  Answer answer;
  std::size_t most_bytes = 0;
  bool too_large = false;
  const std::function<bool()>* stopped = nullptr;
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& receiving = *static_cast<Receiving*>(user);
  const std::size_t length = size * count;
  if (length > receiving.most_bytes - receiving.answer.body.size()) {
    receiving.too_large = true;
    return 0;
  }
  receiving.answer.body.append(bytes, length);
  return length;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& receiving = *static_cast<Receiving*>(user);
  constexpr std::size_t kMostHeaders = 200;
  const std::string_view line(bytes, size * count);
  // A status line begins a new answer: a proxy's, or an interim one (100) before it.
  if (line.starts_with("HTTP/")) receiving.answer.headers.clear();
  const auto colon = line.find(':');
  if (colon != std::string_view::npos && receiving.answer.headers.size() < kMostHeaders) {
    receiving.answer.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(base::trimmed(line.substr(colon + 1)))});
  }
  return line.size();
}

int ask_whether_to_stop(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& receiving = *static_cast<Receiving*>(user);
  return *receiving.stopped && (*receiving.stopped)() ? 1 : 0;
}

long milliseconds(time::Duration length) {
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(length).count());
}

/// Static texts only: libcurl's own message may hold a part of the URL.
void explain(CURLcode code, const Request& request, const Receiving& receiving, const char* reason, Answer& answer) {
  const auto is = [&](Fault fault, std::string why) {
    answer.fault = fault;
    answer.why = std::move(why);
  };
  switch (code) {
    case CURLE_OK:
      return;
    case CURLE_ABORTED_BY_CALLBACK:
      return is(Fault::kStopped, "stopped");
    case CURLE_WRITE_ERROR:
    case CURLE_FILESIZE_EXCEEDED:
      if (receiving.too_large || code == CURLE_FILESIZE_EXCEEDED) {
        return is(Fault::kTooLarge,
                  fmt::format("answers with more than {} MiB, which ebb does not read", request.most_bytes >> 20U));
      }
      return is(Fault::kCut, fmt::format("could not be read ({})", reason));
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return is(Fault::kUnreachable, "cannot be reached: its name is not known here");
    case CURLE_COULDNT_CONNECT:
      return is(Fault::kUnreachable, "cannot be reached: no connection");
    case CURLE_OPERATION_TIMEDOUT:
      return is(Fault::kSlow, fmt::format("did not answer within {:.3g} s", time::in_seconds(request.total_limit)));
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CONNECT_ERROR:
      return is(Fault::kUntrusted, fmt::format("is not to be trusted ({})", reason));
    default:
      return is(Fault::kCut, fmt::format("broke off ({})", reason));
  }
}

}  // namespace

struct CurlClient::Handle {
  std::optional<CurlLibrary> library;
  std::string why_not;
  CURL* easy = nullptr;
};

CurlClient::CurlClient(Settings settings) : settings_(std::move(settings)), handle_(std::make_unique<Handle>()) {
  auto library = CurlLibrary::load(settings_.library);
  if (!library) {
    handle_->why_not = library.error().message;
    return;
  }
  handle_->library = *library;
  handle_->easy = library->calls().easy_init();
  if (handle_->easy == nullptr) handle_->why_not = "libcurl does not start";
}

CurlClient::~CurlClient() {
  if (handle_->easy != nullptr) handle_->library->calls().easy_cleanup(handle_->easy);
}

namespace {

/// One by one until one fails: the first ones are what security rests on, and an old library may lack them.
CURLcode prepare(const CurlCalls& calls, CURL* easy, const Request& request, const CurlClient::Settings& settings,
                 curl_slist* headers, Receiving& receiving) {
  const auto set = calls.easy_setopt;
  calls.easy_reset(easy);  // settings only: the connection stays
  CURLcode code = set(easy, CURLOPT_URL, request.url.c_str());
  if (code == CURLE_OK) code = set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  if (code == CURLE_OK) code = set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  if (code == CURLE_OK) code = set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (code == CURLE_OK && !settings.ca_file.empty()) code = set(easy, CURLOPT_CAINFO, settings.ca_file.c_str());
  // What goes to this machine goes there, with its secrets, and to no proxy.
  const auto origin = origin_of(request.url);
  if (code == CURLE_OK && origin && origin->is_this_machine()) code = set(easy, CURLOPT_NOPROXY, "*");
  if (code != CURLE_OK) return code;
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_HTTPHEADER, headers);
  set(easy, CURLOPT_USERAGENT, settings.user_agent.c_str());
  set(easy, CURLOPT_ACCEPT_ENCODING, "");
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connect_limit));
  set(easy, CURLOPT_TIMEOUT_MS, milliseconds(request.total_limit));
  set(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.most_bytes));
  set(easy, CURLOPT_WRITEFUNCTION, take_body);
  set(easy, CURLOPT_WRITEDATA, &receiving);
  set(easy, CURLOPT_HEADERFUNCTION, take_header);
  set(easy, CURLOPT_HEADERDATA, &receiving);
  set(easy, CURLOPT_NOPROGRESS, 0L);
  set(easy, CURLOPT_XFERINFOFUNCTION, ask_whether_to_stop);
  set(easy, CURLOPT_XFERINFODATA, &receiving);
  return CURLE_OK;
}

}  // namespace

Answer CurlClient::get(const Request& request) {
  if (handle_->easy == nullptr) return not_sent(Fault::kNoLibrary, handle_->why_not);
  const auto& calls = handle_->library->calls();
  Receiving receiving;
  receiving.most_bytes = request.most_bytes;
  receiving.stopped = &settings_.stopped;
  curl_slist* headers = nullptr;
  for (const auto& [name, value] : request.headers) {
    headers = calls.slist_append(headers, fmt::format("{}: {}", name, value).c_str());
  }
  CURLcode code = prepare(calls, handle_->easy, request, settings_, headers, receiving);
  if (code == CURLE_OK) code = calls.easy_perform(handle_->easy);
  calls.slist_free_all(headers);
  long status = 0;
  calls.easy_getinfo(handle_->easy, CURLINFO_RESPONSE_CODE, &status);
  Answer answer = std::move(receiving.answer);
  answer.status = static_cast<int>(status);
  explain(code, request, receiving, calls.easy_strerror(code), answer);
  return answer;
}

}  // namespace ebb::http
