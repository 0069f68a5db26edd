#include "hardware/instance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "hardware/gpu.h"
#include "hardware/power_model.h"

namespace ebb::hardware {
namespace {

constexpr const char* kHeader =
    "provider,name,vcpus,memory_gb,gpu,gpus,cpu,host_vcpus,host_embodied_kg,embodied_kg,source\n";

std::string error_of(const std::string& rows) {
  const auto parsed = parse_instances(kHeader + rows, "x.csv");
  return parsed.ok() ? "" : parsed.error().message;
}

double kilograms(units::Emissions mass) { return units::in_grams(mass) / 1000.0; }

Instance known(const std::string& name) {
  const auto found = find_instance(name);
  EXPECT_TRUE(found.ok()) << name << (found.ok() ? "" : found.error().message);
  return found.ok() ? *found : Instance{};
}

TEST(Instance, every_row_that_ships_is_found_by_provider_and_name_with_a_cpu_and_a_gpu_that_are_known) {
  const std::set<std::string> unpublished = {"Trainium", "Trainium2", "Inferentia", "Inferentia2"};
  const auto rows = parse_instances(instance_table(), "instances.csv");
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  EXPECT_GT(rows->size(), 2000U);
  for (const auto& row : *rows) {
    EXPECT_FALSE(row.source.empty());
    EXPECT_EQ(known(row.provider + ":" + row.name).name, row.name);
    for (const auto& cpu : row.cpu) {
      const auto found = find_cpu_by_name(cpu);
      ASSERT_TRUE(found.ok()) << row.name << ": " << cpu;
      EXPECT_GT(found->cores, 0) << cpu << " of " << row.name << ": its threads would be a guess";
    }
    EXPECT_TRUE(row.gpu.empty() || unpublished.contains(row.gpu) || find_gpu(row.gpu).ok()) << row.gpu;
    EXPECT_TRUE(row.embodied.low < row.embodied.value && row.embodied.value < row.embodied.high) << row.name;
    EXPECT_LE(row.embodied.value, row.host_embodied.value) << row.name;
  }
}

TEST(Instance, a_size_carries_its_part_of_the_host_and_not_all_of_it_as_ccf_has_it) {
  const auto one = known("p3.2xlarge");
  EXPECT_EQ(one.vcpus, 8.0);
  EXPECT_EQ(one.memory_gb, 61.0);
  EXPECT_EQ(one.gpu, "V100 SXM2 16GB");
  EXPECT_EQ(one.gpus, 1.0);
  EXPECT_EQ(one.host_vcpus, 72.0);
  EXPECT_NEAR(kilograms(one.host_embodied.value), 3543.79, 0.05);
  EXPECT_NEAR(kilograms(one.embodied.value), 3543.79 / 8.0, 0.05);
  EXPECT_NEAR(kilograms(known("p3.16xlarge").embodied.value), 3543.79, 0.05);
  // Four T4 of eight, and 48 of 96 vCPUs.
  const auto half = known("g4dn.12xlarge");
  EXPECT_NEAR(kilograms(half.embodied.value), kilograms(half.host_embodied.value) / 2.0, 0.05);
}

TEST(Instance, the_sizes_that_fill_a_host_add_up_to_it) {
  for (const auto& [host, size, count] :
       {std::tuple("m5.24xlarge", "m5.4xlarge", 6), std::tuple("p2.16xlarge", "p2.xlarge", 16),
        std::tuple("azure:NC24s_v3", "azure:NC6s_v3", 4), std::tuple("azure:NC24s_v3", "azure:NC12s_v3", 2),
        std::tuple("a2-ultragpu-8g", "a2-ultragpu-1g", 8), std::tuple("g5.48xlarge", "g5.24xlarge", 2)}) {
    EXPECT_NEAR(kilograms(known(size).embodied.value) * count, kilograms(known(host).host_embodied.value), 0.5) << host;
  }
}

TEST(Instance, names_are_found_as_providers_write_them) {
  EXPECT_EQ(known("azure:Standard_NC6s_v3").name, "NC6s_v3");
  EXPECT_EQ(known("Standard_NC6s_v3").gpu, "V100 PCIe 16GB");
  EXPECT_EQ(known("AWS:P3.2XLARGE").name, "p3.2xlarge");
  EXPECT_EQ(known("ml.p3.2xlarge").name, "p3.2xlarge");
  EXPECT_EQ(known("gcp:a2-highgpu-1g").gpu, "A100 SXM4 40GB");
  EXPECT_EQ(known("p5.48xlarge").gpus, 8.0);
  EXPECT_EQ(known("NC6").gpus, 0.5) << "one of the two GPUs of a K80";
  EXPECT_EQ(known("E8-2s_v4").vcpus, 2.0) << "ccf writes 0.25";
}

TEST(Instance, memory_that_the_sources_give_in_other_units_is_in_gigabytes) {
  EXPECT_EQ(known("t1.micro").memory_gb, 0.613);
  EXPECT_EQ(known("cache.t2.micro").memory_gb, 0.555);
  EXPECT_EQ(known("m2-ultramem-416").memory_gb, 11776.0);
  EXPECT_GT(kilograms(known("m2-ultramem-416").host_embodied.value), 10'000.0) << "12 TB are more than a bare server";
}

TEST(Instance, an_azure_size_with_cpus_switched_off_carries_what_the_whole_size_does) {
  EXPECT_EQ(known("E8-2s_v4").embodied.value, known("E8s_v4").embodied.value);
  EXPECT_LT(known("M64-16ms").embodied.value, known("M64-16ms").host_embodied.value * 0.6);
}

TEST(Instance, unknown_names_and_providers_are_refused_with_the_nearest) {
  const auto typo = find_instance("p3.2xlarg");
  ASSERT_FALSE(typo.ok());
  EXPECT_EQ(typo.error().kind, base::ErrorKind::kUsage);
  EXPECT_NE(typo.error().message.find("p3.2xlarge"), std::string::npos) << typo.error().message;
  const auto provider = find_instance("awz:p3.2xlarge");
  ASSERT_FALSE(provider.ok());
  EXPECT_NE(provider.error().message.find("aws"), std::string::npos) << provider.error().message;
  EXPECT_FALSE(find_instance("gcp:p3.2xlarge").ok());
  EXPECT_FALSE(find_instance("").ok());
  EXPECT_FALSE(find_instance(":").ok());
  EXPECT_FALSE(find_instance(std::string(100'000, 'p')).ok());
}

TEST(Instance, a_name_of_two_providers_is_refused_with_both) {
  const std::string table = std::string(kHeader) + "aws,x1,1,1,,,,2,10,5,s\nazure,X1,1,1,,,,2,10,5,s\n";
  ASSERT_TRUE(parse_instances(table, "t").ok());
  const auto both = find_instance_in(table, "x1");
  ASSERT_FALSE(both.ok());
  EXPECT_EQ(both.error().message, "\"x1\" is sold by several providers: say aws:x1 or azure:X1");
  EXPECT_EQ(find_instance_in(table, "azure:x1")->name, "X1");
}

TEST(Instance, its_cpu_is_the_mean_of_those_it_may_run_on_with_an_interval_that_holds_theirs) {
  const auto e2 = known("e2-standard-8");
  ASSERT_GT(e2.cpu.size(), 2U);
  const auto mean = package_power(instance_cpu(e2), 0.4, e2.vcpus);
  double low = 1e9;
  double high = 0.0;
  for (const auto& name : e2.cpu) {
    const auto cpu = *find_cpu_by_name(name);
    const auto one = package_power(cpu, 0.4, e2.vcpus);
    EXPECT_LE(units::in_watts(mean.low), units::in_watts(one.low) * 1.0001) << name;
    EXPECT_GE(units::in_watts(mean.high), units::in_watts(one.high) * 0.9999) << name;
    low = std::min(low, units::in_watts(one.value));
    high = std::max(high, units::in_watts(one.value));
  }
  EXPECT_TRUE(low < units::in_watts(mean.value) && units::in_watts(mean.value) < high);
  const auto nobody_says = known("azure:B2S");
  ASSERT_TRUE(nobody_says.cpu.empty());
  EXPECT_EQ(instance_cpu(nobody_says).match, CpuMatch::kVendorDefault);
  EXPECT_EQ(instance_cpu(known("m5.large")).name, "Intel Xeon Platinum 8175M");
}

TEST(Instance, a_corrupted_table_is_refused_with_file_and_line) {
  EXPECT_EQ(error_of("aws,a,1,1,T4,0.5,x|y,2,10,5,s\n"), "");
  EXPECT_EQ(error_of("ibm,a,1,1,,,,2,10,5,s\n"), "x.csv:2: \"ibm\" is neither aws, azure nor gcp");
  EXPECT_EQ(error_of("aws,a,0,1,,,,2,10,5,s\n"), "x.csv:2: vcpus is 0, less than 0.01");
  EXPECT_EQ(error_of("aws,a,1,1,,,,2,10,11,s\n"), "x.csv:2: embodied_kg is above that of the whole host");
  EXPECT_EQ(error_of("aws,a,1,1,T4,,,2,10,5,s\n"), "x.csv:2: gpu and gpus are not both given");
  EXPECT_EQ(error_of("aws,a,1,1,,2,,2,10,5,s\n"), "x.csv:2: gpu and gpus are not both given");
  EXPECT_EQ(error_of("aws,a,1,1,,,,2,10,5,\n"), "x.csv:2: the field \"source\" is empty");
  EXPECT_EQ(error_of("aws,a,1,1,,,,2,10,5,s\naws,A,1,1,,,,2,10,5,s\n"), "x.csv:3: the provider has this name twice");
  EXPECT_NE(error_of("aws,b,1,1,,,,2,10,5,s\naws,a,1,1,,,,2,10,5,s\n").find("x.csv:3"), std::string::npos);
}

}  // namespace
}  // namespace ebb::hardware
