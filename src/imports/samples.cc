#include "imports/samples.h"

#include <fmt/format.h>

#include <algorithm>

#include "time/text.h"
#include "units/format.h"

namespace ebb::imports {
namespace {

base::Status check(const std::vector<Sample>& samples, const Meaning& meaning) {
  const double largest = (meaning.is_counter ? units::kLargestJoules : units::kLargestWatts) / meaning.in_base;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& sample = samples[i];
    if (i > 0 && sample.at <= samples[i - 1].at) {
      return base::bad_data(fmt::format("value {}: its time {} is not after {}", i + 1, time::text_of(sample.at),
                                        time::text_of(samples[i - 1].at)));
    }
    if (sample.value < 0.0) return base::bad_data(fmt::format("value {} is {}: below 0", i + 1, sample.value));
    if (std::isfinite(sample.value) && sample.value > largest) {
      return base::bad_data(
          fmt::format("value {} is {} {}: larger than anything can be", i + 1, sample.value, meaning.unit));
    }
  }
  return base::Done{};
}

time::Duration median_step(const std::vector<Sample>& samples) {
  std::vector<time::Duration> steps;
  for (std::size_t i = 1; i < samples.size(); ++i) steps.push_back(samples[i].at - samples[i - 1].at);
  if (steps.empty()) return time::Duration(0);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>((steps.size() - 1) / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

units::Energy energy_between(const Sample& a, const Sample& b, const Meaning& meaning) {
  if (meaning.is_counter) return units::joules((b.value - a.value) * meaning.in_base);
  return units::watts((a.value + b.value) / 2 * meaning.in_base) * time::as_quantity(b.at - a.at);
}

void add_pair(const Sample& a, const Sample& b, const Meaning& meaning, Integrated& out) {
  const time::Interval when{a.at, b.at};
  if (meaning.is_counter && b.value < a.value) {
    ++out.resets;
    out.holes.push_back({when, "reset", "the counter fell"});
    return;
  }
  // Divided, not multiplied: five steps of a century would not fit.
  if (when.length() / kLongestBridge > out.step ||
      (when.length() / kLongestBridge == out.step && when.length() % kLongestBridge != time::Duration(0))) {
    std::string detail =
        fmt::format("{} steps of {} without a reading", when.length() / out.step, time::text_of(out.step));
    if (meaning.is_counter) {
      const auto grown = energy_between(a, b, meaning);
      out.across_holes += grown;
      detail += fmt::format("; the counter grew by {}, not counted", units::text_of(grown));
    }
    out.holes.push_back({when, "unread", std::move(detail)});
    return;
  }
  const auto energy = energy_between(a, b, meaning);
  out.bridged += when.length() - out.step > out.step / 2 ? 1 : 0;
  out.energy += energy;
  out.stretches.push_back({when, energy});
}

}  // namespace

base::Expected<Integrated> integrate(const std::vector<Sample>& samples, const Meaning& meaning) {
  EBB_TRY_DO(check(samples, meaning));
  Integrated out;
  out.step = median_step(samples);
  const Sample* before = nullptr;
  for (const auto& sample : samples) {
    if (!std::isfinite(sample.value)) {
      ++out.missing;
      continue;
    }
    if (before != nullptr) add_pair(*before, sample, meaning, out);
    before = &sample;
  }
  // Before the first reading and behind the last one nothing is known either.
  const auto first = std::find_if(samples.begin(), samples.end(), [](const auto& s) { return std::isfinite(s.value); });
  if (before != nullptr && before != &samples.back()) {
    out.holes.push_back({{before->at, samples.back().at}, "read-failed", "no number"});
  }
  if (first != samples.begin() && first != samples.end()) {
    out.holes.push_back({{samples.front().at, first->at}, "read-failed", "no number"});
  }
  return out;
}

}  // namespace ebb::imports
