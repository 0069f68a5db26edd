#include "hardware/table.h"

#include <gtest/gtest.h>

namespace ebb::hardware {
namespace {

TEST(Table, a_header_without_a_column_or_with_one_twice_is_refused) {
  const auto missing = parse_table("a,b\n1,2\n", "t.csv", {"a", "c"});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().message, "t.csv:1: the header has no column \"c\": it is \"a,b\"");
  const auto twice = parse_table("\n# x\na,a\n1,2\n", "t.csv", {"a"});
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().message, "t.csv:3: the column \"a\" comes twice");
  EXPECT_EQ(twice.error().kind, base::ErrorKind::kBadData);
}

TEST(Table, columns_come_in_any_order_with_blanks_and_windows_line_ends) {
  const auto rows = parse_table("b , a\r\n 1 , 2 \r\n,3\r\n", "t.csv", {"a", "b"}, {"b"});
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  EXPECT_EQ((*rows)[0]["a"], "2");
  EXPECT_EQ(*(*rows)[0].number("b", 0), 1.0);
  EXPECT_EQ((*rows)[1]["b"], "");
}

TEST(Table, a_number_out_of_its_bounds_is_refused_with_file_and_line) {
  const auto rows = parse_table("a\n7\n", "t.csv", {"a"});
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  const auto& row = rows->front();
  EXPECT_EQ(*row.number("a", 7, 7), 7.0);
  EXPECT_EQ(row.number("a", 8, 9).error().message, "t.csv:2: a is 7, less than 8");
  EXPECT_EQ(row.number("a", 0, 6).error().message, "t.csv:2: a is 7, more than 6");
}

}  // namespace
}  // namespace ebb::hardware
