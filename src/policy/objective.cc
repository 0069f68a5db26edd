#include "policy/objective.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace ebb::policy {
namespace {

/// Half the width of a 5% to 95% interval of a normal error, in standard deviations.
constexpr double kQuantile95 = 1.6448536269514722;

/// How the outlook's slots become the plan's: each cut into `parts`, or `group` of them together.
struct Grid {
  std::int64_t parts = 1;
  std::int64_t group = 1;

  [[nodiscard]] time::Duration step(time::Duration of_outlook) const { return of_outlook / parts * group; }
};

std::int64_t parts_of(time::Duration step, time::Duration look_again) {
  constexpr std::int64_t kMostParts = 12;
  constexpr time::Duration kFinest = std::chrono::minutes(1);
  std::int64_t parts = 1;
  for (std::int64_t tried = 2; tried <= kMostParts && step / parts > look_again; ++tried) {
    if (step.count() % tried == 0 && step / tried >= kFinest) parts = tried;
  }
  return parts;
}

Grid grid_for(const Stretch& stretch, time::Duration step, time::Duration look_again) {
  const double whole = time::in_seconds(stretch.end - stretch.from);
  const double idle = whole - time::in_seconds(stretch.need);
  const auto states = [&](const Grid& grid) {
    const double seconds = time::in_seconds(grid.step(step));
    return 2.0 * (whole / seconds + 2.0) * (idle / seconds + 2.0);
  };
  Grid grid{parts_of(step, look_again), 1};
  if (states(grid) <= kMostStates) return grid;
  grid.parts = 1;
  while (states(grid) > kMostStates) grid.group *= 2;
  return grid;
}

/// Values by the outlook's slots, endless: what is not known is `otherwise`.
class Endless {
 public:
  Endless(const series::Series& series, double otherwise) : values_(series.values()), otherwise_(otherwise) {}

  [[nodiscard]] double operator[](std::size_t slot) const {
    return slot < values_.size() && std::isfinite(values_[slot]) ? values_[slot] : otherwise_;
  }

 private:
  std::span<const double> values_;
  double otherwise_;
};

series::Series on_grid(const series::Series& like, const Endless& values, const Grid& grid, const Stretch& stretch) {
  const auto fine = like.step() / grid.parts;
  const auto step = grid.step(like.step());
  const auto into = stretch.from - like.begin();
  const auto begin = like.begin() + into / fine * fine;
  const auto count = static_cast<std::size_t>((stretch.end - begin + step - time::Duration(1)) / step);
  const auto first = static_cast<std::size_t>((begin - like.begin()) / fine);
  const auto parts = static_cast<std::size_t>(grid.parts);
  const auto group = static_cast<std::size_t>(grid.group);
  std::vector<double> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (group == 1) {
      out[i] = values[(first + i) / parts];
      continue;
    }
    double sum = 0.0;
    for (std::size_t j = 0; j < group; ++j) sum += values[first + i * group + j];
    out[i] = sum / static_cast<double>(group);
  }
  return {like.provenance(), begin, step, std::move(out)};
}

/// By the outlook's slots; nothing where no slot has both quantiles.
std::optional<series::Series> sigma_of(const Outlook& outlook) {
  if (!outlook.low || !outlook.high) return std::nullopt;
  const std::size_t size = std::min({outlook.mean.size(), outlook.low->size(), outlook.high->size()});
  std::vector<double> sigma(outlook.mean.size(), series::kMissing);
  for (std::size_t i = 0; i < size; ++i) {
    const double width = (*outlook.high)[i] - (*outlook.low)[i];
    if (std::isfinite(width)) sigma[i] = std::max(0.0, width) / (2.0 * kQuantile95);
  }
  series::Series out(outlook.mean.provenance(), outlook.mean.begin(), outlook.mean.step(), std::move(sigma));
  if (series::is_missing(out.mean())) return std::nullopt;
  return out;
}

}  // namespace

std::optional<Objective> make_objective(const Outlook& outlook, Stretch& stretch, time::Duration look_again) {
  const auto& mean = outlook.mean;
  if (stretch.from < mean.begin() || stretch.from >= mean.end()) return std::nullopt;
  const double otherwise = mean.mean();
  if (!std::isfinite(otherwise)) return std::nullopt;
  const auto foreseen = mean.end() - stretch.from;
  // A slot more, so that rounding up to cells never takes away what is allowed.
  if (stretch.end - stretch.from > foreseen + stretch.need + mean.step()) {
    stretch.end = mean.end() + stretch.need + mean.step();
  }
  const Grid grid = grid_for(stretch, mean.step(), look_again);
  Objective objective{on_grid(mean, Endless(mean, otherwise), grid, stretch), std::nullopt};
  if (const auto sigma = sigma_of(outlook)) {
    objective.sigma = on_grid(*sigma, Endless(*sigma, sigma->mean()), grid, stretch);
  }
  return objective;
}

}  // namespace ebb::policy
