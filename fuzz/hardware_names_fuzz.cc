// Any text may be asked for as hardware: an answer is a row of a table, a refusal says something.
#include "hardware/cpu.h"
#include "hardware/gpu.h"
#include "hardware/instance.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto name = fuzz::text_of(data, size);
  const auto cpu = hardware::find_cpu_by_name(name);
  CHECK(cpu.ok() ? !cpu->source.empty() : !cpu.error().message.empty());
  const auto gpu = hardware::find_gpu(name);
  CHECK(gpu.ok() ? !gpu->source.empty() : !gpu.error().message.empty());
  const auto instance = hardware::find_instance(name);
  CHECK(instance.ok() ? !instance->source.empty() : !instance.error().message.empty());
  return 0;
}
