#pragma once

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/check.h"
#include "sensors/nvml.h"
#include "support/tally.h"
#include "time/clock.h"

namespace ebb::test {

/// A machine whose NVIDIA driver plays a recording (test/fakes/nvml/README.md), through the real dlopen, and the clock
/// of that machine: it stands where at() puts it, save that calls with a cost move it on. One at a time.
class FakeNvml final : public time::Clock {
 public:
  /// `variant`: "today" or "old", folders of fakes.
  explicit FakeNvml(const std::string& recording, const std::string& variant = "today")
      : folder_(::testing::TempDir() + "fake-nvml-" + std::to_string(::getpid())),
        library_(std::string(EBB_FAKE_NVML_DIR) + "/" + variant + "/libnvidia-ml.so.1") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ + "/proc");
    std::ofstream(folder_ + "/recording") << recording;
    ::setenv("EBB_FAKE_NVML", (folder_ + "/recording").c_str(), 1);
    handle_ = ::dlopen(library_.c_str(), RTLD_NOW | RTLD_LOCAL);
    CHECK(handle_ != nullptr);
    find("fake_nvml_set_time_ms", set_time_ms_);
    find("fake_nvml_time_ms", time_ms_);
    find("fake_nvml_calls", calls_);
    at(std::chrono::seconds(0));
  }
  ~FakeNvml() override {
    ::dlclose(handle_);
    ::unsetenv("EBB_FAKE_NVML");
    std::filesystem::remove_all(folder_);
  }
  FakeNvml(const FakeNvml&) = delete;
  FakeNvml& operator=(const FakeNvml&) = delete;

  [[nodiscard]] time::Instant now() const override { return time::Instant(steady()); }
  [[nodiscard]] time::Duration steady() const override { return time::from_seconds(time_ms_() / 1e3); }
  [[nodiscard]] time::Duration asleep() const override { return time::Duration(0); }
  void at(time::Duration when) { set_time_ms_(time::in_seconds(when) * 1e3); }

  [[nodiscard]] unsigned long long calls() const { return calls_(); }
  void add_process(int pid) const { std::filesystem::create_directory(folder_ + "/proc/" + std::to_string(pid)); }

  [[nodiscard]] sensors::Host host() const {
    sensors::Host host;
    host.sys = folder_ + "/sys";
    host.proc = folder_ + "/proc";
    host.nvml_library = library_;
    return host;
  }
  [[nodiscard]] sensors::Opened open() const { return sensors::open_nvml(host(), *this); }

  /// Reads at `from`, then every `every` up to `to`, both included; appends to `readings`.
  sensors::Health play(sensors::Sensor& sensor, time::Duration from, time::Duration to, time::Duration every,
                       std::vector<sensors::Reading>& readings) {
    auto health = sensors::Health::kFine;
    for (auto when = from; when <= to; when += every) {
      at(when);
      health = sensor.read({when, std::nullopt}, readings);
    }
    return health;
  }

 private:
  template <typename Function>
  void find(const char* name, Function*& function) {
    function = reinterpret_cast<Function*>(::dlsym(handle_, name));
    CHECK(function != nullptr);
  }

  std::string folder_;
  std::string library_;
  void* handle_ = nullptr;
  void (*set_time_ms_)(double) = nullptr;
  double (*time_ms_)() = nullptr;
  unsigned long long (*calls_)() = nullptr;
};

}  // namespace ebb::test
