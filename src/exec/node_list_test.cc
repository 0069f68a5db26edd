#include "exec/node_list.h"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace ebb::exec {
namespace {

std::string names(std::string_view text) {
  const auto list = parse_node_list(text);
  return list ? fmt::format("{}", fmt::join(*list, " ")) : "error: " + list.error().message;
}

TEST(NodeList, ranges_in_brackets_are_written_out) {
  EXPECT_EQ(names("node[01-03,7],gpu1"), "node01 node02 node03 node7 gpu1");
  EXPECT_EQ(names("gnode[10,20,25,37]"), "gnode10 gnode20 gnode25 gnode37");
  EXPECT_EQ(names("localhost"), "localhost");
  EXPECT_EQ(names("a-b.c_d"), "a-b.c_d");
  EXPECT_EQ(names("[1-2]"), "1 2");
}

TEST(NodeList, numbers_keep_the_width_of_their_begin) {
  EXPECT_EQ(names("n[8-11]"), "n8 n9 n10 n11");
  EXPECT_EQ(names("n[08-11]"), "n08 n09 n10 n11");
  EXPECT_EQ(names("n[098-101]"), "n098 n099 n100 n101");
}

TEST(NodeList, several_brackets_are_multiplied) {
  EXPECT_EQ(names("rack[1-2]n[3,5]-ib"), "rack1n3-ib rack1n5-ib rack2n3-ib rack2n5-ib");
}

TEST(NodeList, what_is_no_list_is_refused_with_its_place) {
  EXPECT_EQ(names(""), "error: node list \"\": it is empty (at byte 1)");
  EXPECT_EQ(names("a,,b"), "error: node list \"a,,b\": a name is empty (at byte 3)");
  EXPECT_EQ(names("n[3-1]"), "error: node list \"n[3-1]\": a range runs backwards (at byte 6)");
  for (const std::string_view text : {"a,",
                                      ",a",
                                      "n[",
                                      "n[1",
                                      "n[]",
                                      "n[1,]",
                                      "n[1-]",
                                      "n[-1]",
                                      "n[1-2",
                                      "n]",
                                      "n[1]]",
                                      "n[1[2]]",
                                      "n[a]",
                                      "n[1 ]",
                                      "a b",
                                      "a/b",
                                      "n[1-2-3]",
                                      "n[99999999999999999999]",
                                      "n[1-999999999]",
                                      "[1-999][1-999]",
                                      "\n",
                                      "é"}) {
    const auto list = parse_node_list(text);
    ASSERT_FALSE(list.ok()) << text;
    EXPECT_EQ(list.error().kind, base::ErrorKind::kBadData);
  }
}

TEST(NodeList, the_greatest_cluster_fits_and_not_one_more) {
  EXPECT_EQ(parse_node_list("n[1-65536]")->size(), kMostNodes);
  EXPECT_FALSE(parse_node_list("n[1-65537]").ok());
  EXPECT_FALSE(parse_node_list("n[1-65536],m").ok());
  EXPECT_FALSE(parse_node_list(std::string(300, 'a')).ok());
  EXPECT_FALSE(parse_node_list(std::string("a\0b", 3)).ok());
}

}  // namespace
}  // namespace ebb::exec
