#include "study/foresight_rules.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace ebb::study {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

class FlexibleRule final : public ForesightRule {
 public:
  FlexibleRule(const ForesightJob& job, const series::Series& series, std::span<const double> sums, std::size_t count)
      : ForesightRule(count),
        shape_(job, series.step()),
        values_(series.values()),
        sums_(sums),
        every_(job.replan_slots.value_or(0)),
        margin_(job.margin),
        queues_(std::max<std::size_t>(1, every_)) {}

  void see(std::size_t slot, std::span<const double> values, std::span<const double> sums, bool submit) override {
    Queue* queue = every_ > 0 ? &queues_[slot % every_] : nullptr;
    const bool waits = queue != nullptr && queue->next < queue->starts.size();
    if (!submit && !waits) return;
    price(values, sums);
    if (submit) {
      const std::size_t planned = at_once() ? 0 : best_within(shape_.latest);
      starts_[slot].promised = totals_[planned];
      starts_[slot].promised_now = totals_[0];
      if (queue == nullptr || planned == 0) {
        run(slot, slot + planned);
      } else {
        queue->starts.push_back(slot);
      }
    }
    if (queue != nullptr) decide(*queue, slot);
  }

 private:
  /// Those submitted in slots of the same remainder, which are re-planned together; the oldest first.
  struct Queue {
    std::vector<std::size_t> starts;
    std::size_t next = 0;
  };

  /// The mean of each start still possible, and for how long none is better than now.
  void price(std::span<const double> values, std::span<const double> sums) {
    totals_.resize(shape_.latest + 1);
    for (std::size_t k = 0; k <= shape_.latest; ++k) totals_[k] = straight_mean(shape_, values, sums, k);
    const double now = totals_[0];
    const auto better =
        std::find_if(totals_.begin() + 1, totals_.end(), [now](double later) { return tie(later) < now; });
    best_for_ = static_cast<std::size_t>(better - totals_.begin()) - 1;
  }
  /// Waiting promises too little, measured against what waiting can do to the job at all.
  [[nodiscard]] bool at_once() const {
    if (totals_.size() == 1) return true;
    const double cheapest_later = *std::min_element(totals_.begin() + 1, totals_.end());
    const auto [low, high] = std::minmax_element(totals_.begin(), totals_.end());
    return totals_[0] - cheapest_later <= margin_ * (*high - *low);
  }
  /// Sums round: what is higher by no more than this is the same.
  static double tie(double total) { return total + plan::kTie * std::fabs(total); }
  /// The earliest of the lowest totals.
  [[nodiscard]] std::size_t best_within(std::size_t latest) const {
    const auto end = totals_.begin() + static_cast<std::ptrdiff_t>(latest) + 1;
    const double limit = tie(*std::min_element(totals_.begin(), end));
    return static_cast<std::size_t>(
        std::find_if(totals_.begin(), end, [limit](double total) { return total <= limit; }) - totals_.begin());
  }
  /// The oldest have the least slack left, so whoever waits keeps all behind him waiting.
  void decide(Queue& queue, std::size_t slot) {
    for (; queue.next < queue.starts.size(); ++queue.next) {
      const std::size_t start = queue.starts[queue.next];
      const std::size_t left = start + shape_.latest - slot;
      if (left <= best_for_) {
        run(start, slot);
      } else if (left < every_) {
        run(start, slot + best_within(left));
      } else {
        return;
      }
    }
  }
  void run(std::size_t start, std::size_t from) {
    starts_[start].realised = straight_mean(shape_, values_, sums_, from);
    starts_[start].delay = static_cast<std::uint32_t>(from - start);
  }

  ForesightShape shape_;
  std::span<const double> values_;
  std::span<const double> sums_;
  std::size_t every_;  ///< 0: once
  double margin_;
  std::vector<Queue> queues_;
  std::vector<double> totals_;
  std::size_t best_for_ = 0;
};

class PauseRule final : public ForesightRule {
 public:
  PauseRule(const ForesightJob& job, const series::Series& series, std::size_t count)
      : ForesightRule(count),
        shape_(job, series.step()),
        values_(series.values()),
        every_(job.replan_slots.value_or(0)),
        progress_(count),
        lower_(std::max<std::size_t>(1, every_)) {}

  void see(std::size_t slot, std::span<const double> values, std::span<const double> sums, bool submit) override {
    if (submit) {
      progress_[slot] = {shape_.units, kNone};
      starts_[slot].promised_now = straight_mean(shape_, values, sums, 0);
      promise(slot, values);
    }
    if (every_ == 0 || starts_.empty()) return;
    const std::size_t newest = starts_.size() - 1;
    const std::size_t behind = slot <= newest ? 0 : (slot - newest + every_ - 1) / every_ * every_;
    if (behind > slot || behind >= shape_.reach) return;
    count_lower(values);
    for (std::size_t start = slot - behind; slot - start < shape_.reach; start -= every_) {
      if (progress_[start].left > 0) decide(start, slot);
      if (start < every_) return;
    }
  }

 private:
  struct Progress {
    std::size_t left = 0;  ///< units
    std::size_t last = kNone;
  };

  /// The lowest slots of the window; what they are forecast to be, and where decided once what they were.
  void promise(std::size_t start, std::span<const double> values) {
    order_.assign(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(shape_.reach));
    const auto dearest = order_.begin() + static_cast<std::ptrdiff_t>(shape_.units) - 1;
    std::nth_element(order_.begin(), dearest, order_.end());
    const double limit = *dearest;
    auto ties = shape_.units - static_cast<std::size_t>(std::count_if(order_.begin(), dearest,
                                                                      [limit](double value) { return value < limit; }));
    double promised = 0.0;
    std::size_t left = shape_.units;
    for (std::size_t slot = 0; left > 0; ++slot) {
      if (values[slot] > limit || (values[slot] == limit && ties == 0)) continue;
      ties -= values[slot] == limit ? 1 : 0;
      promised += shape_.weight(left) * values[slot];
      if (every_ == 0) run(start, start + slot);
      --left;
    }
    starts_[start].promised = promised / shape_.length();
  }
  /// lower_[i][j]: how many of the slots behind i, up to j, are forecast lower than i.
  void count_lower(std::span<const double> values) {
    for (std::size_t i = 0; i < std::min(every_, shape_.reach); ++i) {
      lower_[i].assign(shape_.reach, 0);
      std::uint32_t count = 0;
      for (std::size_t j = i + 1; j < shape_.reach; ++j) {
        count += values[j] < values[i] ? 1U : 0U;
        lower_[i][j] = count;
      }
    }
  }
  void decide(std::size_t start, std::size_t slot) {
    const std::size_t window = shape_.reach - (slot - start);
    const Progress& progress = progress_[start];
    for (std::size_t i = 0; i < std::min(every_, window) && progress.left > 0; ++i) {
      // With no more slots than units left this always holds: the work gets done.
      if (lower_[i][window - 1] < progress.left) run(start, slot + i);
    }
  }
  void run(std::size_t start, std::size_t slot) {
    Progress& progress = progress_[start];
    ForesightStart& out = starts_[start];
    out.realised += shape_.weight(progress.left) * values_[slot];
    out.pauses += progress.last != kNone && progress.last + 1 != slot ? 1U : 0U;
    progress.last = slot;
    if (--progress.left > 0) return;
    out.realised /= shape_.length();
    out.delay = static_cast<std::uint32_t>(slot + 1 - shape_.units - start);
  }

  ForesightShape shape_;
  std::span<const double> values_;
  std::size_t every_;  ///< 0: once
  std::vector<Progress> progress_;
  std::vector<std::vector<std::uint32_t>> lower_;
  std::vector<double> order_;
};

}  // namespace

ForesightShape::ForesightShape(const ForesightJob& job, time::Duration step)
    : whole(static_cast<std::size_t>(job.duration / step)),
      piece(time::in_seconds(job.duration % step) / time::in_seconds(step)),
      units(whole + (piece > 0.0 ? 1 : 0)),
      latest(job.strategy == plan::Strategy::kRunNow ? 0 : static_cast<std::size_t>(job.slack / step)),
      reach(units + latest) {
  CHECK(job.duration.count() > 0 && job.slack.count() >= 0 && job.margin >= 0.0 && job.replan_slots != 0);
}

double straight_mean(const ForesightShape& shape, std::span<const double> values, std::span<const double> sums,
                     std::size_t from) {
  const double whole = sums[from + shape.whole] - sums[from];
  if (shape.piece == 0.0) return whole / shape.length();
  return (whole + shape.piece * values[from + shape.whole]) / shape.length();
}

std::unique_ptr<ForesightRule> make_rule(const ForesightJob& job, const series::Series& series,
                                         std::span<const double> sums, std::size_t start_count) {
  if (job.strategy == plan::Strategy::kPauseResume) return std::make_unique<PauseRule>(job, series, start_count);
  return std::make_unique<FlexibleRule>(job, series, sums, start_count);
}

}  // namespace ebb::study
