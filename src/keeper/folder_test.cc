#include "keeper/folder.h"

#include <sys/stat.h>

#include "keeper/claim.h"
#include "keeper/door.h"
#include "keeper/test_keeping.h"

namespace ebb::keeper {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): what this room's tests share

class JobFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "ebb-folder-XXXXXX").string();
    parent_ = ::mkdtemp(name.data());
    auto made = Folder::make(parent_ + "/job", ::geteuid(), ::getegid());
    ASSERT_TRUE(made.ok()) << made.error().message;
    folder_.emplace(*std::move(made));
  }
  void TearDown() override {
    std::error_code none;
    std::filesystem::remove_all(parent_, none);
  }
  std::string parent_;
  std::optional<Folder> folder_;
};

TEST_F(JobFolder, what_is_written_is_read_and_nobody_else_can) {
  for (const bool durable : {false, true}) {
    ASSERT_TRUE(folder_->write("a", std::string("x\0y", 3), durable).ok());
    EXPECT_EQ(*folder_->load("a", 3), std::string("x\0y", 3));
  }
  struct stat info {};
  ASSERT_EQ(::stat((folder_->path() + "/a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_FALSE(folder_->load("a", 2).ok());
  EXPECT_FALSE(folder_->load("b", 2)->has_value());
}

TEST_F(JobFolder, links_and_others_in_it_are_refused_and_replaced_not_followed) {
  std::ofstream(parent_ + "/victim") << "precious";
  std::filesystem::create_symlink(parent_ + "/victim", folder_->path() + "/a");
  EXPECT_FALSE(folder_->load("a", 100).ok());
  ASSERT_TRUE(folder_->write("a", "mine", true).ok());
  EXPECT_EQ(*folder_->load("a", 100), "mine");
  EXPECT_EQ(text_of_file(parent_ + "/victim"), "precious");
  ASSERT_EQ(::mkfifo((folder_->path() + "/pipe").c_str(), 0600), 0);
  EXPECT_FALSE(folder_->load("pipe", 100).ok());
  std::filesystem::create_directory_symlink(folder_->path(), parent_ + "/link");
  EXPECT_FALSE(Folder::open(parent_ + "/link", std::nullopt).ok());
}

TEST_F(JobFolder, a_parent_that_others_can_write_to_is_refused) {
  std::filesystem::permissions(parent_, std::filesystem::perms(0777));
  EXPECT_FALSE(Folder::make(parent_ + "/other", ::geteuid(), ::getegid()).ok());
}

TEST_F(JobFolder, a_claim_is_held_by_one_and_free_when_he_is_gone) {
  EXPECT_EQ(*claim_of(*folder_, 1), Claimed::kNever);
  {
    const auto held = take_claim(*folder_, 1);
    ASSERT_TRUE(held.ok() && held->has_value());
    EXPECT_EQ(*claim_of(*folder_, 1), Claimed::kHeld);
    EXPECT_FALSE(take_claim(*folder_, 1)->has_value());
    EXPECT_TRUE(take_claim(*folder_, 2)->has_value());
  }
  EXPECT_EQ(*claim_of(*folder_, 1), Claimed::kLeft);
  // By a process that is killed.
  const pid_t holder = ::fork();
  if (holder == 0) {
    const auto held = take_claim(*folder_, 1);
    for (;;) ::pause();
  }
  EXPECT_TRUE(comes_true([&] { return *claim_of(*folder_, 1) == Claimed::kHeld; }));
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  EXPECT_EQ(*claim_of(*folder_, 1), Claimed::kLeft);
}

TEST_F(JobFolder, at_its_door_a_word_is_answered_however_long_its_path_is) {
  const auto deep = Folder::make(parent_ + "/" + std::string(200, 'x'), ::geteuid(), ::getegid());
  ASSERT_TRUE(deep.ok());
  EXPECT_EQ(say_at_door(*deep, "sock", "hello", 1000).error().kind, base::ErrorKind::kNoData);
  const pid_t server = ::fork();
  if (server == 0) {
    auto door = Door::open(*deep, "sock");
    if (!door) ::_exit(1);
    for (;;) {
      pollfd waiting{door->fd(), POLLIN, 0};
      ::poll(&waiting, 1, -1);
      door->serve([](std::string_view word) { return "heard " + std::string(word); });
    }
  }
  std::string said;
  EXPECT_TRUE(comes_true([&] {
    const auto answer = say_at_door(*deep, "sock", "hello", 1000);
    if (answer) said = *answer;
    return answer.ok();
  }));
  EXPECT_EQ(said, "heard hello");
  // Stopped, it does not answer: nobody hangs.
  ::kill(server, SIGSTOP);
  EXPECT_EQ(say_at_door(*deep, "sock", "hello", 30).error().kind, base::ErrorKind::kService);
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  EXPECT_EQ(say_at_door(*deep, "sock", "hello", 30).error().kind, base::ErrorKind::kNoData);
}

TEST_F(JobFolder, a_link_to_another_door_is_not_knocked_at) {
  auto door = Door::open(*folder_, "sock");
  ASSERT_TRUE(door.ok());
  std::filesystem::create_symlink(folder_->path() + "/sock", folder_->path() + "/link");
  EXPECT_EQ(say_at_door(*folder_, "link", "hello", 30).error().kind, base::ErrorKind::kNoData);
}

}  // namespace
}  // namespace ebb::keeper
