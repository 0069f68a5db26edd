#include <gtest/gtest.h>

#include <string>

#include "hardware/cpu.h"

namespace ebb::hardware {
namespace {

std::string x86(int processor, int socket, const std::string& flags) {
  return "processor\t: " + std::to_string(processor) +
         "\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\n"
         "model name\t: Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz\nstepping\t: 7\nmicrocode\t: 0x5003303\n"
         "physical id\t: " +
         std::to_string(socket) + "\nsiblings\t: 2\ncpu cores\t: 1\nflags\t\t: " + flags + "\nbugs\t\t: spectre_v1\n\n";
}

TEST(Cpuinfo, the_x86_form_gives_name_numbers_sockets_and_the_hypervisor) {
  const auto cpu = parse_cpuinfo(x86(0, 0, "fpu vme hypervisor") + x86(1, 0, "fpu") + x86(2, 1, "") + x86(3, 1, ""));
  EXPECT_EQ(cpu.vendor, "GenuineIntel");
  EXPECT_EQ(cpu.model_name, "Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz");
  EXPECT_EQ(cpu.family, 6);
  EXPECT_EQ(cpu.model, 85);
  EXPECT_EQ(cpu.stepping, 7);
  EXPECT_EQ(cpu.logical_cpus, 4);
  EXPECT_EQ(cpu.sockets, 2);
  EXPECT_EQ(cpu.threads_per_socket, 2);
  EXPECT_TRUE(cpu.virtual_machine);
}

TEST(Cpuinfo, only_the_whole_word_hypervisor_among_the_flags_makes_a_virtual_machine) {
  EXPECT_FALSE(parse_cpuinfo(x86(0, 0, "fpu nohypervisor hypervisors")).virtual_machine);
  EXPECT_TRUE(parse_cpuinfo(x86(0, 0, "hypervisor")).virtual_machine);
  EXPECT_FALSE(parse_cpuinfo("processor : 0\nmodel name : hypervisor\n").virtual_machine);
}

TEST(Cpuinfo, the_arm_form_gives_implementer_and_part) {
  const std::string one =
      "BogoMIPS\t: 243.75\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\n"
      "CPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n\n";
  const auto cpu = parse_cpuinfo("processor\t: 0\n" + one + "processor\t: 1\n" + one);
  EXPECT_EQ(cpu.vendor, "0x41");
  EXPECT_EQ(cpu.family, 8);
  EXPECT_EQ(cpu.model, 0xd0c);
  EXPECT_EQ(cpu.stepping, 1);
  EXPECT_EQ(cpu.logical_cpus, 2);
  EXPECT_EQ(cpu.sockets, 0);
  EXPECT_EQ(cpu.model_name, "");
}

TEST(Cpuinfo, any_text_is_read_and_nonsense_is_left_out) {
  const auto empty = parse_cpuinfo("");
  EXPECT_EQ(empty.logical_cpus, 0);
  EXPECT_EQ(empty.vendor, "");
  const auto odd =
      parse_cpuinfo("processor\ncpu family : -6\nmodel : 99999999999999\nstepping : 0x\nsiblings : 4.5\n:\n: x");
  EXPECT_EQ(odd.logical_cpus, 0);
  EXPECT_EQ(odd.family, 0);
  EXPECT_EQ(odd.model, 0);
  EXPECT_EQ(odd.stepping, 0);
  EXPECT_EQ(odd.threads_per_socket, 0);
  EXPECT_EQ(parse_cpuinfo(std::string("model name : ") + std::string(100'000, 'x')).model_name.size(), 256U);
}

}  // namespace
}  // namespace ebb::hardware
