#include "report/escape.h"

#include <gtest/gtest.h>

#include <string>

namespace ebb::report {
namespace {

TEST(Escape, html_can_open_no_tag_and_leave_no_attribute) {
  EXPECT_EQ(escaped_html("<script>alert(\"&'\")</script>"),
            "&lt;script&gt;alert(&quot;&amp;&#39;&quot;)&lt;/script&gt;");
  EXPECT_EQ(script_safe("{\"a\":\"</script><!--\"}"), "{\"a\":\"\\u003c/script>\\u003c!--\"}");
}

TEST(Escape, latex_and_markdown_say_each_of_their_signs_as_text) {
  EXPECT_EQ(escaped_latex("a_b & 50% #1 {x}\\y~^$\n"),
            "a\\_b \\& 50\\% \\#1 \\{x\\}\\textbackslash{}y\\textasciitilde{}\\textasciicircum{}\\$ ");
  EXPECT_EQ(escaped_markdown("a|b*c_`d`[e](f)<g>\n"), "a\\|b\\*c\\_\\`d\\`\\[e\\](f)&lt;g&gt; ");
}

TEST(Escape, csv_quotes_what_would_end_a_field) {
  EXPECT_EQ(csv_field("plain"), "plain");
  EXPECT_EQ(csv_field("a,\"b\"\nc"), "\"a,\"\"b\"\"\nc\"");
  EXPECT_EQ(csv_field(Json()), "");
  EXPECT_EQ(csv_field(0.1), "0.1");
  EXPECT_EQ(csv_field(Json{{"k", "v"}}), "\"{\"\"k\"\":\"\"v\"\"}\"");
}

TEST(Escape, utf8_keeps_what_is_valid_and_marks_each_byte_that_is_not) {
  const std::string good = "Zürich € 😀";
  EXPECT_EQ(valid_utf8(good), good);
  const std::string mark = "\xef\xbf\xbd";
  EXPECT_EQ(valid_utf8("a\xff"
                       "b"),
            "a" + mark + "b");
  EXPECT_EQ(valid_utf8("\xc0\xaf"), mark + mark) << "an overlong form";
  EXPECT_EQ(valid_utf8("\xed\xa0\x80"), mark + mark + mark) << "a surrogate";
  EXPECT_EQ(valid_utf8("\xf4\x90\x80\x80"), mark + mark + mark + mark) << "beyond U+10FFFF";
  EXPECT_EQ(valid_utf8("\xe2\x82"), mark + mark) << "cut short";
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string pair{static_cast<char>(first), static_cast<char>(second)};
      const auto valid = valid_utf8(pair);
      EXPECT_NO_THROW(static_cast<void>(Json(valid).dump())) << first << " " << second;
      EXPECT_EQ(valid_utf8(valid), valid);
    }
  }
}

TEST(Escape, a_terminal_gets_no_control_character) {
  EXPECT_EQ(printable("a\x1b[2Jb\r\n\t\x7f"), "a?[2Jb????");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "?31m")
      << "the one-character form of ESC [";
  EXPECT_EQ(printable("Zürich"), "Zürich");
  EXPECT_EQ(printable(std::string("\0x", 2)), "?x");
}

}  // namespace
}  // namespace ebb::report
