#include "hardware/sorted_table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "hardware/names.h"

namespace ebb::hardware {
namespace {

TEST(SortedTable, every_row_is_found_at_every_size_and_nothing_else) {
  for (int size = 1; size <= 40; ++size) {
    std::string text = "# head\nvalue,name\n";
    for (int i = 0; i < size; ++i) text += fmt::format("{},{}{:02}\n", i, i % 2 == 0 ? 'N' : 'n', i);
    for (const bool cut : {false, true}) {
      if (cut) text.pop_back();  // a last line may end with the text
      const SortedTable table(text, "t.csv", "name", lower_case);
      for (int i = 0; i < size; ++i) {
        const auto rows = table.find(fmt::format("n{:02}", i));
        ASSERT_EQ(rows.size(), 1U) << i << " of " << size;
        EXPECT_EQ(rows[0]["value"], std::to_string(i));
        EXPECT_EQ(rows[0].error("x").message, fmt::format("t.csv:{}: x", i + 3));
      }
      EXPECT_TRUE(table.find("").empty());
      EXPECT_TRUE(table.find("n").empty());
      EXPECT_TRUE(table.find("n001").empty());
      EXPECT_TRUE(table.find("z").empty());
    }
  }
}

TEST(SortedTable, rows_with_one_key_are_found_together) {
  const SortedTable table("name,v\na,1\nb,2\nB,3\nb,4\nc,5\n", "t.csv", "name", lower_case);
  const auto rows = table.find("b");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0]["v"], "2");
  EXPECT_EQ(rows[2]["v"], "4");
}

TEST(SortedTable, names_are_given_out_by_prefix_until_enough) {
  const SortedTable table("name,v\na1,1\nB1,2\nb2,3\nb3,4\nc,5\n", "t.csv", "name", lower_case);
  const auto names = [&](std::string_view prefix, std::size_t most) {
    std::string out;
    table.for_each_name(prefix, [&](std::string_view name) {
      out += name;
      return --most > 0;
    });
    return out;
  };
  EXPECT_EQ(names("b", 10), "B1b2b3");
  EXPECT_EQ(names("b", 2), "B1b2");
  EXPECT_EQ(names("", 10), "a1B1b2b3c");
  EXPECT_EQ(names("d", 10), "");
}

TEST(SortedTable, disorder_and_repeats_are_refused_with_file_and_line) {
  const auto error = [](const std::string& rows, bool may_repeat) {
    const auto parsed = parse_sorted("name\n" + rows, "t.csv", {"name"}, {}, "name", lower_case, may_repeat);
    return parsed.ok() ? "" : parsed.error().message;
  };
  EXPECT_EQ(error("a\nB\nc\n", false), "");
  EXPECT_EQ(error("b\na\n", false), "t.csv:3: \"a\" is not in order: its key is below that of the row before");
  EXPECT_EQ(error("a\nA\n", false), "t.csv:3: \"A\" comes twice");
  EXPECT_EQ(error("a\nA\n", true), "");
  EXPECT_EQ(error("a\n# x\nb\n", false), "t.csv:3: an empty line or a comment among the rows");
}

}  // namespace
}  // namespace ebb::hardware
