#include "sensors/hwmon.h"

#include <gtest/gtest.h>

#include "support/fake_sysfs.h"

namespace ebb::sensors {
namespace {

using std::chrono::seconds;

class HwmonGpus : public testing::Test {
 protected:
  /// "hwmon3" of a driver, at a PCI address.
  void write_board(const std::string& hwmon, const std::string& driver, const std::string& address,
                   const std::string& model = "1002:740C") const {
    machine_.write(folder(hwmon) + "name", driver);
    machine_.write(folder(hwmon) + "device/uevent",
                   "DRIVER=" + driver + "\nPCI_ID=" + model + "\nPCI_SLOT_NAME=" + address);
  }
  void write_value(const std::string& hwmon, const std::string& file, std::uint64_t value) const {
    machine_.write(folder(hwmon) + file, value);
  }
  static std::string folder(const std::string& hwmon) { return "sys/class/hwmon/" + hwmon + "/"; }

  void open(int first_number = 0) { opened_ = open_hwmon_gpus(machine_.host(), first_number); }
  const Channel& channel(std::size_t i) const { return opened_.sensor->channels().at(i); }
  std::size_t count() const { return opened_.sensor == nullptr ? 0 : opened_.sensor->channels().size(); }
  std::vector<Reading> read_at(int second) {
    std::vector<Reading> readings;
    opened_.sensor->read({seconds(second), std::nullopt}, readings);
    return readings;
  }

  test::FakeSysfs machine_;
  Opened opened_;
};

TEST_F(HwmonGpus, an_energy_counter_is_used_where_there_is_one) {
  write_board("hwmon2", "xe", "0000:03:00.0", "8086:56A0");
  write_value("hwmon2", "energy1_input", 5'000'000);
  write_value("hwmon2", "power1_average", 99'000'000);
  open();
  ASSERT_EQ(count(), 1U);
  EXPECT_EQ(channel(0).name, "gpu0");
  EXPECT_EQ(channel(0).kind, hardware::ComponentKind::kGpu);
  EXPECT_EQ(channel(0).id, "0000:03:00.0");
  EXPECT_EQ(channel(0).device, "Intel GPU 8086:56A0");
  EXPECT_EQ(channel(0).method, "measured:hwmon-energy");
  EXPECT_TRUE(read_at(0).empty());
  write_value("hwmon2", "energy1_input", 155'000'000);
  EXPECT_DOUBLE_EQ(units::in_joules(*read_at(1).at(0).energy), 150.0);
}

TEST_F(HwmonGpus, in_a_guest_without_the_accumulator_the_power_is_integrated_and_labelled) {
  write_board("hwmon0", "amdgpu", "0000:c1:00.0");
  write_value("hwmon0", "power1_average", 100'000'000);
  machine_.write("sys/class/hwmon/hwmon0/device/product_name", "AMD Instinct MI210");
  open();
  ASSERT_EQ(count(), 1U);
  EXPECT_EQ(channel(0).method, "measured:hwmon-power");
  EXPECT_EQ(channel(0).device, "AMD Instinct MI210");
  read_at(0);
  write_value("hwmon0", "power1_average", 300'000'000);
  EXPECT_DOUBLE_EQ(units::in_joules(*read_at(2).at(0).energy), 400.0);
  const auto late = read_at(30).at(0);  // a power does not stand for 28 s
  EXPECT_FALSE(late.energy);
  EXPECT_EQ(late.cause, GapCause::kUnread);
}

TEST_F(HwmonGpus, the_power_of_now_is_used_where_there_is_no_average) {
  write_board("hwmon0", "amdgpu", "0000:c1:00.0");
  write_value("hwmon0", "power1_input", 100'000'000);
  open();
  ASSERT_EQ(count(), 1U);
  read_at(0);
  EXPECT_DOUBLE_EQ(units::in_joules(*read_at(3).at(0).energy), 300.0);
}

TEST_F(HwmonGpus, boards_are_numbered_by_their_pci_address) {
  write_board("hwmon1", "amdgpu", "0000:c6:00.0");
  write_board("hwmon2", "amdgpu", "10000:01:00.0");
  write_board("hwmon10", "amdgpu", "0000:0b:00.0");
  write_board("hwmon3", "nvme", "0000:01:00.0");
  for (const char* hwmon : {"hwmon1", "hwmon2", "hwmon10", "hwmon3"}) write_value(hwmon, "power1_average", 90'000'000);
  open(4);
  ASSERT_EQ(count(), 3U);
  EXPECT_EQ(channel(0).name + channel(0).id, "gpu40000:0b:00.0");
  EXPECT_EQ(channel(1).name + channel(1).id, "gpu50000:c6:00.0");
  EXPECT_EQ(channel(2).name + channel(2).id, "gpu610000:01:00.0");
}

TEST_F(HwmonGpus, a_die_that_shows_0_while_its_twin_shows_both_is_no_channel) {
  write_board("hwmon1", "amdgpu", "0000:c1:00.0");
  write_board("hwmon2", "amdgpu", "0000:c6:00.0");
  write_value("hwmon1", "power1_average", 500'000'000);
  write_value("hwmon2", "power1_average", 0);
  open();
  ASSERT_EQ(count(), 1U);
  EXPECT_EQ(channel(0).id, "0000:c1:00.0");
  ASSERT_EQ(opened_.warnings.size(), 1U);
  EXPECT_NE(opened_.warnings[0].find("0000:c6:00.0 is not counted: it shows 0: of a board"), std::string::npos);
}

TEST_F(HwmonGpus, an_energy_of_0_is_left_out_beside_a_twin_and_is_a_begin_without_one) {
  write_board("hwmon1", "amdgpu", "0000:c1:00.0");
  write_value("hwmon1", "energy1_input", 0);
  open();
  EXPECT_EQ(count(), 1U);
  write_board("hwmon2", "amdgpu", "0000:c6:00.0");
  write_value("hwmon2", "energy1_input", 7'000'000);
  open();
  ASSERT_EQ(count(), 1U);
  EXPECT_EQ(channel(0).id, "0000:c6:00.0");
}

TEST_F(HwmonGpus, a_power_of_0_is_no_power) {
  write_board("hwmon1", "amdgpu", "0000:c1:00.0");
  write_value("hwmon1", "power1_average", 0);
  open();
  EXPECT_EQ(opened_.sensor, nullptr);
  EXPECT_NE(opened_.why.find("it shows 0 W"), std::string::npos);
}

TEST_F(HwmonGpus, the_graphics_part_of_a_processor_is_left_to_rapl) {
  write_board("hwmon1", "amdgpu", "0000:c1:00.0", "1002:1681");
  write_value("hwmon1", "power1_average", 30'000'000);
  write_value("hwmon1", "in1_input", 900);  // the northbridge's voltage
  open();
  EXPECT_EQ(opened_.sensor, nullptr);
  EXPECT_TRUE(opened_.present);
  EXPECT_NE(opened_.why.find("RAPL"), std::string::npos);
}

TEST_F(HwmonGpus, a_board_that_tells_nothing_is_present_and_says_why) {
  write_board("hwmon1", "amdgpu", "0000:c1:00.0");
  open();
  EXPECT_EQ(opened_.sensor, nullptr);
  EXPECT_TRUE(opened_.present);
  EXPECT_NE(opened_.why.find("power1_average: ENOENT"), std::string::npos);
}

TEST_F(HwmonGpus, the_package_of_an_intel_board_stands_in_for_the_card_and_says_so) {
  write_board("hwmon1", "xe", "0000:03:00.0", "8086:56A0");
  write_value("hwmon1", "energy2_input", 1'000'000);
  open();
  ASSERT_EQ(count(), 1U);
  ASSERT_EQ(opened_.warnings.size(), 1U);
}

TEST_F(HwmonGpus, a_board_whose_driver_is_unloaded_is_lost) {
  write_board("hwmon1", "amdgpu", "0000:c1:00.0");
  write_value("hwmon1", "power1_average", 90'000'000);
  open();
  read_at(0);
  machine_.remove("sys/class/hwmon/hwmon1");
  EXPECT_EQ(read_at(1).at(0).cause, GapCause::kLost);
}

TEST_F(HwmonGpus, a_machine_without_boards_says_so) {
  open();
  EXPECT_FALSE(opened_.present);
  EXPECT_EQ(opened_.why, "no amdgpu, xe or i915 board in /sys/class/hwmon");
}

}  // namespace
}  // namespace ebb::sensors
