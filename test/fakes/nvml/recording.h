#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// What a fake libnvidia-ml plays back; README.md describes the text form.
namespace fake_nvml {

/// A value from each time on; the first holds before its time, too.
class Timeline {
 public:
  void set(double at_ms, double value) { values_[at_ms] = value; }
  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] std::optional<double> at(double ms) const;
  /// The integral over [from, to) in value x seconds; 0 before the first value.
  [[nodiscard]] double integral(double from_ms, double to_ms) const;

 private:
  std::map<double, double> values_;
};

struct Process {
  unsigned pid = 0;
  double from_ms = 0.0;
  double to_ms = 0.0;
  unsigned sm_percent = 0;
};

struct Failure {
  double from_ms = 0.0;
  double to_ms = 0.0;
  int code = 999;
};

struct Board {
  std::string name = "NVIDIA fake board";
  std::string uuid;
  unsigned limit_mw = 700000;
  bool has_counter = true;
  double counter_start_mj = 5000000.0;
  double counter_factor = 1.0;
  double step_ms = 100.0;
  bool is_split = false;
  bool has_instant = true;
  bool has_average = true;
  bool has_usage = true;
  double cost_counter_us = 0.0;
  double cost_power_us = 0.0;
  double cost_processes_us = 0.0;
  std::optional<double> lost_ms;
  std::vector<double> resets_ms;
  std::vector<Failure> failures;
  std::vector<Process> processes;
  Timeline power_mw;
  Timeline count_mj;  ///< as recorded from a real board, in place of the integral of power
  Timeline instant_mw;
  Timeline average_mw;
  Timeline usage_mw;

  [[nodiscard]] std::uint64_t counter_at(double ms) const;
  [[nodiscard]] unsigned instant_at(double ms) const;
  [[nodiscard]] unsigned average_at(double ms) const;
  [[nodiscard]] unsigned usage_at(double ms) const;
  /// What a call answers at that time in place of a value: lost, a failure, or 0.
  [[nodiscard]] int code_at(double ms) const;
};

struct Recording {
  std::string driver = "550.54.15";
  int init_code = 0;
  std::vector<Board> boards;
};

/// Nothing, with a line for a person in `fault`, where the text is no recording.
std::optional<Recording> parse(const std::string& text, std::string& fault);

}  // namespace fake_nvml
