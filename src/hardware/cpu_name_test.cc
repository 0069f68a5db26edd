#include "hardware/cpu_name.h"

#include <gtest/gtest.h>

#include <string>

namespace ebb::hardware {
namespace {

TEST(CpuName, what_the_kernel_prints_and_what_people_write_have_one_key) {
  EXPECT_EQ(cpu_key("Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz"), "xeon platinum 8259cl");
  EXPECT_EQ(cpu_key("Xeon Platinum 8259CL"), "xeon platinum 8259cl");
  EXPECT_EQ(cpu_key("AMD EPYC 7763 64-Core Processor                "), "epyc 7763");
  EXPECT_EQ(cpu_key("12th Gen Intel(R) Core(TM) i7-12700"), "core i7 12700");
  EXPECT_EQ(cpu_key("Intel(R) Core(TM)2 Quad CPU    Q6600  @ 2.40GHz"), "core 2 quad q6600");
  EXPECT_EQ(cpu_key("AMD Ryzen 7 PRO 4750U with Radeon Graphics"), "ryzen 7 pro 4750u");
  EXPECT_EQ(cpu_key("AMD Ryzen 7 7840HS w/ Radeon 780M Graphics"), "ryzen 7 7840hs");
  EXPECT_EQ(cpu_key("AMD A10-7850K Radeon R7, 12 Compute Cores 4C+8G"), "a10 7850k");
  EXPECT_EQ(cpu_key("AMD FX(tm)-8350 Eight-Core Processor            "), "fx 8350");
  EXPECT_EQ(cpu_key("AMD Ryzen Threadripper 1950X 16-Core Processor"), "ryzen threadripper 1950x");
  EXPECT_EQ(cpu_key("Intel(R) Xeon(R) CPU E5-2680 0 @ 2.70GHz"), "xeon e5 2680");
  EXPECT_EQ(cpu_key("INTEL(R) XEON(R) PLATINUM 8592+"), "xeon platinum 8592+");
  EXPECT_EQ(cpu_key("Intel® Core™ i5-8250U CPU"), "core i5 8250u");
}

TEST(CpuName, masked_names_have_keys_without_a_number_and_nonsense_has_none) {
  EXPECT_EQ(cpu_key("AMD EPYC Processor"), "epyc");
  EXPECT_EQ(cpu_key("Intel(R) Xeon(R) Processor @ 2.50GHz"), "xeon");
  EXPECT_EQ(cpu_key(""), "");
  EXPECT_EQ(cpu_key("@@@(R)(TM)"), "");
  EXPECT_EQ(cpu_key(std::string("a\0b", 3)), "a b");
  EXPECT_LE(cpu_key(std::string(1'000'000, '7')).size(), 256U);
}

TEST(CpuName, the_number_of_cores_is_read_where_the_name_has_it) {
  EXPECT_EQ(cores_in_name("AMD EPYC 7763 64-Core Processor"), 64);
  EXPECT_EQ(cores_in_name("AMD Ryzen Threadripper PRO 5975WX 32-Cores"), 32);
  EXPECT_EQ(cores_in_name("Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz"), 0);
  EXPECT_EQ(cores_in_name(""), 0);
}

}  // namespace
}  // namespace ebb::hardware
