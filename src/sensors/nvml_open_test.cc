#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "sensors/nvml.h"
#include "support/fake_nvml.h"

namespace ebb::sensors {
namespace {

using test::FakeNvml;

void plug_in_a_board(const Host& host) {
  const auto device = host.sys + "/bus/pci/devices/0000:17:00.0";
  std::filesystem::create_directories(device);
  std::ofstream(device + "/vendor") << "0x10de\n";
  std::ofstream(device + "/class") << "0x030200\n";
}

TEST(NvmlOpen, AMachineWithoutBoardAndLibraryIsToldSoWithNothingToMend) {
  FakeNvml driver("");
  auto host = driver.host();
  host.nvml_library = "libnvidia-ml.so.none";
  std::filesystem::create_directories(host.sys + "/bus/pci/devices");
  const auto opened = open_nvml(host, driver);
  EXPECT_EQ(opened.name, "nvml");
  EXPECT_EQ(opened.sensor, nullptr);
  EXPECT_FALSE(opened.present);
  EXPECT_NE(opened.why.find("libnvidia-ml.so.none"), std::string::npos) << opened.why;
  EXPECT_NE(opened.why.find("no NVIDIA board is on the PCI bus"), std::string::npos) << opened.why;
  EXPECT_EQ(opened.mend, "");
}

TEST(NvmlOpen, ABoardWithoutLibraryIsPresentAndCanBeMended) {
  FakeNvml driver("");
  auto host = driver.host();
  host.nvml_library = "libnvidia-ml.so.none";
  plug_in_a_board(host);
  const auto opened = open_nvml(host, driver);
  EXPECT_EQ(opened.sensor, nullptr);
  EXPECT_TRUE(opened.present);
  EXPECT_NE(opened.mend.find("--gpus all"), std::string::npos);
}

TEST(NvmlOpen, AnotherLibraryIsNotTakenForNvml) {
  FakeNvml driver("");
  auto host = driver.host();
  host.nvml_library = "libz.so.1";
  const auto opened = open_nvml(host, driver);
  EXPECT_EQ(opened.sensor, nullptr);
  EXPECT_NE(opened.why.find("libz.so.1 does not start: NVML error 13"), std::string::npos) << opened.why;
}

TEST(NvmlOpen, EachReasonNotToStartHasItsMend) {
  for (const auto& [code, why, mend] :
       {std::tuple(9, "Driver Not Loaded", "modprobe nvidia"), std::tuple(18, "version mismatch", "reboot"),
        std::tuple(4, "Insufficient Permissions", "/dev/nvidiactl"), std::tuple(999, "Unknown Error", "nvidia-smi")}) {
    FakeNvml driver("init " + std::to_string(code) + "\n");
    const auto opened = driver.open();
    EXPECT_EQ(opened.sensor, nullptr);
    EXPECT_NE(opened.why.find(why), std::string::npos) << opened.why;
    EXPECT_NE(opened.mend.find(mend), std::string::npos) << opened.mend;
  }
}

TEST(NvmlOpen, ADriverWithoutBoardsSaysSo) {
  FakeNvml driver("driver 550.54.15\n");
  const auto opened = driver.open();
  EXPECT_EQ(opened.sensor, nullptr);
  EXPECT_EQ(opened.why, "the NVIDIA driver sees no board");
}

TEST(NvmlOpen, ABoardThatTellsNothingIsLeftOutAndTheOthersKeepTheirNumbers) {
  FakeNvml driver("board 0\nno-counter 0\nno-instant 0\nno-average 0\nno-usage 0\nboard 1\npower 1 0 100000\n");
  const auto opened = driver.open();
  ASSERT_NE(opened.sensor, nullptr);
  ASSERT_EQ(opened.sensor->channels().size(), 1U);
  EXPECT_EQ(opened.sensor->channels()[0].name, "gpu1");
  ASSERT_EQ(opened.warnings.size(), 1U);
  EXPECT_NE(opened.warnings[0].find("gpu0 is left out"), std::string::npos);
}

TEST(NvmlOpen, BoardsThatAllTellNothingArePresentButNoSensor) {
  FakeNvml driver("board 0\nlost 0 0\nboard 1\nno-counter 1\nno-instant 1\nno-average 1\nno-usage 1\n");
  const auto opened = driver.open();
  EXPECT_EQ(opened.sensor, nullptr);
  EXPECT_TRUE(opened.present);
  EXPECT_NE(opened.why.find("gpu0 is left out: GPU is lost"), std::string::npos) << opened.why;
  EXPECT_NE(opened.why.find("gpu1 is left out"), std::string::npos) << opened.why;
}

TEST(NvmlOpen, ACounterThatShowsZeroIsNoCounter) {
  FakeNvml driver("board 0\ncount 0 0 0\ninstant 0 0 90000\n");
  const auto opened = driver.open();
  ASSERT_NE(opened.sensor, nullptr);
  EXPECT_EQ(opened.sensor->channels()[0].method, "measured:nvml-power");
}

TEST(NvmlOpen, ABoardThatHidesItsLimitIsStillMeasured) {
  FakeNvml driver("board 0\nlimit 0 0\npower 0 0 900000\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, std::chrono::seconds(0), std::chrono::seconds(10), std::chrono::seconds(1), readings);
  EXPECT_NEAR(units::in_joules(test::tally_of(readings, 0).energy), 9000, 1e-6);
}

TEST(NvmlOpen, OpeningAgainAfterClosingStartsAnew) {
  FakeNvml driver("board 0\npower 0 0 100000\n");
  for (int i = 0; i < 3; ++i) {
    const auto opened = driver.open();
    ASSERT_NE(opened.sensor, nullptr);
    std::vector<Reading> readings;
    opened.sensor->read({driver.steady(), std::nullopt}, readings);
    EXPECT_TRUE(readings.empty());
  }
}

}  // namespace
}  // namespace ebb::sensors
