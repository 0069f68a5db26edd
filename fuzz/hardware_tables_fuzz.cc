// The first byte chooses the table. What a loader accepts keeps its promises, and every row is found again.
#include <cmath>
#include <string>

#include "hardware/cpu.h"
#include "hardware/cpu_family.h"
#include "hardware/gpu.h"
#include "hardware/instance.h"
#include "hardware/memory.h"
#include "target.h"

namespace {

using namespace ebb;

void check_cpus(std::string_view text) {
  const auto rows = hardware::parse_cpu_powers(text, "fuzz.csv");
  if (!rows) return;
  for (const auto& row : *rows) {
    CHECK(units::Power{} < row.low && row.low <= row.tdp && row.tdp <= row.high && row.idle <= row.full);
    CHECK(!row.source.empty() && std::isfinite(units::in_watts(row.high)));
  }
}

void check_families(std::string_view text) {
  const auto rows = hardware::parse_cpu_families(text, "fuzz.csv");
  if (!rows) return;
  for (const auto& row : *rows) {
    CHECK(units::Power{} < row.low && row.low <= row.each && row.each <= row.high && row.cores >= 1);
    CHECK(row.threads >= row.cores && !row.source.empty());
  }
}

void check_gpus(std::string_view text) {
  const auto rows = hardware::parse_gpu_powers(text, "fuzz.csv");
  if (!rows) return;
  for (const auto& row : *rows) {
    const auto power = hardware::gpu_power(row, 0.5);
    CHECK(units::Power{} < power.low && power.low <= power.value && power.value <= power.high);
    CHECK(std::isfinite(units::in_watts(power.high)) && !row.source.empty());
  }
}

void check_memory(std::string_view text) {
  const auto rows = hardware::parse_memory_powers(text, "fuzz.csv");
  if (!rows) return;
  for (const auto& row : *rows) CHECK(row.low <= row.value && row.value <= row.high && !row.source.empty());
}

void check_instances(std::string_view text) {
  const auto rows = hardware::parse_instances(text, "fuzz.csv");
  if (!rows) return;
  for (const auto& row : *rows) {
    const auto found = hardware::find_instance_in(text, row.provider + ":" + row.name);
    CHECK(found.ok() && found->provider == row.provider && found->embodied.value <= found->host_embodied.value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto text = fuzz::text_of(data + 1, size - 1);
  switch (data[0]) {
    case 'c':
      check_cpus(text);
      break;
    case 'f':
      check_families(text);
      break;
    case 'g':
      check_gpus(text);
      break;
    case 'm':
      check_memory(text);
      break;
    case 'i':
      check_instances(text);
      break;
    default:
      break;
  }
  return 0;
}
