#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>

#include "base/expected.h"
#include "base/file.h"
#include "base/text.h"

namespace ebb::base {
namespace {

class TemporaryFolder : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              (std::string("ebb_base_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    ASSERT_TRUE(make_folder(folder_.string()).ok());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};
using File = TemporaryFolder;

Expected<int> half(int n) {
  if (n % 2 != 0) return bad_data("odd");
  return n / 2;
}
Expected<int> quarter(int n) {
  EBB_TRY(const int once, half(n));
  EBB_TRY(const int twice, half(once));
  return twice;
}

TEST(Expected, passes_errors_up_and_values_through) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().message, "odd");
  EXPECT_EQ(bad_data("b").in("a").message, "a: b");
}

TEST_F(File, is_written_whole_and_read_back) {
  const std::string text(3000000, 'x');
  ASSERT_TRUE(write_file(path("a"), text).ok());
  ASSERT_TRUE(write_file(path("a"), "new").ok());
  EXPECT_EQ(load_text_file(path("a"))->view(), "new");
  EXPECT_EQ(load_text_file(path("none")).error().kind, ErrorKind::kBadData);
  EXPECT_NE(load_text_file(path("")).error().message.find("folder"), std::string::npos);
  EXPECT_EQ(write_file(path("no/such"), "x").error().kind, ErrorKind::kService);
}

TEST_F(File, that_is_compressed_is_decompressed_and_a_broken_one_refused) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += std::to_string(i) + "\n";
  gzFile file = gzopen(path("a.gz").c_str(), "wb");
  ASSERT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())), static_cast<int>(text.size()));
  gzclose(file);
  EXPECT_EQ(load_text_file(path("a.gz"))->view(), text);
  const auto size = std::filesystem::file_size(path("a.gz"));
  std::filesystem::resize_file(path("a.gz"), size / 2);
  const auto cut = load_text_file(path("a.gz"));
  ASSERT_FALSE(cut.ok());
  EXPECT_NE(cut.error().message.find("broken gzip"), std::string::npos) << cut.error().message;
}

TEST_F(File, with_an_endless_compressed_line_is_refused_without_reading_on) {
  gzFile file = gzopen(path("long.gz").c_str(), "wb1");
  const std::string chunk(1 << 20, '7');
  for (int i = 0; i < 64; ++i) gzwrite(file, chunk.data(), static_cast<unsigned>(chunk.size()));
  gzclose(file);
  const auto loaded = load_text_file(path("long.gz"));
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.error().message.find("longer than"), std::string::npos);
}

TEST(Text, numbers_fill_their_field_and_are_finite) {
  EXPECT_EQ(parse_number("1.5"), 1.5);
  EXPECT_EQ(parse_number("+2"), 2.0);
  EXPECT_EQ(parse_number("-1e-3"), -0.001);
  for (const auto* bad : {"", "nan", "inf", "-inf", "1e400", "1,5", "0x10", " 1", "1 ", "++1", "1e"}) {
    EXPECT_FALSE(parse_number(bad).has_value()) << bad;
  }
}

TEST(Lines, end_with_either_line_end_or_the_text) {
  Lines lines("a\r\nb\n\nc");
  EXPECT_EQ(lines.next(), "a");
  EXPECT_EQ(lines.next(), "b");
  EXPECT_EQ(lines.next(), "");
  EXPECT_EQ(lines.next(), "c");
  EXPECT_EQ(lines.number(), 4U);
  EXPECT_FALSE(lines.next().has_value());
}

TEST(NearestNames, are_those_with_few_letters_changed) {
  EXPECT_EQ(nearest_names("bert-finetun", {"vit-tiny", "bert-finetune", "bert-lm"}, 1),
            std::vector<std::string>{"bert-finetune"});
  EXPECT_TRUE(nearest_names("zzzzzzzzzzzzzzz", {"FR", "DE"}, 3).empty());
}

TEST(Quoting, cuts_long_texts_and_hides_control_characters) {
  EXPECT_EQ(in_quotes("a\x1b[31m"), "\"a?[31m\"");
  EXPECT_EQ(in_quotes(std::string(100, 'a')).size(), 45U);
}

}  // namespace
}  // namespace ebb::base
