#include "exec/cgroup_place.h"

#include <gtest/gtest.h>

namespace ebb::exec {
namespace {

constexpr const char* kHybrid =
    "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
    "33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
    "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:4 master:2 - cgroup2 cgroup2 rw\n";

std::string folder_of(CgroupVersion version, std::string_view mountinfo, std::string_view own) {
  const auto place = find_cgroup_place(version, mountinfo, own);
  return place ? place->folder : "none: " + place.error().message;
}

TEST(CgroupPlace, a_unified_hierarchy_beside_v1_is_found) {
  const char* own = "4:memory:/a\n3:cpu,cpuacct:/user.slice\n0::/user.slice/x.scope\n";
  EXPECT_EQ(folder_of(CgroupVersion::kV2, kHybrid, own), "/sys/fs/cgroup/unified/user.slice/x.scope");
  const auto v1 = find_cgroup_place(CgroupVersion::kV1, kHybrid, own);
  ASSERT_TRUE(v1.ok());
  EXPECT_EQ(v1->folder, "/sys/fs/cgroup/cpu,cpuacct/user.slice");
  EXPECT_EQ(v1->controllers, (std::vector<std::string>{"rw", "cpu", "cpuacct"}));
}

TEST(CgroupPlace, only_the_part_below_what_is_mounted_counts) {
  const char* container = "41 31 0:38 /docker/4f /sys/fs/cgroup ro - cgroup2 cgroup rw\n";
  EXPECT_EQ(folder_of(CgroupVersion::kV2, container, "0::/docker/4f\n"), "/sys/fs/cgroup");
  EXPECT_EQ(folder_of(CgroupVersion::kV2, container, "0::/docker/4f/job:7\n"), "/sys/fs/cgroup/job:7");
  for (const char* outside : {"0::/docker/4fa\n", "0::/\n", "0::/docker/4f/../x\n", "0::/..\n"}) {
    EXPECT_NE(folder_of(CgroupVersion::kV2, container, outside).find("cannot be seen under /sys/fs/cgroup"),
              std::string::npos)
        << outside;
  }
}

TEST(CgroupPlace, a_path_with_spaces_is_written_with_escapes) {
  const char* odd = "41 31 0:38 / /mnt/my\\040cgroups\\134x rw - cgroup2 cgroup2 rw\n";
  EXPECT_EQ(folder_of(CgroupVersion::kV2, odd, "0::/a b\n"), "/mnt/my cgroups\\x/a b");
}

TEST(CgroupPlace, a_later_mount_covers_an_earlier_one) {
  const char* twice =
      "41 31 0:38 / /first rw - cgroup2 cgroup2 rw\n"
      "42 31 0:38 /else /second rw - cgroup2 cgroup2 rw\n"
      "43 31 0:38 / /third rw - cgroup2 cgroup2 rw\n";
  EXPECT_EQ(folder_of(CgroupVersion::kV2, twice, "0::/job\n"), "/third/job");
}

TEST(CgroupPlace, what_is_not_there_is_said) {
  EXPECT_EQ(folder_of(CgroupVersion::kV2, "", "0::/\n"), "none: cgroup v2 is not mounted");
  EXPECT_EQ(folder_of(CgroupVersion::kV2, kHybrid, ""), "none: this process is in no cgroup of cgroup v2");
  EXPECT_EQ(folder_of(CgroupVersion::kV1, kHybrid, "0::/\n"),
            "none: this process is in no cgroup of the v1 hierarchy cpuacct");
  EXPECT_EQ(folder_of(CgroupVersion::kV2, kHybrid, "0::/x (deleted)\n"),
            "none: our own cgroup /x (deleted) was removed");
}

TEST(CgroupPlace, broken_lines_are_passed_over) {
  const std::string broken = "\n - \n1 2 3 4 5 6 -\n41 31 0:38 / - cgroup2 x rw\n" + std::string("\0\0\n", 3) + kHybrid;
  EXPECT_EQ(folder_of(CgroupVersion::kV2, broken, "::\n0\n0:\n0::/a\n"), "/sys/fs/cgroup/unified/a");
}

}  // namespace
}  // namespace ebb::exec
