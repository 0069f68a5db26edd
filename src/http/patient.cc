#include "http/patient.h"

#include <fmt/format.h>

#include <algorithm>

#include "http/url.h"
#include "time/text.h"

namespace ebb::http {
namespace {

constexpr int kMostRedirects = 5;

bool is_redirect(const Answer& answer) {
  return answer.is_whole() && (answer.status == 301 || answer.status == 302 || answer.status == 303 ||
                               answer.status == 307 || answer.status == 308);
}

/// Whether this request may go to this URL at all.
std::string refusal(const Request& request) {
  const auto origin = origin_of(request.url);
  if (!origin) return origin.error().message;
  if (!request.secrets.empty() && !origin->encrypted && !origin->is_this_machine()) {
    return fmt::format("{} would get the credentials unencrypted: use an https:// address", origin->host);
  }
  return "";
}

/// Where a redirect leads, or why it is not followed.
base::Expected<std::string> target_of(const Request& request, const Answer& answer, Redirects redirects) {
  const auto target = resolved(request.url, answer.header("location"));
  if (!target) return base::service_error("redirects to nowhere");
  const auto from = origin_of(request.url);
  const auto to = origin_of(*target);
  if (from.ok() && to.ok() && *from == *to) return *target;
  if (!request.secrets.empty() || redirects == Redirects::kSameOrigin) {
    return base::service_error(fmt::format("redirects to {}: ebb does not follow it there", to ? to->host : "nowhere"));
  }
  if (from->encrypted && !to->encrypted) {
    return base::service_error(fmt::format("redirects from https to http ({})", to->host));
  }
  return *target;
}

}  // namespace

Patient::Patient(Client& client, Waiter& waiter, const time::Clock& clock, Settings settings)
    : client_(client),
      waiter_(waiter),
      clock_(clock),
      settings_(std::move(settings)),
      next_start_(clock.steady()),
      random_(settings_.seed) {}

// SplitMix64 (Steele, Lea and Flood 2014).
std::uint64_t Patient::next_random() {
  random_ += 0x9E3779B97F4A7C15U;
  std::uint64_t bits = random_;
  bits = (bits ^ bits >> 30U) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ bits >> 27U) * 0x94D049BB133111EBU;
  return bits ^ bits >> 31U;
}

Answer Patient::spaced(const Request& request) {
  const auto early = next_start_ - clock_.steady();
  if (early > time::Duration{0} && !waiter_.wait(early)) return not_sent(Fault::kStopped, "stopped");
  next_start_ = clock_.steady() + settings_.spacing;
  ++sent_;
  return client_.get(request);
}

Answer Patient::once(Request request, Redirects redirects) {
  if (settings_.total_limit) request.total_limit = *settings_.total_limit;
  for (int followed = 0;; ++followed) {
    if (auto why = refusal(request); !why.empty()) return not_sent(Fault::kRefused, std::move(why));
    auto answer = spaced(request);
    if (!is_redirect(answer)) return answer;
    const auto host = origin_of(request.url)->host;
    if (followed == kMostRedirects) return not_sent(Fault::kRefused, fmt::format("{} redirects without end", host));
    auto target = target_of(request, answer, redirects);
    if (!target) return not_sent(Fault::kRefused, fmt::format("{} {}", host, target.error().message));
    request.url = *std::move(target);
  }
}

Answer Patient::get(const Request& request, Redirects redirects) {
  for (attempts_ = 1;; ++attempts_) {
    auto answer = once(request, redirects);
    if (!is_passing(answer)) return answer;
    const auto verdict = verdict_on(answer, attempts_, clock_.now(), next_random(), settings_.retry);
    if (!verdict.wait) return answer;
    if (*verdict.wait >= std::chrono::seconds(1) && settings_.note) {
      const auto shown_wait = std::chrono::ceil<std::chrono::seconds>(*verdict.wait);
      settings_.note(fmt::format("{}: again in {}", failure_text(request, answer), time::text_of(shown_wait)));
    }
    if (!waiter_.wait(*verdict.wait)) return not_sent(Fault::kStopped, "stopped");
  }
}

std::string failure_text(const Request& request, const Answer& answer) {
  if (answer.fault == Fault::kRefused || answer.fault == Fault::kNoLibrary) return answer.why;
  const auto origin = origin_of(request.url);
  const std::string host = origin ? origin->host : shown(request.url);
  if (answer.is_whole()) return fmt::format("{} answers {} (it says: {})", host, answer.status, said(answer, request));
  return fmt::format("{} {}", host, answer.why);
}

}  // namespace ebb::http
