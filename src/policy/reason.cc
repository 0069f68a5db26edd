#include "policy/reason.h"

#include <fmt/format.h>

#include "time/text.h"
#include "units/format.h"

namespace ebb::policy {
namespace {

std::string minutes_text(time::Instant moment) {
  return time::text_of(std::chrono::floor<std::chrono::seconds>(moment));
}

/// "18.9 g saved (31%)": the difference to running at once.
std::string difference(const Decision& decision, const Outlook& outlook) {
  const auto less = *decision.at_once - *decision.planned;
  const double whole = units::in_grams(*decision.at_once);
  const std::string share = whole > 0.0 ? fmt::format(" ({:.1f}%)", 100.0 * units::in_grams(less) / whole) : "";
  return fmt::format("{} {}{}", units::text_of(less), series::saving_word(outlook.mean.signal()), share);
}

std::string_view at_once_words(const Situation& situation) {
  switch (situation.standing) {
    case plan::Standing::kNotStarted:
      return "at once";
    case plan::Standing::kRunning:
      return "going on";
    case plan::Standing::kPaused:
      return "resuming now";
  }
  return "";
}

std::string held(const Decision& decision, const Situation& situation, const Outlook& outlook) {
  const std::string_view what = situation.standing == plan::Standing::kNotStarted ? "starting" : "going on";
  return fmt::format("{} {} at {}, {} {}: {}, by {}", units::text_of(*decision.planned), what,
                     decision.next_change ? minutes_text(*decision.next_change) : "a later moment",
                     units::text_of(*decision.at_once), at_once_words(situation), difference(decision, outlook),
                     outlook.made_by);
}

std::string with_forecast(const Decision& decision, const Situation& situation, const Outlook& outlook,
                          const std::string& why) {
  const std::string at_once = fmt::format("{} {}", units::text_of(*decision.at_once), at_once_words(situation));
  switch (decision.rule) {
    case Rule::kPlan:
      if (!decision.run) return held(decision, situation, outlook);
      if (!why.empty()) return fmt::format("{}: {}", at_once, why);
      if (decision.next_change) {
        return fmt::format("{} with a pause at {}, {} without: {}, by {}", units::text_of(*decision.planned),
                           minutes_text(*decision.next_change), at_once, difference(decision, outlook),
                           outlook.made_by);
      }
      return fmt::format("{}: no other moment is foreseen to be cleaner, by {}", at_once, outlook.made_by);
    case Rule::kNotWorthIt:
      return fmt::format("{}: the best plan comes to {}, too little to wait for; by {}", at_once,
                         difference(decision, outlook), outlook.made_by);
    case Rule::kUncertain:
      return fmt::format("{}: the best plan comes to {}, but to between {} and {} as the forecast errs; by {}", at_once,
                         difference(decision, outlook), units::text_of(decision.saving_90->first),
                         units::text_of(decision.saving_90->second), outlook.made_by);
    case Rule::kStay:
      if (!why.empty()) return fmt::format("{}: {}", at_once, why);
      return fmt::format("{}: a pause would come to {}, too little for a change of plan; by {}", at_once,
                         difference(decision, outlook), outlook.made_by);
    default:
      return fmt::format("{}: {}", at_once, why);
  }
}

}  // namespace

std::string_view name_of(Rule rule) {
  switch (rule) {
    case Rule::kPlan:
      return "plan";
    case Rule::kDeadline:
      return "deadline";
    case Rule::kNotWorthIt:
      return "not-worth-it";
    case Rule::kUncertain:
      return "uncertain";
    case Rule::kStay:
      return "stay";
    case Rule::kThreshold:
      return "threshold";
    case Rule::kBlind:
      return "blind";
    case Rule::kTooLate:
      return "too-late";
  }
  return "";
}

std::string reason_of(const Decision& decision, const Situation& situation, const Outlook* outlook,
                      const std::string& why) {
  if (outlook != nullptr && decision.at_once && decision.planned) {
    return with_forecast(decision, situation, *outlook, why);
  }
  return why;
}

}  // namespace ebb::policy
