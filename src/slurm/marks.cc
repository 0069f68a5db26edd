#include "slurm/marks.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"

namespace ebb::slurm {
namespace {

constexpr std::string_view kBegin = "ebb{";
constexpr std::int64_t kLatestSecond = 5'000'000'000;

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value < 0 || value > kLatestSecond) return std::nullopt;
  return value;
}

std::int64_t seconds_of(time::Instant moment) {
  return std::chrono::floor<std::chrono::seconds>(moment.time_since_epoch()).count();
}

}  // namespace

Marks parse_marks(std::string_view comment) {
  Marks marks;
  marks.owners = comment;
  const auto at = comment.rfind(kBegin);
  if (at == std::string_view::npos || comment.back() != '}') return marks;
  Marks found;
  found.owners = base::trimmed(comment.substr(0, at));
  const auto inside = comment.substr(at + kBegin.size(), comment.size() - at - kBegin.size() - 1);
  for (const auto item : base::split(inside, ',')) {
    const auto equals = item.find('=');
    const auto value = equals == std::string_view::npos ? std::nullopt : whole(item.substr(equals + 1));
    if (!value) return marks;
    const auto key = item.substr(0, equals);
    const auto moment = time::Instant(std::chrono::seconds(*value));
    if (key == "pauses") found.pauses = static_cast<std::size_t>(*value);
    if (key == "stopped") found.stopped = std::chrono::seconds(*value);
    if (key == "since") found.stopped_since = moment;
    if (key == "checkpoint") found.checkpoint_until = moment;
  }
  return found;
}

std::string text_of(const Marks& marks) {
  auto inside = fmt::format("pauses={}", marks.pauses);
  if (marks.stopped > time::Duration(0)) {
    inside += fmt::format(",stopped={}", std::chrono::floor<std::chrono::seconds>(marks.stopped).count());
  }
  if (marks.stopped_since) inside += fmt::format(",since={}", seconds_of(*marks.stopped_since));
  if (marks.checkpoint_until) inside += fmt::format(",checkpoint={}", seconds_of(*marks.checkpoint_until));
  return fmt::format("{}{}{}{}}}", marks.owners, marks.owners.empty() ? "" : " ", kBegin, inside);
}

}  // namespace ebb::slurm
