#include "queue/limits.h"

#include <fmt/format.h>

namespace ebb::queue {
namespace {

double in_gb(std::uint64_t bytes) { return static_cast<double>(bytes) / 1e9; }

}  // namespace

void Usage::add(const exec::Resources& resources, const std::vector<int>& boards, bool running) {
  if (running) {
    ++jobs_;
    cpus_ += resources.cpus;
  }
  memory_ += resources.memory_bytes;
  gpus_ += resources.gpus;
  for (const int board : boards) {
    const auto place = static_cast<std::size_t>(board);
    if (board >= 0 && place < board_taken_.size()) board_taken_[place] = true;
  }
}

Usage::Lack Usage::lack(const exec::Resources& resources, bool holds) const {
  if (limits_->jobs > 0 && jobs_ >= limits_->jobs) return Lack::kJobs;
  if (limits_->cpus > 0.0 && cpus_ + resources.cpus > limits_->cpus) return Lack::kCpus;
  if (holds) return Lack::kNothing;
  if (limits_->memory_bytes > 0 && memory_ + resources.memory_bytes > limits_->memory_bytes) return Lack::kMemory;
  const bool lacks_gpus = limits_->counts_gpus() && resources.gpus > 0 && gpus_ + resources.gpus > limits_->gpus;
  return lacks_gpus ? Lack::kGpus : Lack::kNothing;
}

std::string Usage::why_not(const exec::Resources& resources, bool holds) const {
  switch (lack(resources, holds)) {
    case Lack::kNothing:
      return "";
    case Lack::kJobs:
      return fmt::format("{} of {} jobs run", jobs_, limits_->jobs);
    case Lack::kCpus:
      return fmt::format("{:g} of {:g} CPUs are taken, it needs {:g}", cpus_, limits_->cpus, resources.cpus);
    case Lack::kMemory:
      return fmt::format("{:.3g} of {:.3g} GB of memory are taken, it needs {:.3g}", in_gb(memory_),
                         in_gb(limits_->memory_bytes), in_gb(resources.memory_bytes));
    case Lack::kGpus:
      return fmt::format("{} of {} GPUs are taken, it needs {}", gpus_, limits_->gpus, resources.gpus);
  }
  return "";
}

std::string Usage::why_never(const exec::Resources& resources) const {
  if (limits_->cpus > 0.0 && resources.cpus > limits_->cpus) {
    return fmt::format("it needs {:g} CPUs and the queue gives out {:g}", resources.cpus, limits_->cpus);
  }
  if (limits_->memory_bytes > 0 && resources.memory_bytes > limits_->memory_bytes) {
    return fmt::format("it needs {:.3g} GB of memory and the queue gives out {:.3g}", in_gb(resources.memory_bytes),
                       in_gb(limits_->memory_bytes));
  }
  if (limits_->counts_gpus() && resources.gpus > limits_->gpus) {
    return fmt::format("it needs {} GPUs and the queue gives out {}", resources.gpus, limits_->gpus);
  }
  return "";
}

std::vector<int> Usage::hand_out(int count) const {
  std::vector<int> boards;
  if (!limits_->hands_out_boards) return boards;
  for (std::size_t i = 0; i < board_taken_.size() && static_cast<int>(boards.size()) < count; ++i) {
    if (!board_taken_[i]) boards.push_back(static_cast<int>(i));
  }
  return boards;
}

}  // namespace ebb::queue
