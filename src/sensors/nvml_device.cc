#include "sensors/nvml_device.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

namespace ebb::sensors::nvml {
namespace {

using TextCall = Code (*)(DeviceHandle*, char*, unsigned);

std::string printable(const char* text, std::size_t bytes) {
  std::string clean(text, ::strnlen(text, bytes));
  for (auto& c : clean) c = c >= ' ' && c <= '~' ? c : '?';
  return clean;
}

std::string text_of(TextCall call, DeviceHandle* handle) {
  std::array<char, kNameBytes> text{};
  if (call == nullptr || call(handle, text.data(), kNameBytes) != kSuccess) return "";
  return printable(text.data(), text.size());
}

/// Grows the list until it holds what the driver has; another process may start in between.
template <typename Entry, typename Call>
Answer<std::vector<Entry>> list_of(Call call) {
  constexpr unsigned kMostEntries = 4096;
  std::vector<Entry> entries(32);
  for (int attempt = 0; attempt < 4; ++attempt) {
    auto count = static_cast<unsigned>(entries.size());
    const Code code = call(&count, entries.data());
    if (code == kInsufficientSize && count <= kMostEntries) {
      entries.assign(count + 16, {});
      continue;
    }
    if (code == kSuccess && count > entries.size()) return {kUnknown, {}};
    entries.resize(code == kSuccess ? count : 0);
    return {code, std::move(entries)};
  }
  return {kInsufficientSize, {}};
}

using ProcessCall = Code (*)(DeviceHandle*, unsigned*, ProcessV2*);
using ProcessCallV1 = Code (*)(DeviceHandle*, unsigned*, ProcessV1*);

template <typename Process, typename Call>
Answer<std::vector<unsigned>> pids_by(Call call, DeviceHandle* handle) {
  const auto processes =
      list_of<Process>([&](unsigned* count, Process* entries) { return call(handle, count, entries); });
  Answer<std::vector<unsigned>> pids{processes.code, {}};
  for (const auto& process : processes.value) pids.value.push_back(process.pid);
  return pids;
}

Answer<std::vector<unsigned>> pids_of(ProcessCall call, ProcessCallV1 old_call, DeviceHandle* handle) {
  if (call != nullptr) return pids_by<ProcessV2>(call, handle);
  if (old_call != nullptr) return pids_by<ProcessV1>(old_call, handle);
  return {};
}

Answer<std::uint64_t> number_in(const FieldValue& field) {
  switch (field.type) {
    case 1:
      return {kSuccess, field.narrow};
    case 2:
    case 3:
      return {kSuccess, field.wide};
    case 4:
      if (field.wide_signed >= 0) return {kSuccess, field.wide};
      break;
    case 5:
      if (field.narrow_signed >= 0) return {kSuccess, field.narrow};
      break;
    default:
      break;
  }
  return {kInvalidArgument, 0};
}

}  // namespace

const char* name_of(PowerSource source) {
  switch (source) {
    case PowerSource::kInstant:
      return "NVML field 186 (instant power)";
    case PowerSource::kAverage:
      return "NVML field 185 (mean power of the last second)";
    case PowerSource::kUsage:
      break;
  }
  return "nvmlDeviceGetPowerUsage";
}

std::string error_text(const Calls& calls, Code code) {
  const char* text = calls.error_string != nullptr ? calls.error_string(code) : nullptr;
  if (text == nullptr) return fmt::format("NVML error {}", code);
  return fmt::format("{} (NVML error {})", printable(text, 200), code);
}

std::string Device::name() const {
  const auto name = text_of(calls_->name, handle_);
  return name.empty() ? "NVIDIA board" : name;
}

std::string Device::uuid() const { return text_of(calls_->uuid, handle_); }

Answer<bool> Device::is_split() const {
  if (calls_->mig_mode == nullptr) return {};
  unsigned current = 0;
  unsigned pending = 0;
  const Code code = calls_->mig_mode(handle_, &current, &pending);
  return {code, current == 1};
}

Answer<std::uint64_t> Device::power_limit_mw() const {
  if (calls_->power_limit == nullptr) return {};
  unsigned limit_mw = 0;
  const Code code = calls_->power_limit(handle_, &limit_mw);
  return {code, limit_mw};
}

Answer<std::uint64_t> Device::total_energy_mj() const {
  if (calls_->total_energy == nullptr) return {};
  unsigned long long energy_mj = 0;
  const Code code = calls_->total_energy(handle_, &energy_mj);
  return {code, energy_mj};
}

Answer<std::uint64_t> Device::power_mw(PowerSource source) const {
  if (source != PowerSource::kUsage) {
    return field(source == PowerSource::kInstant ? kFieldPowerInstant : kFieldPowerAverage);
  }
  if (calls_->power_usage == nullptr) return {};
  unsigned power_mw = 0;
  const Code code = calls_->power_usage(handle_, &power_mw);
  return {code, power_mw};
}

Answer<std::uint64_t> Device::field(unsigned id) const {
  if (calls_->field_values == nullptr) return {};
  FieldValue value;
  value.field = id;
  const Code code = calls_->field_values(handle_, 1, &value);
  if (code != kSuccess) return {code, 0};
  if (value.code != kSuccess) return {value.code, 0};
  return number_in(value);
}

Answer<std::vector<unsigned>> Device::compute_pids() const {
  return pids_of(calls_->compute_processes, calls_->compute_processes_v1, handle_);
}

Answer<std::vector<ProcessSample>> Device::samples_since(std::uint64_t last_seen_us) const {
  if (calls_->process_utilization == nullptr) return {};
  return list_of<ProcessSample>([&](unsigned* count, ProcessSample* entries) {
    return calls_->process_utilization(handle_, entries, count, last_seen_us);
  });
}

}  // namespace ebb::sensors::nvml
