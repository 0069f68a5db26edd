#include "http/url.h"

#include <gtest/gtest.h>

namespace ebb::http {
namespace {

TEST(Url, TheOriginIsSchemeHostAndPort) {
  EXPECT_EQ(*origin_of("https://API.eia.gov/v2?x=1"), (Origin{true, "api.eia.gov", 443}));
  EXPECT_EQ(*origin_of("http://127.0.0.1:8080"), (Origin{false, "127.0.0.1", 8080}));
  EXPECT_EQ(*origin_of("http://[::1]:81/x"), (Origin{false, "[::1]", 81}));
}

TEST(Url, WhatIsNoAddressIsRefusedWithTheReason) {
  for (const char* url : {"ftp://a/b", "a/b", "https://", "https:///x", "http://a:0/", "http://a:99999/", "http://a:/x",
                          "http://a b/", "http://a\n/", "file:///etc/passwd", "http://[x]/", "http://a\"/"}) {
    EXPECT_FALSE(origin_of(url).ok()) << url;
    EXPECT_EQ(origin_of(url).error().kind, base::ErrorKind::kUsage) << url;
  }
  EXPECT_FALSE(origin_of("http://a/" + std::string(9000, 'x')).ok());
}

TEST(Url, APasswordInAnAddressIsRefusedAndNotRepeated) {
  const auto origin = origin_of("https://me:hunter2@example.org/x.csv");
  ASSERT_FALSE(origin.ok());
  EXPECT_EQ(origin.error().message.find("hunter2"), std::string::npos);
  EXPECT_NE(origin.error().message.find("environment"), std::string::npos);
}

TEST(Url, OnlyThisMachineIsThisMachine) {
  EXPECT_TRUE(origin_of("http://localhost:1/")->is_this_machine());
  EXPECT_TRUE(origin_of("http://127.0.0.1/")->is_this_machine());
  EXPECT_TRUE(origin_of("http://[::1]/")->is_this_machine());
  EXPECT_FALSE(origin_of("http://127.evil.example/")->is_this_machine());
  EXPECT_FALSE(origin_of("http://localhost.example/")->is_this_machine());
}

TEST(Url, AQueryIsEscapedAndGoesOnWhereTheAddressHasOne) {
  EXPECT_EQ(with_query("http://a/b", {{"data[]", "value"}, {"t", "2024-01-01T00:00+02:00"}}),
            "http://a/b?data%5B%5D=value&t=2024-01-01T00%3A00%2B02%3A00");
  EXPECT_EQ(with_query("http://a/b?x=1", {{"y", "2"}}), "http://a/b?x=1&y=2");
}

TEST(Url, WhatIsShownHasNoQueryAndNoPassword) {
  EXPECT_EQ(shown("https://api.eia.gov/v2/data/?api_key=SECRET&x=1"), "https://api.eia.gov/v2/data/?...");
  EXPECT_EQ(shown("https://u:p@h/x"), "https://h/x");
  EXPECT_EQ(shown("https://h/x@y"), "https://h/x@y");
  EXPECT_EQ(shown("https://h/x#token"), "https://h/x?...");
}

TEST(Url, SecretsAreReplacedAlsoWhereTheyAreEscaped) {
  EXPECT_EQ(without_secrets("key=a/b and a%2Fb, twice a/b", {"a/b"}), "key=*** and ***, twice ***");
  EXPECT_EQ(without_secrets("nothing", {"", "x"}), "nothing");
  EXPECT_EQ(without_secrets("**", {"*"}), "******") << "a secret inside its own replacement must not loop";
}

TEST(Url, ARedirectIsResolvedAsABrowserWould) {
  const char* from = "https://h:8443/a/b?q=1";
  EXPECT_EQ(resolved(from, "https://other/x#part"), "https://other/x");
  EXPECT_EQ(resolved(from, "//other/x"), "https://other/x");
  EXPECT_EQ(resolved(from, "/x?y=http://z"), "https://h:8443/x?y=http://z");
  EXPECT_EQ(resolved(from, "c"), "https://h:8443/a/c");
  EXPECT_EQ(resolved(from, ""), std::nullopt);
  EXPECT_EQ(resolved(from, "javascript://x"), std::nullopt);
}

TEST(Url, Base64IsThatOfTheStandard) {  // RFC 4648, 10
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xFF\xFE"), "//4=");
}

}  // namespace
}  // namespace ebb::http
