#include "providers/secrets.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ebb::providers {
namespace {

class SecretsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "ebb-secrets-" + std::to_string(::getpid());
    std::filesystem::create_directories(folder_);
    path_ = folder_ + "/credentials.toml";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& text, mode_t mode = 0600) {
    std::ofstream(path_) << text;
    ::chmod(path_.c_str(), mode);
  }
  SecretSource source() {
    return {[this](const std::string& name) {
              const auto found = environment_.find(name);
              return found == environment_.end() ? std::nullopt : std::optional(found->second);
            },
            {path_}};
  }

  std::string folder_;
  std::string path_;
  std::map<std::string, std::string> environment_;
};

TEST_F(SecretsTest, TheEnvironmentWinsOverTheFile) {
  write("EIA_API_KEY = \"of the file\"\n");
  EXPECT_EQ((*source().find("EIA_API_KEY"))->reveal(), "of the file");
  environment_["EIA_API_KEY"] = "of the environment";
  EXPECT_EQ((*source().find("EIA_API_KEY"))->reveal(), "of the environment");
}

TEST_F(SecretsTest, WithoutAFileThereIsNothingAndNoError) {
  const auto secret = source().find("EIA_API_KEY");
  ASSERT_TRUE(secret.ok());
  EXPECT_FALSE(secret->has_value());
}

TEST_F(SecretsTest, AFileThatOthersCanReadIsRefusedWithTheCommandThatMendsIt) {
  for (const mode_t mode : std::initializer_list<mode_t>{0640, 0604, 0644, 0660, 0602, 0610}) {
    write("A = \"b\"\n", mode);
    const auto secret = source().find("A");
    ASSERT_FALSE(secret.ok()) << mode;
    EXPECT_EQ(secret.error().kind, base::ErrorKind::kUsage);
    EXPECT_NE(secret.error().message.find("chmod 600 " + path_), std::string::npos) << secret.error().message;
  }
  for (const mode_t mode : std::initializer_list<mode_t>{0600, 0400}) {
    write("A = \"b\"\n", 0600);
    ::chmod(path_.c_str(), mode);
    EXPECT_TRUE(source().find("A").ok()) << mode;
    ::chmod(path_.c_str(), 0600);
  }
}

TEST_F(SecretsTest, AFileOfAnotherUserIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file to another user";
  write("A = \"b\"\n");
  ASSERT_EQ(::chown(path_.c_str(), 12345, 12345), 0);
  const auto secret = source().find("A");
  ASSERT_FALSE(secret.ok());
  EXPECT_NE(secret.error().message.find("another user"), std::string::npos);
}

TEST_F(SecretsTest, AFolderAPipeAndAHugeFileAreRefused) {
  std::filesystem::create_directory(path_);
  EXPECT_FALSE(source().find("A").ok());
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_FALSE(source().find("A").ok());
  std::filesystem::remove(path_);
  write(std::string(70000, '#'));
  EXPECT_FALSE(source().find("A").ok());
}

TEST_F(SecretsTest, ALineThatIsNotUnderstoodIsNamedByNumberAndNeverShown) {
  for (const char* line : {"hunter2", "A = hunter2", "A = \"hunter2", "A = \"hunter2\" x", "[hunter2]",
                           "A: \"hunter2\"", "= \"hunter2\"", "A = \"\\hunter2\""}) {
    write(std::string("# comment\n\n") + line + "\n");
    const auto secret = source().find("A");
    ASSERT_FALSE(secret.ok()) << line;
    EXPECT_NE(secret.error().message.find("line 3"), std::string::npos) << secret.error().message;
    EXPECT_EQ(secret.error().message.find("hunter2"), std::string::npos) << secret.error().message;
  }
}

TEST_F(SecretsTest, StringsAreReadAsTomlReadsThem) {
  const auto pairs = parse_credentials("A = \"x\\\"y\\\\z\" # comment\nB='a\\b#c'\r\nC = \"\"", "f");
  ASSERT_TRUE(pairs.ok()) << pairs.error().message;
  EXPECT_EQ(pairs->at("A"), "x\"y\\z");
  EXPECT_EQ(pairs->at("B"), "a\\b#c");
  EXPECT_EQ(pairs->at("C"), "");
  EXPECT_FALSE(parse_credentials("A = \"1\"\nA = \"2\"", "f").ok());
}

TEST_F(SecretsTest, ASecretThatWouldBreakAHeaderIsRefused) {
  environment_["A"] = "x\r\nEvil: 1";
  const auto secret = source().find("A");
  ASSERT_FALSE(secret.ok());
  EXPECT_EQ(secret.error().message.find("Evil"), std::string::npos);
}

TEST_F(SecretsTest, WhatIsMissingIsNamedWithThePlaceForIt) {
  environment_["USER_OF_IT"] = "me";
  const auto all = source().all("WattTime", {"USER_OF_IT", "PASSWORD_OF_IT"});
  ASSERT_FALSE(all.ok());
  EXPECT_EQ(all.error().message,
            "WattTime needs PASSWORD_OF_IT: set it in the environment, or in " + path_ + " (mode 0600)");
}

TEST(CredentialsFiles, TheDataFolderComesBeforeTheConfigurationFolder) {
  const auto with = [](std::map<std::string, std::string> variables) {
    return [variables](const std::string& name) {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
  };
  EXPECT_EQ(credentials_files("/d", with({{"HOME", "/h"}})),
            (std::vector<std::string>{"/d/credentials.toml", "/h/.config/ebb/credentials.toml"}));
  EXPECT_EQ(credentials_files("", with({{"HOME", "/h"}, {"XDG_CONFIG_HOME", "/c"}})),
            (std::vector<std::string>{"/c/ebb/credentials.toml"}));
  EXPECT_TRUE(credentials_files("", with({{"HOME", "relative"}})).empty());
}

}  // namespace
}  // namespace ebb::providers
