// Fits the models of docs/power-model.md anew to measured power, each CPU left out in turn, and holds the document and
// the constants of the code to what comes out.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "hardware/cpu.h"
#include "hardware/gpu.h"
#include "hardware/power_model.h"
#include "support/real_data.h"

namespace ebb::hardware {
namespace {

namespace fs = std::filesystem;

std::string text_of_file(const std::string& path) {
  const auto bytes = base::load_text_file(path);
  EXPECT_TRUE(bytes.ok()) << path;
  return bytes.ok() ? std::string(bytes->view()) : "";
}

/// Rows by column name; fields in double quotes may hold commas.
std::vector<std::map<std::string, std::string>> read_csv(const std::string& path) {
  std::vector<std::map<std::string, std::string>> rows;
  std::vector<std::string> header;
  const std::string text = text_of_file(path);
  base::Lines lines(text);
  while (const auto line = lines.next()) {
    std::vector<std::string> fields{""};
    bool quoted = false;
    for (const char c : *line) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    if (header.empty()) {
      header = fields;
      continue;
    }
    rows.emplace_back();
    for (std::size_t i = 0; i < std::min(header.size(), fields.size()); ++i) rows.back()[header[i]] = fields[i];
  }
  return rows;
}

double number(std::string text) {
  std::replace(text.begin(), text.end(), ',', '.');
  const auto value = base::parse_number(base::trimmed(text));
  EXPECT_TRUE(value.has_value()) << text;
  return value.value_or(0.0);
}

struct Point {
  double busy;
  double of_tdp;  ///< watts / TDP of all its packages
};

/// One CPU model as one campaign measured it.
struct Measured {
  std::string name;
  bool in_first_campaign = false;
  double idle = 0.0;
  double full = 0.0;
  std::vector<Point> points;
};

double geometric_mean(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double v : values) sum += std::log(v);
  return std::exp(sum / static_cast<double>(values.size()));
}

double tdp_of(const std::string& name) {
  const auto cpu = find_cpu_by_name(name);
  EXPECT_TRUE(cpu.ok() && cpu->match == CpuMatch::kExactName) << name;
  return cpu.ok() ? units::in_watts(cpu->tdp) : 1.0;
}

/// codecarbon's load profiles. The column rapl_power is a row late, so energy / duration is taken.
Measured load_profile(const std::string& folder, int sockets) {
  Measured cpu;
  cpu.in_first_campaign = true;
  std::vector<double> idle;
  std::vector<double> full;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(test::real_data_folder() + "/power/codecarbon-cpu-load/" + folder)) {
    if (entry.path().string().ends_with("-2025-01-14.csv")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const auto rows = read_csv(file.string());
    cpu.name = rows.front().at("cpu_name");
    const double tdp = tdp_of(cpu.name) * sockets;
    for (const auto& row : rows) {
      const double watts = number(row.at("rapl_energy")) * 3.6e6 / number(row.at("duration"));
      cpu.points.push_back({number(row.at("cpu_load")) / 100.0, watts / tdp});
    }
    idle.push_back(cpu.points[cpu.points.size() - rows.size()].of_tdp);
    full.push_back(cpu.points.back().of_tdp);
  }
  EXPECT_EQ(files.size(), 2U) << folder;
  cpu.idle = geometric_mean(idle);
  cpu.full = geometric_mean(full);
  return cpu;
}

/// Teads' measurements on bare metal: the largest instance of the platform, scaled to the whole host.
Measured stress_test(const std::string& name, int sockets) {
  Measured cpu{"Intel " + name, false, 0.0, 0.0, {}};
  double most = 0.0;
  for (const auto& row : read_csv(test::real_data_folder() + "/factors/ccf-coefficients/data/aws-instances.csv")) {
    if (row.at("Platform CPU Name") != name || number(row.at("Instance vCPU")) <= most) continue;
    most = number(row.at("Instance vCPU"));
    const double tdp = tdp_of(cpu.name) * sockets * most / number(row.at("Platform Total Number of vCPU"));
    cpu.points.clear();
    for (const auto& [load, busy] :
         std::map<std::string, double>{{"Idle", 0.0}, {"10%", 0.1}, {"50%", 0.5}, {"100%", 1.0}}) {
      cpu.points.push_back({busy, number(row.at("PkgWatt @ " + load)) / tdp});
    }
  }
  std::sort(cpu.points.begin(), cpu.points.end(), [](const Point& a, const Point& b) { return a.busy < b.busy; });
  EXPECT_EQ(cpu.points.size(), 4U) << name;
  cpu.idle = cpu.points.front().of_tdp;
  cpu.full = cpu.points.back().of_tdp;
  return cpu;
}

std::vector<Measured> all_measured() {
  std::vector<Measured> cpus{load_profile("AMD_EPYC_8024P_8C", 1), load_profile("AMD_Threadripper", 1),
                             load_profile("E3-1240", 1), load_profile("E5-2620", 2)};
  for (const char* name : {"Xeon E5-2686 v4", "Xeon Platinum 8124M", "Xeon Platinum 8151", "Xeon Platinum 8175M",
                           "Xeon Platinum 8259CL", "Xeon Platinum 8275CL"}) {
    cpus.push_back(stress_test(name, 2));
  }
  return cpus;
}

/// The weight of each CPU: both campaigns count the same, and within one each CPU, as one campaign measured alike.
std::vector<double> weights_of(const std::vector<Measured>& cpus) {
  const auto first = std::count_if(cpus.begin(), cpus.end(), [](const Measured& c) { return c.in_first_campaign; });
  const auto second = static_cast<std::ptrdiff_t>(cpus.size()) - first;
  std::vector<double> weights;
  for (const auto& cpu : cpus) {
    const auto of_its = cpu.in_first_campaign ? first : second;
    weights.push_back((first == 0 || second == 0 ? 1.0 : 0.5) / static_cast<double>(of_its));
  }
  return weights;
}

/// Rises from 0 at 0 to 1 at 1; `a` is the parameter that is fitted.
using Shape = double (*)(double busy, double a);
double power_law(double busy, double a) { return std::pow(busy, a); }
double linear(double busy, double) { return busy; }
double saturating(double busy, double a) { return (1.0 + a) * busy / (busy + a); }
double knee(double busy, double a) { return busy < 0.5 ? 2.0 * busy * a : a + (1.0 - a) * (2.0 * busy - 1.0); }

struct Fit {
  Shape shape;
  double idle = 0.0;
  double full = 0.0;
  double a = 1.0;
  [[nodiscard]] double at(double busy) const { return idle + (full - idle) * shape(busy, a); }
};

/// Mean square of ln(measured / modelled) over a CPU's points.
double square_error(const Fit& fit, const Measured& cpu) {
  double sum = 0.0;
  for (const auto& point : cpu.points) sum += std::pow(std::log(point.of_tdp / fit.at(point.busy)), 2);
  return sum / static_cast<double>(cpu.points.size());
}

/// Idle and full are the weighted geometric means of the CPUs'; `a` the best of 0.10, 0.15 ... 3.00.
Fit fitted(const std::vector<Measured>& cpus, Shape shape) {
  const auto weights = weights_of(cpus);
  double idle = 0.0;
  double full = 0.0;
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    idle += weights[i] * std::log(cpus[i].idle);
    full += weights[i] * std::log(cpus[i].full);
  }
  Fit best{shape, std::exp(idle), std::exp(full), 1.0};
  double least = std::numeric_limits<double>::infinity();
  for (int step = 2; step <= 60; ++step) {
    Fit fit = best;
    fit.a = 0.05 * step;
    if (shape == knee && fit.a > 1.0) break;
    double error = 0.0;
    for (std::size_t i = 0; i < cpus.size(); ++i) error += weights[i] * square_error(fit, cpus[i]);
    if (error < least) {
      least = error;
      best.a = fit.a;
    }
  }
  return best;
}

std::vector<Measured> without(std::vector<Measured> cpus, const std::string& name) {
  std::erase_if(cpus, [&](const Measured& cpu) { return cpu.name == name; });
  return cpus;
}

struct Weighed {
  double value;
  double weight;
};

/// The smallest value that has at least the share q of the weights at or below it.
double quantile(std::vector<Weighed> values, double q) {
  std::sort(values.begin(), values.end(), [](const Weighed& a, const Weighed& b) { return a.value < b.value; });
  double total = 0.0;
  for (const auto& v : values) total += v.weight;
  double so_far = 0.0;
  for (const auto& v : values) {
    so_far += v.weight;
    if (so_far >= q * total) return v.value;
  }
  return values.back().value;
}

std::vector<double> ratios(const Fit& fit, const Measured& cpu) {
  std::vector<double> out;
  for (const auto& point : cpu.points) out.push_back(point.of_tdp / fit.at(point.busy));
  return out;
}

double inside(const std::vector<Weighed>& values, double low, double high) {
  double sum = 0.0;
  for (const auto& v : values) sum += v.value >= low && v.value <= high ? v.weight : 0.0;
  return sum;
}

class PowerFit : public testing::Test {
 protected:
  void SetUp() override {
    const std::string data = test::real_data_folder();
    if (data.empty() || !fs::exists(data + "/power")) GTEST_SKIP() << test::kNoRealData;
    document_ = text_of_file(EBB_SOURCE_DIR "/docs/power-model.md");
  }
  void document_says(const std::string& line) {
    EXPECT_NE(document_.find(line), std::string::npos) << "docs/power-model.md must hold: " << line;
  }
  std::string document_;
};

std::string row_of(const std::string& name, const std::vector<double>& its) {
  return fmt::format("| {} | {:.2f} | {:.2f} | {:.2f} |", name, geometric_mean(its),
                     *std::min_element(its.begin(), its.end()), *std::max_element(its.begin(), its.end()));
}

TEST_F(PowerFit, the_cpu_model_is_what_the_measured_packages_give) {
  const auto fit = fitted(all_measured(), power_law);
  EXPECT_NEAR(kIdleOfTdp, fit.idle, 0.0006);
  EXPECT_NEAR(kFullOfTdp, fit.full, 0.0006);
  EXPECT_NEAR(kBusyExponent, fit.a, 1e-9);
}

TEST_F(PowerFit, the_interval_holds_nine_in_ten_of_the_loads_of_a_cpu_that_was_left_out) {
  const auto cpus = all_measured();
  const auto weights = weights_of(cpus);
  std::vector<Weighed> pooled;
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    const auto its = ratios(fitted(without(cpus, cpus[i].name), power_law), cpus[i]);
    for (const double r : its) pooled.push_back({r, weights[i] / static_cast<double>(its.size())});
    document_says(row_of(find_cpu_by_name(cpus[i].name)->name, its));
  }
  const double low = quantile(pooled, 0.05);
  const double high = quantile(pooled, 0.95);
  document_says(fmt::format("from {:.2f} to {:.2f}", low, high));
  // Rounded outwards to 0.05.
  EXPECT_NEAR(kModelLow, std::floor(low * 20.0) / 20.0, 1e-9);
  EXPECT_NEAR(kModelHigh, std::ceil(high * 20.0) / 20.0, 1e-9);
  EXPECT_GE(inside(pooled, kModelLow, kModelHigh), 0.9);
}

TEST_F(PowerFit, the_curve_is_the_best_of_those_tried_on_cpus_left_out) {
  const auto cpus = all_measured();
  const auto weights = weights_of(cpus);
  std::map<std::string, double> errors;
  for (const auto& [name, shape] : std::map<std::string, Shape>{
           {"linear", linear}, {"power law", power_law}, {"saturating", saturating}, {"knee at half", knee}}) {
    for (std::size_t i = 0; i < cpus.size(); ++i) {
      errors[name] += weights[i] * square_error(fitted(without(cpus, cpus[i].name), shape), cpus[i]);
    }
    document_says(fmt::format("| {} | {:.3f} |", name, std::sqrt(errors[name])));
  }
  for (const auto& [name, error] : errors) EXPECT_LE(errors["power law"], error) << name;
}

TEST_F(PowerFit, a_busy_package_takes_half_to_more_than_all_of_its_design_power) {
  for (const bool first : {true, false}) {
    std::vector<double> full;
    for (const auto& cpu : all_measured()) {
      if (cpu.in_first_campaign == first) full.push_back(cpu.full);
    }
    const auto [least, most] = std::minmax_element(full.begin(), full.end());
    document_says(fmt::format("{:.2f} to {:.2f}", *least, *most));
  }
}

TEST_F(PowerFit, a_campaign_left_out_as_a_whole_is_met_worse_and_the_document_says_so) {
  std::vector<Measured> first;
  std::vector<Measured> second;
  for (auto& cpu : all_measured()) (cpu.in_first_campaign ? first : second).push_back(std::move(cpu));
  const auto spread = [&](const std::vector<Measured>& train, const std::vector<Measured>& unseen) {
    const auto fit = fitted(train, power_law);
    std::vector<Weighed> pooled;
    for (const auto& cpu : unseen) {
      const auto its = ratios(fit, cpu);
      for (const double r : its) pooled.push_back({r, 1.0 / static_cast<double>(its.size())});
    }
    return fmt::format("{:.2f} to {:.2f}", quantile(pooled, 0.05), quantile(pooled, 0.95));
  };
  document_says("stress tests alone: " + spread(second, first));
  document_says("load profiles alone: " + spread(first, second));
}

TEST_F(PowerFit, the_second_e3_1240_counts_its_cores_twice) {
  // Its readings less those of the first are the first's package less a constant: package and cores were added up.
  const auto once = load_profile("E3-1240", 1);
  const auto twice = load_profile("E5-1240", 1);
  EXPECT_GT(twice.full, 1.3) << "far above the thermal design power, for half a minute";
  const double tdp = tdp_of(once.name);
  EXPECT_NEAR((2.0 * once.full - twice.full) * tdp, (2.0 * once.idle - twice.idle) * tdp, 2.0);
  const auto others = without(all_measured(), once.name);
  document_says(row_of("Intel Xeon E3-1240 v2 (second folder)", ratios(fitted(others, power_law), twice)));
}

TEST_F(PowerFit, the_gpu_model_is_what_the_measured_trainings_give) {
  std::vector<Weighed> pooled;
  std::vector<double> means;
  for (const auto& [file, limit, title] : {std::tuple("a40", 300, "A40"), std::tuple("v100", 250, "V100 PCIe")}) {
    std::map<std::string, std::vector<double>> trainings;
    for (const auto& row : read_csv(test::real_data_folder() + "/power/zeus-nsdi23/summary_power_" + file + ".csv")) {
      if (number(row.at("power_limit")) != limit) continue;
      trainings[row.at("network") + " on " + row.at("dataset")].push_back(number(row.at("average_power")) / limit);
    }
    EXPECT_EQ(units::in_watts(find_gpu(title)->limit), limit);
    EXPECT_EQ(trainings.size(), 6U);
    double board = 0.0;
    for (const auto& [name, its] : trainings) {
      const double count = static_cast<double>(its.size());
      const double mean = std::accumulate(its.begin(), its.end(), 0.0) / count;
      board += mean / 6.0;
      for (const double r : its) pooled.push_back({r, 1.0 / 12.0 / count});
      document_says(fmt::format("| {} | {} | {:.2f} |", title, name, mean));
    }
    means.push_back(board);
    document_says(fmt::format("{}: {:.2f}", title, board));
  }
  EXPECT_NEAR(kBusyOfLimit, (means[0] + means[1]) / 2.0, 0.006);
  EXPECT_NEAR(kBusyOfLimitLow, quantile(pooled, 0.05), 0.01);
  EXPECT_NEAR(kBusyOfLimitHigh, quantile(pooled, 0.95), 0.01);
  EXPECT_GE(inside(pooled, kBusyOfLimitLow, kBusyOfLimitHigh), 0.9);
}

}  // namespace
}  // namespace ebb::hardware
