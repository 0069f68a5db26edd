// A stand-in for NVIDIA's libnvidia-ml.so.1 that plays a recording: the same C symbols and layouts, found by dlopen as
// the real one is. README.md says how to write a recording. FAKE_NVML_OLD leaves out what a driver of 2016 lacked.
#include "fake_nvml.h"

#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "recording.h"
#include "sensors/nvml_abi.h"

namespace {

using fake_nvml::Board;

using namespace ebb::sensors::nvml;

std::unique_ptr<fake_nvml::Recording> recording;
int users = 0;
bool is_told_time = false;
double told_ms = 0.0;
double real_begin_ms = 0.0;
unsigned long long calls = 0;

double real_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double now_ms() { return is_told_time ? told_ms : real_ms() - real_begin_ms; }

void spend(double cost_us) {
  if (is_told_time) {
    told_ms += cost_us / 1e3;
  } else if (cost_us > 0) {
    const timespec cost{0, static_cast<long>(cost_us * 1e3)};
    ::nanosleep(&cost, nullptr);
  }
}

int load() {
  const char* path = std::getenv("EBB_FAKE_NVML");
  std::ifstream file(path != nullptr ? path : "");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::string fault = "EBB_FAKE_NVML names no recording";
  auto parsed = path != nullptr && file ? fake_nvml::parse(text, fault) : std::nullopt;
  if (!parsed) {
    std::fprintf(stderr, "fake libnvidia-ml: %s\n", fault.c_str());
    return kUnknown;
  }
  if (parsed->init_code != 0) return parsed->init_code;
  recording = std::make_unique<fake_nvml::Recording>(*std::move(parsed));
  real_begin_ms = real_ms();
  return kSuccess;
}

/// A handle is the board's number plus 1.
Board* board_of(DeviceHandle* device) {
  const auto number = reinterpret_cast<std::size_t>(device);
  return recording && number > 0 && number <= recording->boards.size() ? &recording->boards[number - 1] : nullptr;
}

/// Counts and times a call; the board, or what the call answers in place of a value.
int enter(DeviceHandle* device, double Board::*cost_us, Board*& board) {
  ++calls;
  board = board_of(device);
  if (!recording) return kUninitialized;
  if (board == nullptr) return kInvalidArgument;
  if (cost_us != nullptr) spend(board->*cost_us);
  return board->code_at(now_ms());
}

int write_text(const std::string& text, char* out, unsigned bytes) {
  if (text.size() + 1 > bytes) return kInsufficientSize;
  std::memcpy(out, text.c_str(), text.size() + 1);
  return kSuccess;
}

template <typename Entry>
int list_processes(DeviceHandle* device, unsigned* count, Entry* entries) {
  Board* board = nullptr;
  if (const int code = enter(device, &Board::cost_processes_us, board); code != kSuccess) return code;
  unsigned found = 0;
  for (const auto& process : board->processes) {
    if (now_ms() < process.from_ms || now_ms() >= process.to_ms) continue;
    if (found < *count) {
      entries[found] = {};
      entries[found].pid = process.pid;
    }
    ++found;
  }
  const bool fits = found <= *count;
  *count = found;
  return fits ? kSuccess : kInsufficientSize;
}

#ifndef FAKE_NVML_OLD
/// What drivers 535.43 to 535.86 give in version 3.
struct ProcessV3 {
  unsigned pid;
  unsigned long long memory;
  unsigned gpu_instance;
  unsigned compute_instance;
  unsigned long long protected_memory;
};

/// The driver samples once a second: the seconds after `last_us` in which a process ran.
unsigned write_samples(const Board& board, unsigned long long last_us, ProcessSample* samples, unsigned room) {
  unsigned found = 0;
  for (const auto& process : board.processes) {
    if (process.sm_percent == 0) continue;
    for (double ms = 1e3; ms <= now_ms(); ms += 1e3) {
      const auto at_us = static_cast<unsigned long long>(ms * 1e3);
      if (at_us <= last_us || ms <= process.from_ms || ms > process.to_ms) continue;
      if (found < room) samples[found] = {process.pid, at_us, process.sm_percent, 0, 0, 0};
      ++found;
    }
  }
  return found;
}

int read_field(Board& board, FieldValue& value) {
  constexpr int kUnsignedInt = 1;
  constexpr int kUnsignedLongLong = 3;
  value.type = value.field == kFieldTotalEnergy ? kUnsignedLongLong : kUnsignedInt;
  spend(value.field == kFieldTotalEnergy ? board.cost_counter_us : board.cost_power_us);
  switch (value.field) {
    case kFieldTotalEnergy:
      value.wide = board.counter_at(now_ms());
      return board.has_counter ? kSuccess : kNotSupported;
    case kFieldPowerAverage:
      value.wide = board.average_at(now_ms());
      return board.has_average ? kSuccess : kNotSupported;
    case kFieldPowerInstant:
      value.wide = board.instant_at(now_ms());
      return board.has_instant ? kSuccess : kNotSupported;
    default:
      return kInvalidArgument;
  }
}
#endif

}  // namespace

extern "C" {

int nvmlInit_v2() {
  ++calls;
  if (users > 0) {
    ++users;
    return kSuccess;
  }
  const int code = load();
  if (code == kSuccess) users = 1;
  return code;
}

int nvmlShutdown() {
  ++calls;
  if (users == 0) return kUninitialized;
  if (--users == 0) recording.reset();
  return kSuccess;
}

const char* nvmlErrorString(int code) {
  switch (code) {
    case kSuccess:
      return "Success";
    case kNotSupported:
      return "Not Supported";
    case kNoPermission:
      return "Insufficient Permissions";
    case kDriverNotLoaded:
      return "Driver Not Loaded";
    case kGpuIsLost:
      return "GPU is lost";
    case kVersionMismatch:
      return "Driver/library version mismatch";
    default:
      return "Unknown Error";
  }
}

int nvmlSystemGetDriverVersion(char* text, unsigned bytes) {
  return recording ? write_text(recording->driver, text, bytes) : kUninitialized;
}

int nvmlDeviceGetCount_v2(unsigned* count) {
  if (!recording) return kUninitialized;
  *count = static_cast<unsigned>(recording->boards.size());
  return kSuccess;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, DeviceHandle** device) {
  *device = reinterpret_cast<DeviceHandle*>(static_cast<std::size_t>(index) + 1);
  Board* board = nullptr;
  return enter(*device, nullptr, board);
}

int nvmlDeviceGetName(DeviceHandle* device, char* text, unsigned bytes) {
  Board* board = nullptr;
  const int code = enter(device, nullptr, board);
  return code == kSuccess ? write_text(board->name, text, bytes) : code;
}

int nvmlDeviceGetUUID(DeviceHandle* device, char* text, unsigned bytes) {
  Board* board = nullptr;
  const int code = enter(device, nullptr, board);
  return code == kSuccess ? write_text(board->uuid, text, bytes) : code;
}

int nvmlDeviceGetEnforcedPowerLimit(DeviceHandle* device, unsigned* mw) {
  Board* board = nullptr;
  if (const int code = enter(device, nullptr, board); code != kSuccess) return code;
  *mw = board->limit_mw;
  return board->limit_mw > 0 ? kSuccess : kNotSupported;
}

int nvmlDeviceGetPowerUsage(DeviceHandle* device, unsigned* mw) {
  Board* board = nullptr;
  if (const int code = enter(device, &Board::cost_power_us, board); code != kSuccess) return code;
  *mw = board->usage_at(now_ms());
  return board->has_usage ? kSuccess : kNotSupported;
}

int nvmlDeviceGetComputeRunningProcesses(DeviceHandle* device, unsigned* count, ProcessV1* entries) {
  return list_processes(device, count, entries);
}

#ifndef FAKE_NVML_OLD
int nvmlDeviceGetTotalEnergyConsumption(DeviceHandle* device, unsigned long long* mj) {
  Board* board = nullptr;
  if (const int code = enter(device, &Board::cost_counter_us, board); code != kSuccess) return code;
  *mj = board->counter_at(now_ms());
  return board->has_counter ? kSuccess : kNotSupported;
}

int nvmlDeviceGetFieldValues(DeviceHandle* device, int count, FieldValue* values) {
  Board* board = nullptr;
  if (const int code = enter(device, nullptr, board); code != kSuccess) return code;
  for (int i = 0; i < count; ++i) values[i].code = read_field(*board, values[i]);
  return kSuccess;
}

int nvmlDeviceGetMigMode(DeviceHandle* device, unsigned* current, unsigned* pending) {
  Board* board = nullptr;
  if (const int code = enter(device, nullptr, board); code != kSuccess) return code;
  *current = *pending = board->is_split ? 1 : 0;
  return kSuccess;
}

int nvmlDeviceGetComputeRunningProcesses_v2(DeviceHandle* device, unsigned* count, ProcessV2* entries) {
  return list_processes(device, count, entries);
}

int nvmlDeviceGetComputeRunningProcesses_v3(DeviceHandle* device, unsigned* count, ProcessV3* entries) {
  return list_processes(device, count, entries);
}

int nvmlDeviceGetProcessUtilization(DeviceHandle* device, ProcessSample* samples, unsigned* count,
                                    unsigned long long last_us) {
  Board* board = nullptr;
  if (const int code = enter(device, nullptr, board); code != kSuccess) return code;
  if (board->is_split) return kNotSupported;
  const unsigned found = write_samples(*board, last_us, samples, samples != nullptr ? *count : 0);
  const bool fits = samples != nullptr && found <= *count;
  *count = found;
  if (found == 0) return kNotFound;
  return fits ? kSuccess : kInsufficientSize;
}
#endif

void fake_nvml_set_time_ms(double ms) {
  is_told_time = true;
  told_ms = ms;
}

double fake_nvml_time_ms() { return now_ms(); }

unsigned long long fake_nvml_calls() { return calls; }

}  // extern "C"
