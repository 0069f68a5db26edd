#include "sensors/rapl.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <map>
#include <set>

#include "support/fake_raw_source.h"
#include "support/fake_sysfs.h"

namespace ebb::sensors {
namespace {

using std::chrono::seconds;

/// perf_event_open of a kernel that refuses, or of one that gives counters which the test moves.
class FakePerf final : public PerfEvents {
 public:
  explicit FakePerf(int error = EACCES) : error_(error) {}

  Counter open(std::uint32_t type, std::uint64_t config, int cpu) override {
    opened.emplace(type, config, cpu);
    if (error_ != 0 || refused == config) return {nullptr, error_ != 0 ? error_ : EINVAL};
    auto& value = values[{config, cpu}];
    value = std::make_shared<std::uint64_t>(0);
    return {std::make_unique<Source>(value), 0};
  }

  std::set<std::tuple<std::uint32_t, std::uint64_t, int>> opened;
  std::map<std::pair<std::uint64_t, int>, std::shared_ptr<std::uint64_t>> values;
  std::uint64_t refused = 0;

 private:
  struct Source final : RawSource {
    explicit Source(std::shared_ptr<std::uint64_t> shown) : value(std::move(shown)) {}
    RawValue read(time::Duration steady) override {
      static_cast<void>(steady);
      return test::raw_value(*value);
    }
    std::shared_ptr<std::uint64_t> value;
  };
  int error_;
};

class Rapl : public testing::Test {
 protected:
  void open() { opened_ = open_rapl(machine_.host(), perf_); }
  void open_allowed(FakePerf& perf) { opened_ = open_rapl(machine_.host(), perf); }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    if (opened_.sensor == nullptr) return names;
    for (const auto& channel : opened_.sensor->channels()) names.push_back(channel.name);
    return names;
  }
  /// Reads one second later: joules by channel, gaps left out.
  std::map<std::string, double> read() {
    readings_.clear();
    health_ = opened_.sensor->read({seconds(second_++), std::nullopt}, readings_);
    std::map<std::string, double> joules;
    for (const auto& reading : readings_) {
      if (reading.energy) joules[opened_.sensor->channels()[reading.channel].name] += units::in_joules(*reading.energy);
    }
    return joules;
  }

  void write_perf(const std::string& cpumask) const {
    const std::string pmu = "sys/bus/event_source/devices/power/";
    machine_.write(pmu + "type", "34");
    machine_.write(pmu + "cpumask", cpumask);
    for (const auto& [event, config] :
         {std::pair("energy-cores", "event=0x01"), std::pair("energy-pkg", "event=0x02"),
          std::pair("energy-ram", "event=0x03"), std::pair("energy-psys", "event=0x05")}) {
      machine_.write(pmu + "events/" + event, config);
      machine_.write(pmu + "events/" + event + ".scale", "2.3283064365386962890625e-10");
      machine_.write(pmu + "events/" + event + ".unit", "Joules");
    }
  }
  void write_topology(int cpu, int package, int die) const {
    const std::string folder = "sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
    machine_.write(folder + "physical_package_id", std::to_string(package));
    machine_.write(folder + "die_id", std::to_string(die));
  }

  test::FakeSysfs machine_;
  FakePerf perf_;
  Opened opened_;
  std::vector<Reading> readings_;
  Health health_ = Health::kFine;
  int second_ = 0;
};

using Names = std::vector<std::string>;
using Joules = std::map<std::string, double>;

TEST_F(Rapl, two_sockets_with_dram_children_are_four_channels_each_counted_once) {
  machine_.write_zone("intel-rapl:0", "package-0", 1'000'000);
  machine_.write_zone("intel-rapl:0:0", "dram", 2'000'000, 65712999613);
  machine_.write_zone("intel-rapl:1", "package-1", 3'000'000);
  machine_.write_zone("intel-rapl:1:0", "dram", 4'000'000, 65712999613);
  open();
  EXPECT_EQ(names(), (Names{"package0", "dram0", "package1", "dram1"}));
  EXPECT_TRUE(read().empty());
  machine_.set_energy("intel-rapl:0", 201'000'000);
  machine_.set_energy("intel-rapl:0:0", 22'000'000);
  machine_.set_energy("intel-rapl:1", 103'000'000);
  machine_.set_energy("intel-rapl:1:0", 34'000'000);
  EXPECT_EQ(read(), (Joules{{"package0", 200.0}, {"dram0", 20.0}, {"package1", 100.0}, {"dram1", 30.0}}));
  EXPECT_EQ(opened_.sensor->channels()[0].kind, hardware::ComponentKind::kCpu);
  EXPECT_EQ(opened_.sensor->channels()[1].kind, hardware::ComponentKind::kDram);
}

TEST_F(Rapl, cores_and_uncore_are_inside_the_package_and_no_channels) {
  machine_.write_zone("intel-rapl:0", "package-0", 1);
  machine_.write_zone("intel-rapl:0:0", "core", 2);
  machine_.write_zone("intel-rapl:0:1", "uncore", 3);
  open();
  EXPECT_EQ(names(), Names{"package0"});
}

TEST_F(Rapl, msr_and_mmio_twins_are_counted_once) {
  machine_.write_zone("intel-rapl-mmio:0", "package-0", 500'000'000);
  machine_.write_zone("intel-rapl:0", "package-0", 1'000'000);
  open();
  EXPECT_EQ(names(), Names{"package0"});
  EXPECT_EQ(opened_.sensor->channels()[0].id, "intel-rapl:0");
  read();
  machine_.set_energy("intel-rapl:0", 51'000'000);
  machine_.set_energy("intel-rapl-mmio:0", 550'000'000);
  EXPECT_EQ(read(), (Joules{{"package0", 50.0}}));
}

TEST_F(Rapl, mmio_alone_is_used) {
  machine_.write_zone("intel-rapl-mmio:0", "package-0", 5);
  open();
  EXPECT_EQ(names(), Names{"package0"});
}

TEST_F(Rapl, psys_is_never_added_to_a_package) {
  machine_.write_zone("intel-rapl:0", "package-0", 1);
  machine_.write_zone("intel-rapl:1", "psys", 2);
  open();
  EXPECT_EQ(names(), Names{"package0"});
  EXPECT_TRUE(opened_.warnings.empty());
}

TEST_F(Rapl, psys_stands_in_where_there_is_no_package_and_says_so) {
  machine_.write_zone("intel-rapl:0", "psys", 2);
  open();
  EXPECT_EQ(names(), Names{"psys"});
  ASSERT_EQ(opened_.warnings.size(), 1U);
}

TEST_F(Rapl, the_eleventh_zone_has_the_id_a) {
  machine_.write_zone("intel-rapl:9", "package-9", 100);
  machine_.write_zone("intel-rapl:a", "package-10", 200);
  machine_.write_zone("intel-rapl:a:0", "dram", 300);
  machine_.write_zone("intel-rapl:10", "package-16", 400);
  machine_.write("sys/class/powercap/intel-rapl:g/name", "package-99");
  machine_.write("sys/class/powercap/intel-rapl/enabled", "1");
  machine_.write("sys/class/powercap/dtpm/name", "package-1");
  open();
  EXPECT_EQ(names(), (Names{"package9", "package10", "dram10", "package16"}));
  read();
  machine_.set_energy("intel-rapl:a", 5'000'200);
  EXPECT_DOUBLE_EQ(read().at("package10"), 5.0);
}

TEST_F(Rapl, children_that_lie_inside_their_parents_are_found_once) {
  machine_.write_zone("intel-rapl:0", "package-0", 1);
  machine_.write_zone("intel-rapl:0/intel-rapl:0:0", "dram", 2);
  machine_.link("sys/class/powercap/intel-rapl:0:0", "intel-rapl:0/intel-rapl:0:0");
  open();
  EXPECT_EQ(names(), (Names{"package0", "dram0"}));
}

TEST_F(Rapl, one_package_mirrored_on_two_dies_is_counted_once) {
  machine_.write_zone("intel-rapl:0", "package-0-die-0", 777'000'000);
  machine_.write_zone("intel-rapl:1", "package-0-die-1", 777'000'000);
  open();
  EXPECT_EQ(names(), Names{"package0-die0"});
  EXPECT_EQ(opened_.warnings, Names{"package0-die1 mirrors the counter of package0-die0: counted once"});
}

TEST_F(Rapl, two_dies_with_counters_of_their_own_are_both_counted) {
  machine_.write_zone("intel-rapl:0", "package-0-die-0", 777'000'000);
  machine_.write_zone("intel-rapl:1", "package-0-die-1", 778'000'000);
  open();
  EXPECT_EQ(names(), (Names{"package0-die0", "package0-die1"}));
}

TEST_F(Rapl, packages_that_an_old_kernel_calls_the_same_are_both_counted) {
  machine_.write_zone("intel-rapl:0", "package-0", 777'000'000);
  machine_.write_zone("intel-rapl:1", "package-0", 778'000'000);
  open();
  EXPECT_EQ(names(), (Names{"package0", "package0-zone1"}));
}

TEST_F(Rapl, a_counter_that_only_root_may_read_is_present_with_the_mend) {
  machine_.write_zone("intel-rapl:0", "package-0", 1);
  machine_.set_mode("sys/class/powercap/intel-rapl:0/energy_uj", 0400);
  const test::WithoutPrivilege nobody;
  if (!nobody.worked()) GTEST_SKIP() << "root may not become another user here";
  open();
  EXPECT_EQ(opened_.sensor, nullptr);
  EXPECT_TRUE(opened_.present);
  EXPECT_NE(opened_.why.find("intel-rapl:0 (package-0): EACCES (Permission denied)"), std::string::npos);
  EXPECT_NE(opened_.why.find("CVE-2020-8694"), std::string::npos);
  EXPECT_NE(opened_.mend.find("chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj"), std::string::npos);
}

TEST_F(Rapl, where_perf_would_do_the_mend_is_a_capability_for_ebb_alone) {
  write_perf("0");
  machine_.write_zone("intel-rapl:0", "package-0", 1);
  machine_.set_mode("sys/class/powercap/intel-rapl:0/energy_uj", 0400);
  const test::WithoutPrivilege nobody;
  if (!nobody.worked()) GTEST_SKIP() << "root may not become another user here";
  open();
  EXPECT_TRUE(opened_.present);
  EXPECT_NE(opened_.why.find("perf_event_open of power/energy-pkg/ on CPU 0 says EACCES"), std::string::npos);
  EXPECT_EQ(opened_.mend, "sudo setcap cap_perfmon=ep \"$(command -v ebb)\"");
}

TEST_F(Rapl, an_unreadable_package_beside_a_readable_one_is_named) {
  machine_.write_zone("intel-rapl:0", "package-0", 1);
  machine_.write_zone("intel-rapl:1", "package-1", 2);
  machine_.remove("sys/class/powercap/intel-rapl:1/energy_uj");
  open();
  EXPECT_EQ(names(), Names{"package0"});
  ASSERT_EQ(opened_.warnings.size(), 1U);
  EXPECT_NE(opened_.warnings[0].find("intel-rapl:1 (package-1): ENOENT"), std::string::npos);
}

TEST_F(Rapl, zones_that_a_container_hides_are_present_with_the_mend) {
  machine_.link("sys/class/powercap/intel-rapl:0", "../../devices/virtual/powercap/intel-rapl/intel-rapl:0");
  open();
  EXPECT_EQ(opened_.sensor, nullptr);
  EXPECT_TRUE(opened_.present);
  EXPECT_NE(opened_.why.find("a container hides them"), std::string::npos);
  EXPECT_EQ(opened_.mend, "docker run --security-opt systempaths=unconfined ...");
}

TEST_F(Rapl, a_machine_without_it_says_so) {
  open();
  EXPECT_EQ(opened_.sensor, nullptr);
  EXPECT_FALSE(opened_.present);
  EXPECT_EQ(opened_.mend, "sudo modprobe intel_rapl_msr");
  machine_.write("proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu hypervisor lahf_lm\n");
  open();
  EXPECT_NE(opened_.why.find("virtual machine"), std::string::npos);
  EXPECT_TRUE(opened_.mend.empty());
}

TEST_F(Rapl, perf_events_are_preferred_where_allowed) {
  write_perf("0,24");
  write_topology(0, 0, 0);
  write_topology(24, 1, 0);
  machine_.write_zone("intel-rapl:0", "package-0", 1);
  FakePerf perf(0);
  open_allowed(perf);
  EXPECT_EQ(names(), (Names{"package0", "dram0", "package1", "dram1"}));
  EXPECT_EQ(opened_.sensor->channels()[0].method, "measured:rapl-perf");
  EXPECT_EQ(perf.opened, (std::set<std::tuple<std::uint32_t, std::uint64_t, int>>{
                             {34, 2, 0}, {34, 3, 0}, {34, 2, 24}, {34, 3, 24}}));  // psys and cores are not opened
  read();
  *perf.values.at({2, 24}) = std::uint64_t{100} << 32U;
  EXPECT_EQ(read(), (Joules{{"package0", 0.0}, {"dram0", 0.0}, {"package1", 100.0}, {"dram1", 0.0}}));
}

TEST_F(Rapl, powercap_is_used_where_perf_is_refused) {
  write_perf("0");
  machine_.write_zone("intel-rapl:0", "package-0", 1);
  open();
  EXPECT_EQ(names(), Names{"package0"});
  EXPECT_EQ(opened_.sensor->channels()[0].method, "measured:rapl-powercap");
}

TEST_F(Rapl, dies_of_one_package_that_perf_shows_twice_are_counted_once) {
  write_perf("0-1");
  write_topology(0, 0, 0);
  write_topology(1, 0, 1);
  // Each event of the second CPU moves as that of the first does, from another begin.
  class Mirroring final : public PerfEvents {
   public:
    Counter open(std::uint32_t type, std::uint64_t config, int cpu) override {
      static_cast<void>(type);
      auto& looks = looks_[config];
      if (!looks) looks = std::make_shared<std::uint64_t>(0);
      return {std::make_unique<test::MovingRegister>(looks, cpu == 0 ? 100 : 3, 4321), 0};
    }

   private:
    std::map<std::uint64_t, std::shared_ptr<std::uint64_t>> looks_;
  };
  Mirroring perf;
  opened_ = open_rapl(machine_.host(), perf);
  EXPECT_EQ(names(), (Names{"package0-die0", "dram0-die0"}));
  EXPECT_EQ(opened_.warnings, (Names{"package0-die1 mirrors the counter of package0-die0: counted once",
                                     "dram0-die1 mirrors the counter of dram0-die0: counted once"}));
}

TEST_F(Rapl, memory_that_perf_refuses_is_named_and_packages_stay) {
  write_perf("0");
  FakePerf perf(0);
  perf.refused = 3;
  open_allowed(perf);
  EXPECT_EQ(names(), Names{"package0"});
  ASSERT_EQ(opened_.warnings.size(), 1U);
  EXPECT_NE(opened_.warnings[0].find("power/energy-ram/ on CPU 0 says EINVAL"), std::string::npos);
}

TEST_F(Rapl, a_pmu_that_is_not_understood_leaves_powercap) {
  write_perf("0");
  machine_.write_zone("intel-rapl:0", "package-0", 1);
  FakePerf perf(0);
  for (const auto& [file, text] :
       {std::pair("events/energy-pkg", "event=0x02,umask=0x1"), std::pair("events/energy-pkg.unit", "Calories"),
        std::pair("events/energy-pkg.scale", "nan"), std::pair("cpumask", "zero"), std::pair("cpumask", "3-1"),
        std::pair("type", "-1")}) {
    write_perf("0");
    machine_.write(std::string("sys/bus/event_source/devices/power/") + file, text);
    open_allowed(perf);
    ASSERT_EQ(names(), Names{"package0"}) << file;
    EXPECT_EQ(opened_.sensor->channels()[0].method, "measured:rapl-powercap") << file;
  }
}

TEST_F(Rapl, a_wrap_is_corrected_with_the_range_of_the_zone) {
  machine_.write_zone("intel-rapl:0", "package-0", 65712999613 - 9'999'999, 65712999613);
  open();
  read();
  machine_.set_energy("intel-rapl:0", 40'000'000);
  EXPECT_DOUBLE_EQ(read().at("package0"), 50.0);
}

TEST_F(Rapl, a_zone_without_a_range_has_no_wraps_to_correct) {
  machine_.write_zone("intel-rapl:0", "package-0", 50'000'000, 0);
  open();
  read();
  machine_.set_energy("intel-rapl:0", 1'000'000);
  EXPECT_TRUE(read().empty());
  EXPECT_EQ(readings_.at(0).cause, GapCause::kReset);
}

TEST_F(Rapl, a_read_that_fails_once_is_a_gap_and_the_total_stays_right) {
  machine_.write_zone("intel-rapl:0", "package-0", 1'000'000);
  open();
  read();
  machine_.write("sys/class/powercap/intel-rapl:0/energy_uj", "");
  EXPECT_TRUE(read().empty());
  EXPECT_EQ(health_, Health::kRetry);
  EXPECT_EQ(readings_.at(0).cause, GapCause::kReadFailed);
  machine_.set_energy("intel-rapl:0", 401'000'000);
  EXPECT_EQ(read(), (Joules{{"package0", 400.0}}));
  EXPECT_EQ(readings_.at(0).from, seconds(0));
}

TEST_F(Rapl, a_zone_that_is_unloaded_is_lost) {
  machine_.write_zone("intel-rapl:0", "package-0", 1'000'000);
  open();
  read();
  machine_.remove("sys/class/powercap/intel-rapl:0");
  EXPECT_TRUE(read().empty());
  EXPECT_EQ(health_, Health::kGone);
  EXPECT_EQ(readings_.at(0).cause, GapCause::kLost);
}

TEST_F(Rapl, every_channel_says_how_well_it_is_known_and_by_whom) {
  machine_.write("proc/cpuinfo", "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 7763\n");
  machine_.write_zone("intel-rapl:0", "package-0", 1);
  machine_.write_zone("intel-rapl:0:0", "core", 1);
  open();
  ASSERT_EQ(names(), Names{"package0"});
  const Channel amd = opened_.sensor->channels()[0];
  EXPECT_EQ(amd.device, "AMD EPYC 7763");
  EXPECT_LT(amd.low_factor, 0.9);
  EXPECT_GT(amd.high_factor, 1.1);
  EXPECT_NE(amd.source.find("Schöne"), std::string::npos);
  machine_.write("proc/cpuinfo", "vendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) Gold 6248\n");
  open();
  const Channel intel = opened_.sensor->channels()[0];
  EXPECT_GT(intel.low_factor, amd.low_factor);
  EXPECT_LT(intel.high_factor, amd.high_factor);
}

}  // namespace
}  // namespace ebb::sensors
