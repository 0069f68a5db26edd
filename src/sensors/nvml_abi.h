#pragma once

#include <cstddef>
#include <cstdint>

/// The part of NVML's binary interface that ebb uses, written from NVIDIA's public API reference (docs.nvidia.com,
/// "NVML API Reference Guide", R525 to R590), so that no NVIDIA header is needed to build.
namespace ebb::sensors::nvml {

/// nvmlReturn_t; values not named here come as well.
using Code = int;
inline constexpr Code kSuccess = 0;
inline constexpr Code kUninitialized = 1;
inline constexpr Code kInvalidArgument = 2;
inline constexpr Code kNotSupported = 3;
inline constexpr Code kNoPermission = 4;
inline constexpr Code kNotFound = 6;
inline constexpr Code kInsufficientSize = 7;
inline constexpr Code kDriverNotLoaded = 9;
inline constexpr Code kFunctionNotFound = 13;  ///< also ebb's own answer for a symbol that the library lacks
inline constexpr Code kGpuIsLost = 15;
inline constexpr Code kResetRequired = 16;
inline constexpr Code kVersionMismatch = 18;  ///< the library and the loaded kernel module differ
inline constexpr Code kUnknown = 999;

/// nvmlDevice_t; made by the library, only handed back to it.
struct DeviceHandle;

inline constexpr unsigned kFieldTotalEnergy = 83;    ///< mJ since the driver was loaded
inline constexpr unsigned kFieldPowerAverage = 185;  ///< mW, mean of the last second; Ampere without GA100, and later
inline constexpr unsigned kFieldPowerInstant = 186;  ///< mW, now

/// nvmlFieldValue_t. For the power fields the scope 0 is the GPU alone, 1 the module with its CPU.
struct FieldValue {
  unsigned field = 0;
  unsigned scope = 0;
  long long timestamp_us = 0;
  long long latency_us = 0;
  int type = 0;  ///< nvmlValueType_t: 1 unsigned int, 2 unsigned long, 3 unsigned long long, 4 long long, 5 int
  Code code = kUnknown;
  union {
    double real;
    unsigned narrow;
    unsigned long long wide = 0;
    int narrow_signed;
    long long wide_signed;
  };
};
static_assert(sizeof(FieldValue) == 40 && offsetof(FieldValue, type) == 24 && offsetof(FieldValue, wide) == 32);

/// nvmlProcessInfo_v1_t.
struct ProcessV1 {
  unsigned pid = 0;
  unsigned long long memory = 0;
};
static_assert(sizeof(ProcessV1) == 16 && offsetof(ProcessV1, memory) == 8);

/// nvmlProcessInfo_v2_t.
struct ProcessV2 {
  unsigned pid = 0;
  unsigned long long memory = 0;
  unsigned gpu_instance = 0;
  unsigned compute_instance = 0;
};
static_assert(sizeof(ProcessV2) == 24 && offsetof(ProcessV2, gpu_instance) == 16);

/// nvmlProcessUtilizationSample_t.
struct ProcessSample {
  unsigned pid = 0;
  unsigned long long timestamp_us = 0;
  unsigned sm_percent = 0;
  unsigned memory_percent = 0;
  unsigned encoder_percent = 0;
  unsigned decoder_percent = 0;
};
static_assert(sizeof(ProcessSample) == 32 && offsetof(ProcessSample, sm_percent) == 16);

inline constexpr unsigned kNameBytes = 96;

}  // namespace ebb::sensors::nvml
