#include "sensors/value_file.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "support/fake_sysfs.h"

namespace ebb::sensors {
namespace {

TEST(FileSource, reads_a_count_anew_each_time) {
  const test::FakeSysfs machine;
  machine.write("energy_uj", "18446744073709551615");
  FileSource source{ValueFile(machine.path("energy_uj"))};
  EXPECT_EQ(source.read({}).value, 18446744073709551615U);
  machine.write("energy_uj", "7");
  EXPECT_EQ(source.read({}).value, 7U);
  EXPECT_EQ(source.read({}).value, 7U);
}

TEST(FileSource, what_is_no_count_is_a_failed_read) {
  const test::FakeSysfs machine;
  machine.write("energy_uj", "1");
  FileSource source{ValueFile(machine.path("energy_uj"))};
  for (const char* text : {"", "-1", "0x10", "1.5", "1 2", "18446744073709551616", "nan"}) {
    machine.write("energy_uj", text);
    const auto raw = source.read({});
    EXPECT_FALSE(raw.value) << text;
    EXPECT_EQ(raw.cause, GapCause::kReadFailed);
    EXPECT_FALSE(raw.detail.empty());
  }
}

TEST(FileSource, a_file_that_vanishes_is_lost) {
  const test::FakeSysfs machine;
  machine.write("energy_uj", "5");
  FileSource source{ValueFile(machine.path("energy_uj"))};
  EXPECT_TRUE(source.read({}).value);
  machine.remove("energy_uj");
  const auto raw = source.read({});
  EXPECT_FALSE(raw.value);
  EXPECT_EQ(raw.cause, GapCause::kLost);
}

TEST(FileSource, an_eio_of_the_kernel_is_a_failed_read_and_says_so) {
  // Nothing is mapped at address 0, so the kernel answers EIO.
  FileSource source{ValueFile("/proc/self/mem")};
  const auto raw = source.read({});
  EXPECT_FALSE(raw.value);
  EXPECT_EQ(raw.cause, GapCause::kReadFailed);
  EXPECT_EQ(raw.detail, "EIO (Input/output error) from /proc/self/mem");
}

TEST(FailedRead, a_device_that_has_left_is_lost) {
  EXPECT_EQ(failed_read(ENODEV, "x").cause, GapCause::kLost);
  EXPECT_EQ(failed_read(ENXIO, "x").cause, GapCause::kLost);
  EXPECT_EQ(failed_read(EPERM, "x").cause, GapCause::kReadFailed);
  EXPECT_EQ(failed_read(EBUSY, "x").detail, "EBUSY (Device or resource busy) from x");
}

TEST(ValueFile, can_be_moved_and_closes_once) {
  const test::FakeSysfs machine;
  machine.write("a", "1");
  machine.write("b", "2");
  ValueFile a(machine.path("a"));
  ValueFile b(machine.path("b"));
  ASSERT_TRUE(a.is_open() && b.is_open());
  a = std::move(b);
  FileSource source(std::move(a));
  EXPECT_EQ(source.read({}).value, 2U);
  const ValueFile missing(machine.path("c"));
  EXPECT_FALSE(missing.is_open());
  EXPECT_EQ(missing.error(), ENOENT);
}

TEST(ReadLine, gives_the_first_line_without_blanks) {
  const test::FakeSysfs machine;
  machine.write("name", " package-0 \nsecond");
  EXPECT_EQ(read_line(machine.path("name")), "package-0");
  EXPECT_FALSE(read_line(machine.path("nothing")));
}

}  // namespace
}  // namespace ebb::sensors
