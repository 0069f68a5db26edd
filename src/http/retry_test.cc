#include "http/retry.h"

#include <gtest/gtest.h>

#include "http/fake_client.h"

namespace ebb::http {
namespace {

using std::chrono::seconds;
const time::Instant kNow{seconds(1'700'000'000)};
constexpr std::uint64_t kLow = 0;
constexpr std::uint64_t kHigh = ~std::uint64_t{0};

TEST(Retry, OnlyWhatMayPassIsSentAgain) {
  for (const int status : {408, 425, 429, 500, 502, 503, 504}) EXPECT_TRUE(is_passing(answer_of(status))) << status;
  for (const int status : {200, 204, 301, 400, 401, 403, 404, 501}) EXPECT_FALSE(is_passing(answer_of(status)));
  for (const auto fault : {Fault::kUnreachable, Fault::kSlow, Fault::kCut})
    EXPECT_TRUE(is_passing(not_sent(fault, "")));
  for (const auto fault : {Fault::kNoLibrary, Fault::kTooLarge, Fault::kUntrusted, Fault::kStopped, Fault::kRefused}) {
    EXPECT_FALSE(is_passing(not_sent(fault, "")));
  }
}

TEST(Retry, TheWaitDoublesLessARandomPartOfAtMostHalf) {
  const RetryRules rules;
  for (int attempt = 1; attempt < rules.attempts; ++attempt) {
    const time::Duration whole = seconds(1) * (1 << (attempt - 1));
    EXPECT_EQ(verdict_on(answer_of(500), attempt, kNow, kLow, rules).wait, whole / 2) << attempt;
    const auto longest = *verdict_on(answer_of(500), attempt, kNow, kHigh, rules).wait;
    EXPECT_GT(longest, whole * 99 / 100) << attempt;
    EXPECT_LE(longest, whole) << attempt;
  }
}

TEST(Retry, NoWaitIsLongerThanTheLongest) {
  RetryRules rules;
  rules.attempts = 100;
  EXPECT_LE(*verdict_on(answer_of(500), 90, kNow, kHigh, rules).wait, rules.longest);
}

TEST(Retry, ItGivesUpAfterTheLastAttempt) {
  const RetryRules rules;
  EXPECT_TRUE(verdict_on(answer_of(503), rules.attempts - 1, kNow, kLow, rules).wait.has_value());
  EXPECT_FALSE(verdict_on(answer_of(503), rules.attempts, kNow, kLow, rules).wait.has_value());
}

TEST(Retry, RetryAfterIsObeyedExactlyInBothForms) {
  const RetryRules rules;
  const auto in_seconds = answer_of(429, "", {{"Retry-After", "17"}});
  EXPECT_EQ(verdict_on(in_seconds, 1, kNow, kHigh, rules).wait, seconds(17));
  const auto as_date = answer_of(503, "", {{"retry-after", "Tue, 14 Nov 2023 22:13:40 GMT"}});  // kNow + 20 s
  EXPECT_EQ(verdict_on(as_date, 1, kNow, kHigh, rules).wait, seconds(20));
}

TEST(Retry, AWaitThatNobodyWouldSitThroughIsLeftToTheUser) {
  const auto verdict = verdict_on(answer_of(429, "", {{"Retry-After", "3600"}}), 1, kNow, kLow, {});
  EXPECT_FALSE(verdict.wait.has_value());
  EXPECT_EQ(verdict.asked, seconds(3600));
}

TEST(Retry, ARetryAfterThatSaysNothingIsAsNone) {
  const auto verdict = verdict_on(answer_of(429, "", {{"Retry-After", "soon"}}), 1, kNow, kLow, {});
  EXPECT_EQ(verdict.wait, std::chrono::milliseconds(500));
}

}  // namespace
}  // namespace ebb::http
