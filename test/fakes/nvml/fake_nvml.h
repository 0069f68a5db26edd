#pragma once

/// The controls of the fake libnvidia-ml beside NVML's own symbols; a test finds them with dlsym in the same library.
extern "C" {

/// From now on time stands where it is told; the cost of a call moves it on. Without this, time is real and begins at
/// nvmlInit_v2.
void fake_nvml_set_time_ms(double ms);
double fake_nvml_time_ms();
/// How many calls of NVML's functions have been made since the library was loaded.
unsigned long long fake_nvml_calls();
}
