#include "slurm/command.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text.h"

namespace ebb::slurm {
namespace {

constexpr std::array<std::pair<std::string_view, Refusal>, 20> kTexts{{
    {"Unable to contact slurm controller", Refusal::kNoController},
    {"Connection refused", Refusal::kNoController},
    {"Socket timed out", Refusal::kNoController},
    {"Zero Bytes were transmitted", Refusal::kNoController},
    {"Connection timed out", Refusal::kNoController},
    {"in standby mode", Refusal::kNoController},
    {"accounting storage is disabled", Refusal::kNoAccounting},
    {"Access/permission denied", Refusal::kNotAllowed},
    {"Invalid user id", Refusal::kNotAllowed},
    {"Access denied", Refusal::kNotAllowed},
    {"Invalid job id", Refusal::kNoSuchJob},
    // What `scontrol suspend` of 22.05 says of a job that it does not know.
    {"Unexpected message received", Refusal::kNoSuchJob},
    {"already finished", Refusal::kEnded},
    {"already completing or completed", Refusal::kEnded},
    {"Job is not suspended", Refusal::kNotSuspended},
    {"Job is not running", Refusal::kNotRunning},
    {"Job is pending execution", Refusal::kNotRunning},
    {"job is pending", Refusal::kNotRunning},
    {"Job is in PENDING state", Refusal::kNotRunning},
    {"Job is already suspended", Refusal::kNone},
}};

/// Without the names of the commands and functions that Slurm puts before what it says.
std::string_view without_prefix(std::string_view line) {
  for (const std::string_view mark : {"error: ", "fatal: "}) {
    if (const auto at = line.find(mark); at < 40) line.remove_prefix(at + mark.size());
  }
  return base::trimmed(line);
}

/// The last line that says something: Slurm tells the cause first and what came of it at the end, or the same twice.
std::string reason_of(const Answer& answer) {
  const auto& text = base::trimmed(answer.err).empty() ? answer.out : answer.err;
  base::Lines lines(text);
  std::string_view last;
  while (const auto line = lines.next()) {
    if (!base::trimmed(*line).empty()) last = *line;
  }
  if (last.empty()) return fmt::format("it ended with code {} and said nothing", answer.code);
  return on_one_line(without_prefix(last));
}

}  // namespace

std::string on_one_line(std::string_view text, std::size_t most) {
  std::string line;
  for (const char c : text.substr(0, most)) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  // Not in the middle of a character.
  if (text.size() > most) {
    while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xc0U) == 0x80U) line.pop_back();
    if (!line.empty() && static_cast<unsigned char>(line.back()) >= 0xc0U) line.pop_back();
  }
  return std::string(base::trimmed(line));
}

Refusal refusal_of(const Answer& answer) {
  if (answer.code == 0) return Refusal::kNone;
  for (const auto* text : {&answer.err, &answer.out}) {
    const std::string_view said = std::string_view(*text).substr(0, 10000);
    for (const auto& [words, refusal] : kTexts) {
      if (said.find(words) != std::string_view::npos) return refusal;
    }
  }
  return Refusal::kOther;
}

base::Error refused(std::string_view what, const Answer& answer) {
  const auto reason = reason_of(answer);
  switch (refusal_of(answer)) {
    case Refusal::kNoController:
      return base::service_error(fmt::format(
          "{}: Slurm's controller does not answer ({}): is slurmctld up? `scontrol ping` tells", what, reason));
    case Refusal::kNoAccounting:
      return base::service_error(fmt::format("{}: this cluster keeps no history (no slurmdbd)", what));
    case Refusal::kNotAllowed:
      return base::usage_error(fmt::format("{}: Slurm does not let this user ({})", what, reason));
    case Refusal::kNoSuchJob:
      return base::usage_error(fmt::format("{}: Slurm knows no such job", what));
    default:
      return base::service_error(fmt::format("{}: Slurm says: {}", what, reason));
  }
}

}  // namespace ebb::slurm
