#include "cli/estimate_job.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/common.h"
#include "cli/estimate_words.h"
#include "hardware/embodied.h"
#include "hardware/gpu.h"
#include "hardware/instance.h"
#include "hardware/memory.h"
#include "hardware/power_model.h"
#include "units/format.h"
#include "units/parse.h"

namespace ebb::cli {
namespace {

using hardware::ComponentKind;

constexpr Busy kGpuUnsaid{0.5, 0.75, 1.0, false};
constexpr Busy kCpuUnsaid{0.1, 0.5, 1.0, false};
constexpr Busy kCpuBesideGpuUnsaid{0.0, 0.25, 1.0, false};

/// Takes parts together while the options are read.
class Builder {
 public:
  Builder(const Arguments& arguments, time::Duration held) : arguments_(arguments), held_(held) {
    job_.embodied_interval = carbon::exactly(units::Emissions{});
  }
  base::Expected<JobHardware> build();

 private:
  base::Status add_gpus(const std::string& name, double count);
  base::Status take_gpu();
  base::Status take_cpu();
  base::Status take_memory();
  base::Status take_instance();
  base::Status take_power();
  base::Status take_embodied_option();
  base::Expected<Busy> cpu_busy() const;
  void add(EstimatedPart part, const std::string& how);
  void add_embodied(const std::string& device, const hardware::EmissionsRange& each, double count, double years,
                    const std::string& source);
  void add_held(const std::string& device, double count, const std::string& fallback = {});

  const Arguments& arguments_;
  time::Duration held_;
  JobHardware job_;
  bool has_gpu_ = false;
  double server_share_ = 0.0;
};

/// --utilisation is of the GPUs where there are any, else of the CPU.
base::Expected<Busy> Builder::cpu_busy() const {
  if (arguments_.has("--cpu-utilisation") || has_gpu_)
    return busy_of(arguments_, "--cpu-utilisation", kCpuBesideGpuUnsaid);
  return busy_of(arguments_, "--utilisation", kCpuUnsaid);
}

void Builder::add(EstimatedPart part, const std::string& how) {
  job_.description +=
      fmt::format("{}{}{}{}", job_.description.empty() ? "" : "; ", part.device, how.empty() ? "" : " ", how);
  job_.parts.push_back(std::move(part));
}

void Builder::add_embodied(const std::string& device, const hardware::EmissionsRange& each, double count, double years,
                           const std::string& source) {
  const double part = count * time::in_seconds(held_) / (years * time::in_seconds(hardware::kLifetimeYear));
  account::EmbodiedShare share;
  share.device = device;
  share.count = count;
  share.held = held_;
  share.lifetime_years = years;
  share.each = each.value;
  share.share = each.value * part;
  share.source = source;
  job_.embodied.push_back(std::move(share));
  // The ends add up: the parts' figures are of one method.
  job_.embodied_interval.low += each.low * part;
  job_.embodied_interval.value += each.value * part;
  job_.embodied_interval.high += each.high * part;
}

void Builder::add_held(const std::string& device, double count, const std::string& fallback) {
  auto factor = hardware::find_embodied(device);
  if (!factor && !fallback.empty()) {
    factor = hardware::find_embodied(fallback);
    job_.warnings.push_back(fmt::format("embodied: no source has {}; the figure of {} is taken", device, fallback));
  }
  if (factor) add_embodied(factor->device, factor->each, count, factor->lifetime_years, factor->source);
}

base::Status Builder::add_gpus(const std::string& name, double count) {
  const auto found = hardware::find_gpu(name);
  if (!found) return in_option(found.error(), "--gpu");
  const auto& gpu = *found;
  EBB_TRY(const auto busy, busy_of(arguments_, "--utilisation", kGpuUnsaid));
  const auto power = spanned(busy, [&](double share) { return hardware::gpu_power(gpu, share) * count; });
  add({"gpu", ComponentKind::kGpu, count_of(count, gpu.name), power, "board power model; " + gpu.source},
      text_of(busy));
  has_gpu_ = true;
  return base::Done{};
}

base::Status Builder::take_gpu() {
  EBB_TRY(const auto boards, several(arguments_, "--gpu", "--gpus"));
  EBB_TRY_DO(add_gpus(boards.second, boards.first));
  add_held(boards.second, boards.first, "any-gpu");
  return base::Done{};
}

base::Status Builder::take_cpu() {
  const auto cpu = hardware::find_cpu_by_name(*arguments_.get("--cpu"));
  if (!cpu) return in_option(cpu.error(), "--cpu");
  EBB_TRY(const auto cores, number_option(arguments_, "--cores", 1e-3, kMostParts));
  EBB_TRY(const auto busy, cpu_busy());
  const double threads_per_core = cpu->cores > 0 ? static_cast<double>(cpu->threads) / cpu->cores : 2.0;
  const double logical = cores ? *cores * threads_per_core : static_cast<double>(cpu->threads);
  const auto power = spanned(busy, [&](double share) { return hardware::package_power(*cpu, share, logical); });
  const auto device = cores ? fmt::format("{:g} cores of {}", *cores, cpu->name) : cpu->name;
  add({"cpu", ComponentKind::kCpu, device, power, "package power model; " + cpu->source}, text_of(busy));
  const double packages = logical / cpu->threads;
  server_share_ = std::min(1.0, packages);
  add_held("server", server_share_);
  if (packages > 1.0) add_held("cpu", packages - 1.0);
  return base::Done{};
}

base::Status Builder::take_memory() {
  const auto parsed = parse_gigabytes(*arguments_.get("--memory"));
  if (!parsed) return in_option(parsed.error(), "--memory");
  const double size = *parsed;
  add({"memory", ComponentKind::kDram, fmt::format("{:g} GB", size), hardware::memory_power(size),
       "the median of published coefficients; data/memory_power.csv"},
      "");
  constexpr double kGigabytesOfServer = 16.0;  // that the figure of a server holds (data/embodied.csv)
  if (const double further = size - kGigabytesOfServer * server_share_; further > 0.0) add_held("memory", further);
  return base::Done{};
}

base::Status Builder::take_instance() {
  EBB_TRY(const auto machines, several(arguments_, "--instance", "--instances"));
  const auto found = hardware::find_instance(machines.second);
  if (!found) return in_option(found.error(), "--instance");
  const auto& instance = *found;
  const double count = machines.first;
  job_.provider = instance.provider;
  job_.description = count_of(count, instance.provider + ":" + instance.name);
  const bool known = hardware::find_gpu(instance.gpu).ok();
  if (known) EBB_TRY_DO(add_gpus(instance.gpu, instance.gpus * count));
  if (!known && !instance.gpu.empty()) {
    job_.warnings.push_back(
        fmt::format("no power of {} is published: it is left out, so all figures are too low by it", instance.gpu));
  }
  const auto cpu = hardware::instance_cpu(instance);
  EBB_TRY(const auto busy, cpu_busy());
  const auto power =
      spanned(busy, [&](double share) { return hardware::package_power(cpu, share, instance.vcpus) * count; });
  add({"cpu", ComponentKind::kCpu, fmt::format("{:g} vCPUs of {}", instance.vcpus * count, cpu.name), power,
       "package power model; " + cpu.source},
      text_of(busy));
  add({"memory", ComponentKind::kDram, fmt::format("{:g} GB", instance.memory_gb * count),
       hardware::memory_power(instance.memory_gb) * count,
       "the median of published coefficients; data/memory_power.csv"},
      "");
  constexpr double kServerYears = 4.0;
  add_embodied(fmt::format("{}:{}: its part of the host", instance.provider, instance.name), instance.embodied, count,
               kServerYears, "data/instances.csv; " + instance.source);
  return base::Done{};
}

base::Status Builder::take_power() {
  const auto power = units::parse_power(*arguments_.get("--power"));
  if (!power) return in_option(power.error(), "--power");
  add({"machine", ComponentKind::kOther, "equipment of " + units::text_of(*power), {*power, *power, *power}, "given"},
      "");
  return base::Done{};
}

/// --embodied none or grams in place of what the tables give.
base::Status Builder::take_embodied_option() {
  const auto text = arguments_.get("--embodied").value_or("auto");
  if (text == "auto") return base::Done{};
  double grams = 0.0;
  if (text != "none") {
    const auto number = base::parse_number(text);
    if (!number || *number < 0.0 || *number > 1e15) {
      return base::usage_error(
          fmt::format("--embodied: {} is neither auto, none, nor a number of grams", base::in_quotes(text)));
    }
    grams = *number;
  }
  job_.embodied.clear();
  job_.embodied_interval = carbon::exactly(units::grams(grams));
  if (text == "none") return base::Done{};
  account::EmbodiedShare share;
  share.device = "given";
  share.count = 1.0;
  share.held = held_;
  share.share = units::grams(grams);
  share.source = "--embodied";
  job_.embodied.push_back(std::move(share));
  return base::Done{};
}

base::Expected<JobHardware> Builder::build() {
  const bool by_parts = arguments_.has("--gpu") || arguments_.has("--cpu") || arguments_.has("--memory");
  if (arguments_.has("--instance") && by_parts) {
    return base::usage_error("--instance has its own GPUs, CPU and memory: leave out --gpu, --cpu and --memory");
  }
  if (arguments_.has("--instance")) EBB_TRY_DO(take_instance());
  if (arguments_.has("--gpu")) EBB_TRY_DO(take_gpu());
  if (arguments_.has("--cpu")) EBB_TRY_DO(take_cpu());
  if (arguments_.has("--memory")) EBB_TRY_DO(take_memory());
  if (arguments_.has("--power")) EBB_TRY_DO(take_power());
  if (job_.parts.empty()) {
    return base::usage_error(
        "say what the job runs on: --gpu A100 --gpus 8, --cpu NAME, --instance aws:p3.2xlarge or --power 300W");
  }
  for (const auto& [option, needed] :
       {std::pair("--gpus", "--gpu"), std::pair("--cores", "--cpu"), std::pair("--instances", "--instance")}) {
    if (arguments_.has(option) && !arguments_.has(needed)) {
      return base::usage_error(fmt::format("{} says how many: {} says of what", option, needed));
    }
  }
  const bool whole = arguments_.has("--instance") || arguments_.has("--power");
  if (!whole && !(arguments_.has("--cpu") && arguments_.has("--memory"))) {
    job_.warnings.emplace_back(
        "only what was named is counted: --cpu, --memory or --instance give the rest of the machine");
  }
  EBB_TRY_DO(take_embodied_option());
  return std::move(job_);
}

/// "8xA100" -> "A100".
std::string without_count(const std::string& words) {
  const auto digits = words.find_first_not_of("0123456789");
  const bool counted = digits != std::string::npos && digits > 0 && words[digits] == 'x';
  return counted ? words.substr(digits + 1) : words;
}

/// --hardware as the option that it stands for: whoever knows the name, boards first.
base::Expected<Arguments> named_by_kind(const Arguments& arguments) {
  Arguments out = arguments;
  const auto name = arguments.get("--hardware");
  if (!name) return out;
  for (const auto* other : {"--gpu", "--cpu", "--instance"}) {
    if (arguments.has(other)) {
      return base::usage_error(fmt::format("--hardware stands for {}: give one of the two", other));
    }
  }
  const auto plain = without_count(*name);
  const auto gpu = hardware::find_gpu(plain);
  const bool is_cpu = !gpu && hardware::find_cpu_by_name(plain).ok();
  const bool is_instance = !gpu && !is_cpu && hardware::find_instance(plain).ok();
  if (!gpu && !is_cpu && !is_instance) return in_option(gpu.error(), "--hardware (no GPU, CPU or instance)");
  out.add(is_cpu ? "--cpu" : (is_instance ? "--instance" : "--gpu"), *name);
  return out;
}

}  // namespace

const std::vector<Option>& hardware_options() {
  static const std::vector<Option> options{
      {"--hardware", "NAME", "GPU, CPU or instance, whichever has that name: 8xA100, \"EPYC 7763\", aws:p3.2xlarge"},
      {"--gpu", "NAME", "GPU or TPU: A100, \"RTX 3090\", 8xV100"},
      {"--gpus", "N", "how many of them; default 1"},
      {"--cpu", "NAME", "CPU: \"EPYC 7763\", \"Xeon Platinum 8259CL\""},
      {"--cores", "N", "cores of it that the job holds; default one whole package"},
      {"--memory", "SIZE", "main memory that the job holds: 64GB, 1TB"},
      {"--instance", "NAME", "a cloud's virtual machine in place of the above: aws:p3.2xlarge, NC6s_v3"},
      {"--instances", "N", "how many of them; default 1"},
      {"--power", "W", "power of (the rest of) the equipment: 300W, 8x300W"},
      {"--utilisation", "P", "share of time in which the GPUs (else the CPU) work: 70%; default: a range"},
      {"--cpu-utilisation", "P", "that of the CPU beside GPUs; default: a range"},
      {"--embodied", "M", "auto (default), none, or grams: the job's share of making the hardware"},
  };
  return options;
}

base::Expected<JobHardware> hardware_of(const Arguments& arguments, time::Duration held) {
  EBB_TRY(const auto named, named_by_kind(arguments));
  return Builder(named, held).build();
}

}  // namespace ebb::cli
