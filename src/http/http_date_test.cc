#include "http/http_date.h"

#include <gtest/gtest.h>

#include "time/text.h"

namespace ebb::http {
namespace {

const time::Instant kExample = *time::parse_instant("1994-11-06T08:49:37Z");

TEST(HttpDate, AllThreeFormsOfTheStandardAreTheSameMoment) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), kExample);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), kExample);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), kExample);
}

TEST(HttpDate, WhatIsNoDateIsNothing) {
  for (const char* text : {"", "soon", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
                           "Sun, 06 Nov -994 08:49:37 GMT", "Sun, 06-11-94 08:49:37 GMT", "Sun Nov 6 08:49:37 99999"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(RetryAfter, IsSecondsOrADate) {
  EXPECT_EQ(parse_retry_after("30", kExample), std::chrono::seconds(30));
  EXPECT_EQ(parse_retry_after(" 0 ", kExample), std::chrono::seconds(0));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", kExample), std::chrono::seconds(30));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 07:00:00 GMT", kExample), std::chrono::seconds(0));
  for (const char* text : {"", "-1", "1.5", "99999999999999999999", "later"}) {
    EXPECT_EQ(parse_retry_after(text, kExample), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace ebb::http
