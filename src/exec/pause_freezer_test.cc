#include "exec/pause_freezer.h"

#include <fstream>

#include "exec/pause_freezer_group.h"
#include "exec/test_processes.h"

namespace ebb::exec {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): what this room's tests share

/// A kernel of files: each nap is a millisecond, after which `then` may answer.
class FakeKernel final : public Waiting {
 public:
  FakeKernel() : Waiting(clock_) {}
  void nap(time::Duration /*at_most*/, int /*fd*/) override {
    clock_.advance(std::chrono::milliseconds(1));
    ++naps;
    if (then) then(naps);
  }
  void put(const std::string& file, const std::string& text) const {
    std::ofstream(folder_.path() + "/" + file) << text;
  }
  [[nodiscard]] std::string text(const std::string& file) const {
    std::ifstream in(folder_.path() + "/" + file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  Freezer freezer(CgroupVersion version) {
    auto made = Freezer::open(folder_.path(), version);
    EXPECT_TRUE(made.ok()) << made.error().message;
    return *std::move(made);
  }
  [[nodiscard]] const std::string& path() const { return folder_.path(); }
  int naps = 0;
  std::function<void(int)> then;

 private:
  time::FakeClock clock_{time::Instant{}};
  TemporaryFolder folder_;
};

constexpr auto kDeadline = std::chrono::milliseconds(100);

TEST(Freezer, v2_asks_and_waits_for_the_event) {
  FakeKernel kernel;
  kernel.put("cgroup.freeze", "0\n");
  kernel.put("cgroup.events", "populated 1\nfrozen 0\n");
  const auto freezer = kernel.freezer(CgroupVersion::kV2);
  EXPECT_EQ(*freezer.state(), Freezer::State::kThawed);
  kernel.then = [&](int naps) {
    EXPECT_EQ(*freezer.state(), Freezer::State::kFreezing);
    if (naps == 3) kernel.put("cgroup.events", "populated 1\nfrozen 1\n");
  };
  EXPECT_TRUE(freezer.freeze(kernel, kDeadline).ok());
  EXPECT_EQ(kernel.naps, 3);
  EXPECT_EQ(kernel.text("cgroup.freeze"), "1\n");
  EXPECT_EQ(*freezer.state(), Freezer::State::kFrozen);
  kernel.then = [&](int) { kernel.put("cgroup.events", "populated 1\nfrozen 0\n"); };
  EXPECT_TRUE(freezer.thaw(kernel, kDeadline).ok());
  EXPECT_EQ(kernel.text("cgroup.freeze"), "0\n");
}

TEST(Freezer, what_does_not_freeze_in_time_is_thawed_again) {
  FakeKernel kernel;
  kernel.put("cgroup.freeze", "0\n");
  kernel.put("cgroup.events", "populated 1\nfrozen 0\n");
  const auto freezer = kernel.freezer(CgroupVersion::kV2);
  const auto done = freezer.freeze(kernel, kDeadline);
  ASSERT_FALSE(done.ok());
  EXPECT_NE(done.error().message.find("does not stand still in time"), std::string::npos) << done.error().message;
  EXPECT_EQ(kernel.text("cgroup.freeze"), "0\n");
  EXPECT_EQ(kernel.naps, 100);
}

TEST(Freezer, a_group_above_that_is_frozen_is_said_when_thawing) {
  FakeKernel kernel;
  kernel.put("cgroup.freeze", "1\n");
  kernel.put("cgroup.events", "populated 1\nfrozen 1\n");
  const auto done = kernel.freezer(CgroupVersion::kV2).thaw(kernel, kDeadline);
  ASSERT_FALSE(done.ok());
  EXPECT_NE(done.error().message.find("a group above"), std::string::npos);
}

TEST(Freezer, v1_speaks_its_own_words) {
  FakeKernel kernel;
  kernel.put("freezer.state", "FREEZING\n");
  EXPECT_EQ(*kernel.freezer(CgroupVersion::kV1).state(), Freezer::State::kFreezing);
  kernel.put("freezer.state", "THAWED\n");
  const auto freezer = kernel.freezer(CgroupVersion::kV1);
  EXPECT_EQ(*freezer.state(), Freezer::State::kThawed);
  EXPECT_TRUE(freezer.freeze(kernel, kDeadline).ok());
  EXPECT_EQ(kernel.text("freezer.state"), "FROZEN\n");
  EXPECT_EQ(*freezer.state(), Freezer::State::kFrozen);
  EXPECT_TRUE(freezer.thaw(kernel, kDeadline).ok());
  EXPECT_EQ(kernel.text("freezer.state"), "THAWED\n");
}

TEST(Freezer, an_unknown_word_of_the_kernel_is_bad_data) {
  FakeKernel kernel;
  kernel.put("freezer.state", "MELTED\n");
  EXPECT_EQ(Freezer::open(kernel.path(), CgroupVersion::kV1).error().kind, base::ErrorKind::kBadData);
  kernel.put("cgroup.freeze", "0\n");
  kernel.put("cgroup.events", "populated 1\n");
  EXPECT_EQ(Freezer::open(kernel.path(), CgroupVersion::kV2).error().kind, base::ErrorKind::kBadData);
}

TEST(Freezer, a_folder_without_one_is_refused_with_the_file) {
  const TemporaryFolder folder;
  const auto v2 = Freezer::open(folder.path(), CgroupVersion::kV2);
  ASSERT_FALSE(v2.ok());
  EXPECT_NE(v2.error().message.find("cgroup.freeze: No such file"), std::string::npos) << v2.error().message;
}

TEST(FreezerGroup, lies_below_our_own_group_of_the_freezers_hierarchy) {
  const TemporaryFolder folder;
  const std::string top = folder.path() + "/freezer";
  std::filesystem::create_directories(top + "/mine/ebb-job");
  std::ofstream(top + "/mine/ebb-job/cgroup.procs") << "";
  std::ofstream(folder.path() + "/mountinfo")
      << "32 31 0:29 / " + folder.path() + "/cpuacct rw - cgroup cgroup rw,cpuacct\n"
      << "33 31 0:30 / " + top + " rw - cgroup cgroup rw,freezer\n";
  std::ofstream(folder.path() + "/cgroup") << "4:cpuacct:/other\n6:freezer:/mine\n0::/\n";
  // A plain folder keeps its files: removal of what is stale fails on it, and it is joined.
  auto group = FreezerGroup::make("job", folder.path() + "/mountinfo", folder.path() + "/cgroup");
  ASSERT_TRUE(group.ok()) << group.error().message;
  EXPECT_EQ(group->path(), top + "/mine/ebb-job");
  EXPECT_TRUE(group->enter(4711).ok());
  EXPECT_EQ(*group->process_ids(), std::vector{4711});
}

TEST(FreezerGroup, a_machine_without_the_freezer_is_no_data) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() + "/mountinfo") << "32 31 0:29 / /c rw - cgroup cgroup rw,cpuacct\n";
  std::ofstream(folder.path() + "/cgroup") << "4:cpuacct:/\n";
  const auto group = FreezerGroup::make("job", folder.path() + "/mountinfo", folder.path() + "/cgroup");
  EXPECT_EQ(group.error().kind, base::ErrorKind::kNoData);
  EXPECT_EQ(FreezerGroup::make("a/b").error().kind, base::ErrorKind::kUsage);
}

}  // namespace
}  // namespace ebb::exec
