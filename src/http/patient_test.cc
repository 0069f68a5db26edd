#include "http/patient.h"

#include <gtest/gtest.h>

#include "http/fake_client.h"

namespace ebb::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class PatientTest : public testing::Test {
 protected:
  Request secret_request(std::string url) {
    Request request;
    request.url = std::move(url);
    request.headers = {{"auth-token", "hunter2"}};
    request.secrets = {"hunter2"};
    return request;
  }
  Request plain(std::string url) {
    Request request;
    request.url = std::move(url);
    return request;
  }

  time::FakeClock clock{time::Instant(seconds(1'700'000'000))};
  FakeWaiter waiter{clock};
  FakeClient client;
  std::vector<std::string> notes;
  Patient patient{client, waiter, clock, {{}, milliseconds(100), 7, {}, [this](const std::string& note) {
                                            notes.push_back(note);
                                          }}};
};

TEST_F(PatientTest, NeverMoreThanTenRequestsASecond) {
  client.otherwise = [](const Request&) { return answer_of(200, "{}"); };
  const auto begin = clock.steady();
  for (int i = 0; i < 21; ++i) EXPECT_EQ(patient.get(plain("https://h/x")).status, 200);
  EXPECT_GE(clock.steady() - begin, seconds(2));
}

TEST_F(PatientTest, AskingSlowlyIsNotSlowedDown) {
  client.otherwise = [](const Request&) { return answer_of(200, "{}"); };
  for (int i = 0; i < 5; ++i) {
    patient.get(plain("https://h/x"));
    clock.advance(seconds(1));
  }
  EXPECT_TRUE(waiter.waits.empty());
}

TEST_F(PatientTest, WhatPassesIsAskedAgainAndTheUserIsTold) {
  client.then(503, "busy");
  client.then(429, "", {{"Retry-After", "9"}});
  client.then(not_sent(Fault::kCut, "broke off (x)"));
  client.then(200, "fine");
  EXPECT_EQ(patient.get(plain("https://h/x?q=1")).body, "fine");
  EXPECT_EQ(patient.attempts(), 4);
  EXPECT_EQ(client.requests.size(), 4U);
  EXPECT_EQ(waiter.waits[1], seconds(9));
  ASSERT_FALSE(notes.empty());
  EXPECT_NE(notes[0].find("h answers 429"), std::string::npos) << notes[0];
}

TEST_F(PatientTest, ItGivesUpAfterFiveAttemptsWithTheLastAnswer) {
  client.otherwise = [](const Request&) { return answer_of(500, "oh"); };
  EXPECT_EQ(patient.get(plain("https://h/x")).status, 500);
  EXPECT_EQ(client.requests.size(), 5U);
}

TEST_F(PatientTest, TheSameSeedWaitsTheSame) {
  client.otherwise = [](const Request&) { return answer_of(500); };
  patient.get(plain("https://h/x"));
  const auto first = waiter.waits;
  waiter.waits.clear();
  clock.advance(seconds(1));
  Patient again(client, waiter, clock, {{}, milliseconds(100), 7, {}, nullptr});
  again.get(plain("https://h/x"));
  EXPECT_EQ(waiter.waits, first);
}

TEST_F(PatientTest, StoppingWhileWaitingStops) {
  client.otherwise = [](const Request&) { return answer_of(500); };
  waiter.stop_in = 1;
  EXPECT_EQ(patient.get(plain("https://h/x")).fault, Fault::kStopped);
  EXPECT_LE(client.requests.size(), 2U);
}

TEST_F(PatientTest, SecretsAreNotSentUnencryptedSaveToThisMachine) {
  const auto answer = patient.get(secret_request("http://example.org/x"));
  EXPECT_EQ(answer.fault, Fault::kRefused);
  EXPECT_NE(answer.why.find("unencrypted"), std::string::npos);
  EXPECT_TRUE(client.requests.empty());
  client.then(200);
  EXPECT_EQ(patient.get(secret_request("http://127.0.0.1:8080/x")).status, 200);
}

TEST_F(PatientTest, ARequestWithSecretsStaysWithinItsOrigin) {
  for (const char* target : {"https://evil.example/x", "https://h:444/x", "http://h/x", "//evil.example/"}) {
    client.requests.clear();
    client.then(302, "", {{"Location", target}});
    EXPECT_EQ(patient.get(secret_request("https://h/x"), Redirects::kAnywhere).fault, Fault::kRefused) << target;
    EXPECT_EQ(client.requests.size(), 1U);
  }
  client.requests.clear();
  client.then(301, "", {{"Location", "/y"}});
  client.then(200, "there");
  EXPECT_EQ(patient.get(secret_request("https://h/x")).body, "there");
  EXPECT_EQ(client.requests.back().url, "https://h/y");
}

TEST_F(PatientTest, AFileIsFollowedWhereItWentButNeverOutOfEncryption) {
  client.then(302, "", {{"Location", "https://cdn.example/x.csv"}});
  client.then(200, "csv");
  EXPECT_EQ(patient.get(plain("https://h/x"), Redirects::kAnywhere).body, "csv");
  client.then(302, "", {{"Location", "http://cdn.example/x.csv"}});
  EXPECT_EQ(patient.get(plain("https://h/x"), Redirects::kAnywhere).fault, Fault::kRefused);
}

TEST_F(PatientTest, RedirectsWithoutEndEnd) {
  client.otherwise = [](const Request&) { return answer_of(302, "", {{"Location", "/again"}}); };
  EXPECT_EQ(patient.get(plain("https://h/x")).fault, Fault::kRefused);
  EXPECT_EQ(client.requests.size(), 6U);
}

TEST_F(PatientTest, FailuresNameTheHostAndWhatItSaidButNoSecret) {
  const auto request = secret_request("https://h/x?api_key=hunter2");
  EXPECT_EQ(failure_text(request, answer_of(403, R"({"error":"key hunter2 is not valid"})")),
            "h answers 403 (it says: key *** is not valid)");
  EXPECT_EQ(failure_text(request, answer_of(500, "<html>hunter2")), "h answers 500 (it says: an HTML page)");
  EXPECT_EQ(failure_text(request, answer_of(500)), "h answers 500 (it says: nothing)");
  EXPECT_EQ(failure_text(request, not_sent(Fault::kCut, "broke off")), "h broke off");
}

TEST(Said, IsOneShortLineWhateverTheBodyIs) {
  const Request request;
  EXPECT_EQ(said(answer_of(400, "a\n\n\tb\x01 c"), request), "a b c");
  EXPECT_LE(said(answer_of(400, std::string(100000, 'x')), request).size(), 170U);
  EXPECT_EQ(said(answer_of(400, R"({"error":{"code":"400","message":"no"}})"), request), "no");
  EXPECT_EQ(said(answer_of(400, R"({"error":"E","message":"M"})"), request), "M");
  EXPECT_EQ(said(answer_of(400, "{}"), request), "{}");
  EXPECT_TRUE(is_html(answer_of(200, "  <!DOCTYPE html>")));
  EXPECT_TRUE(is_html(answer_of(200, "x", {{"Content-Type", "text/html; charset=utf-8"}})));
  EXPECT_FALSE(is_html(answer_of(200, R"({"data":"<html>"})", {{"content-type", "application/json"}})));
}

}  // namespace
}  // namespace ebb::http
