#include "plan/sweep.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "plan/rank_set.h"

namespace ebb::plan {
namespace {

/// Weights that turn sums of integers into the mean intensity of the job.
struct Weights {
  Weights(const SweepSeries& series, const SweepJob& job)
      : whole(series.unit() * time::in_seconds(job.step) / time::in_seconds(job.duration)),
        piece(series.unit() * time::in_seconds(job.piece) / time::in_seconds(job.duration)) {}
  [[nodiscard]] double mean(std::int64_t whole_sum, std::int64_t piece_value) const {
    return static_cast<double>(whole_sum) * whole + static_cast<double>(piece_value) * piece;
  }
  double whole;
  double piece;
};

void resize(SweepResult& out, std::size_t starts) {
  out.intensity.resize(starts);
  out.end_key.resize(starts);
  out.pauses.resize(starts);
}

/// Totals of straight runs as whole numbers, so that equal totals are equal whatever they are made of.
struct RunTotals {
  std::vector<std::int64_t> keys;  ///< by first slot
  double intensity_of_one = 0.0;   ///< g/kWh that a key of 1 stands for
};

__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using): __extension__ is for a typedef only

/// One total for each of `count` first slots: whole slots and piece weighted by step and piece over their common
/// divisor.
void straight_runs(const SweepSeries& series, const SweepJob& job, std::size_t count, RunTotals& out) {
  const std::int64_t divisor = std::gcd(job.step.count(), job.piece.count());
  const std::int64_t whole_weight = job.step.count() / divisor;
  const std::int64_t piece_weight = job.piece.count() / divisor;
  const std::int64_t* prefix = series.prefix().data();
  const std::int64_t* values = series.values().data();
  out.keys.resize(count);
  // All values together stay below 2^62, so these few do with their weight, or they are computed wide and cut.
  const double needed = static_cast<double>(whole_weight) * static_cast<double>(job.whole + 1);
  int shift = 0;
  while (std::ldexp(static_cast<double>(series.size()), shift) < needed) ++shift;
  if (piece_weight == 0) {
    for (std::size_t i = 0; i < count; ++i) out.keys[i] = prefix[i + job.whole] - prefix[i];
  } else if (shift == 0) {
    for (std::size_t i = 0; i < count; ++i) {
      out.keys[i] = (prefix[i + job.whole] - prefix[i]) * whole_weight + values[i + job.whole] * piece_weight;
    }
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      const Wide total =
          Wide{prefix[i + job.whole] - prefix[i]} * whole_weight + Wide{values[i + job.whole]} * piece_weight;
      out.keys[i] = static_cast<std::int64_t>(total >> shift);
    }
  }
  out.intensity_of_one =
      std::ldexp(series.unit() * static_cast<double>(divisor) / 1e9 / time::in_seconds(job.duration), shift);
}

std::uint32_t straight_end(const SweepJob& job, std::size_t delay) {
  const std::size_t slots = delay + job.whole;
  return static_cast<std::uint32_t>(job.piece.count() > 0 ? 2 * (slots + 1) - 1 : 2 * slots);
}

/// Values equal to the last bit stay equal: each is rounded to the same multiple.
std::int64_t to_integer(double value, double unit) { return static_cast<std::int64_t>(std::llround(value / unit)); }

/// Keeps the q smallest of a sliding window of slots chosen, with their sum, their runs in time and the last of them.
/// Slots are counted from the begin of a stretch.
///
/// kForeseeable: nearly all or nearly no slots of a window are chosen, so a branch on it costs nothing; else it is as
/// good as random, and computed instead.
template <bool kForeseeable>
class SmallestOfWindow {
 public:
  SmallestOfWindow(const std::int64_t* values, const SweepSeries::Ranked& stretch, std::size_t wanted)
      : values_(values),
        ranks_(stretch.ranks.data()),
        slots_(stretch.slots.data()),
        wanted_(wanted),
        present_(stretch.size() + 1),
        chosen_((stretch.size() + 2) / 64 + 1) {}

  void add(std::size_t slot) {
    const std::uint32_t rank = ranks_[slot];
    present_.insert(rank);
    if constexpr (kForeseeable) {
      if (rank <= threshold_) choose(slot);
    } else {
      const std::uint64_t yes = rank <= threshold_ ? 1 : 0;
      sum_ += values_[slot] & -static_cast<std::int64_t>(yes);
      count_ += yes;
      runs_ += (1U - neighbours(slot)) & -static_cast<std::uint32_t>(yes);
      chosen_[(slot + 1) >> 6] |= yes << ((slot + 1) & 63);
    }
  }
  void remove(std::size_t slot) {
    const std::uint32_t rank = ranks_[slot];
    present_.erase(rank);
    if constexpr (kForeseeable) {
      if (rank <= threshold_) drop(slot);
    } else {
      const std::uint64_t yes = rank <= threshold_ ? 1 : 0;
      sum_ -= values_[slot] & -static_cast<std::int64_t>(yes);
      count_ -= yes;
      runs_ -= (1U - neighbours(slot)) & -static_cast<std::uint32_t>(yes);
      chosen_[(slot + 1) >> 6] &= ~(yes << ((slot + 1) & 63));
    }
  }
  /// After adds and removes: moves the threshold until as many are chosen as wanted (or as there are).
  void settle() {
    while (count_ > wanted_) {
      const std::uint32_t largest = present_.at_or_before(threshold_);
      drop(slots_[largest]);
      threshold_ = largest - 1;
    }
    while (count_ < wanted_) {
      const std::uint32_t next = present_.at_or_after(threshold_ + 1);
      CHECK(next != RankSet::kNone);
      threshold_ = next;
      choose(slots_[next]);
    }
  }
  /// The smallest value that is not chosen.
  [[nodiscard]] std::size_t next_slot() const { return slots_[present_.at_or_after(threshold_ + 1)]; }
  [[nodiscard]] std::int64_t sum() const { return sum_; }
  [[nodiscard]] std::uint32_t runs() const { return runs_; }
  [[nodiscard]] bool is_chosen(std::size_t slot) const { return bit_at(slot + 1) != 0; }
  /// The last chosen slot at or before `slot`; there must be one.
  [[nodiscard]] std::size_t last_chosen(std::size_t slot) const {
    std::size_t word = (slot + 1) >> 6;
    std::uint64_t bits = chosen_[word] << (63 - ((slot + 1) & 63));
    if (bits != 0) return slot - static_cast<std::size_t>(std::countl_zero(bits));
    do bits = chosen_[--word];
    while (bits == 0);
    return (word << 6) + 62 - static_cast<std::size_t>(std::countl_zero(bits));
  }

 private:
  void choose(std::size_t slot) {
    sum_ += values_[slot];
    ++count_;
    runs_ += 1U - neighbours(slot);
    chosen_[(slot + 1) >> 6] |= std::uint64_t{1} << ((slot + 1) & 63);
  }
  void drop(std::size_t slot) {
    sum_ -= values_[slot];
    --count_;
    chosen_[(slot + 1) >> 6] &= ~(std::uint64_t{1} << ((slot + 1) & 63));
    runs_ -= 1U - neighbours(slot);
  }
  [[nodiscard]] std::uint32_t bit_at(std::size_t at) const {
    return static_cast<std::uint32_t>(chosen_[at >> 6] >> (at & 63)) & 1U;
  }
  [[nodiscard]] std::uint32_t neighbours(std::size_t slot) const { return bit_at(slot) + bit_at(slot + 2); }

  const std::int64_t* values_;
  const std::uint32_t* ranks_;
  const std::uint32_t* slots_;
  std::size_t wanted_;
  RankSet present_;
  std::vector<std::uint64_t> chosen_;  ///< a bit for each slot, at slot + 1, so that the first has one before it
  std::uint32_t threshold_ = 0;
  std::size_t count_ = 0;
  std::int64_t sum_ = 0;
  std::uint32_t runs_ = 0;  ///< modulo 2^32, exact after settle()
};

}  // namespace

SweepSeries::SweepSeries(const series::Series& series, Ranks ranks) : step_(series.step()) {
  const auto given = series.values();
  double largest = 0.0;
  for (const double value : given) {
    if (!series::is_missing(value)) largest = std::max(largest, std::fabs(value));
  }
  // Any sum of all values stays below 2^62.
  const double room = std::ldexp(1.0, 62) / static_cast<double>(given.size() + 1);
  if (largest > 0.0) unit_ = std::ldexp(1.0, std::ilogb(largest / room) + 1);
  values_.reserve(given.size());
  prefix_.reserve(given.size() + 1);
  prefix_.push_back(0);
  missing_before_.push_back(0);
  for (const double value : given) {
    values_.push_back(series::is_missing(value) ? 0 : to_integer(value, unit_));
    prefix_.push_back(prefix_.back() + values_.back());
    missing_before_.push_back(missing_before_.back() + (series::is_missing(value) ? 1U : 0U));
  }
  if (ranks == Ranks::kYes) rank(series);
}

void SweepSeries::rank(const series::Series& series) {
  const auto given = series.values();
  std::vector<std::pair<std::int64_t, std::uint32_t>> order;
  order.reserve(given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    order.emplace_back(series::is_missing(given[i]) ? std::numeric_limits<std::int64_t>::max() : values_[i],
                       static_cast<std::uint32_t>(i));
  }
  std::sort(order.begin(), order.end());
  const auto begin_stretch = [&](std::size_t first, std::size_t size) {
    Ranked stretch;
    stretch.first = first;
    stretch.ranks.resize(size);
    stretch.slots.reserve(size + 1);
    stretch.slots.push_back(0);  // ranks begin at 1
    return stretch;
  };
  const auto append = [](Ranked& stretch, std::uint32_t slot) {
    const auto local = slot - static_cast<std::uint32_t>(stretch.first);
    stretch.ranks[local] = static_cast<std::uint32_t>(stretch.slots.size());
    stretch.slots.push_back(local);
  };
  whole_ = begin_stretch(0, given.size());
  for (std::size_t first = 0; first < given.size(); first += kStride) {
    stretches_.push_back(begin_stretch(first, std::min(2 * kStride, given.size() - first)));
  }
  // One pass in the order of all ranks each stretch in its own.
  for (const auto& [value, slot] : order) {
    append(whole_, slot);
    const std::size_t stretch = slot / kStride;
    append(stretches_[stretch], slot);
    if (stretch > 0) append(stretches_[stretch - 1], slot);
  }
}

SweepJob::SweepJob(time::Duration job_duration, time::Duration job_slack, time::Duration series_step)
    : duration(job_duration), slack(job_slack), step(series_step) {
  CHECK(duration.count() > 0 && slack.count() >= 0);
  const auto length = duration + slack;
  whole = static_cast<std::size_t>(duration / step);
  piece = duration % step;
  full = static_cast<std::size_t>(length / step);
  last_length = length % step;
  window = full + (last_length.count() > 0 ? 1 : 0);
  last_delay = static_cast<std::size_t>(slack / step);
}

std::size_t count_starts(const SweepSeries& series, const SweepJob& job) {
  return series.size() >= job.window ? series.size() - job.window + 1 : 0;
}

time::Duration delay_of(const SweepJob& job, std::uint32_t end_key) {
  const auto slots = static_cast<std::int64_t>(end_key / 2);
  return job.step * slots + (end_key % 2 == 1 ? job.piece : time::Duration(0)) - job.duration;
}

void sweep_run_now(const SweepSeries& series, const SweepJob& job, SweepResult& out) {
  const std::size_t starts = count_starts(series, job);
  resize(out, starts);
  static thread_local RunTotals runs;
  straight_runs(series, job, starts, runs);
  for (std::size_t i = 0; i < starts; ++i) {
    out.intensity[i] = static_cast<double>(runs.keys[i]) * runs.intensity_of_one;
  }
  std::fill(out.end_key.begin(), out.end_key.end(), straight_end(job, 0));
  std::fill(out.pauses.begin(), out.pauses.end(), 0U);
}

void sweep_flexible_start(const SweepSeries& series, const SweepJob& job, SweepResult& out) {
  const std::size_t starts = count_starts(series, job);
  resize(out, starts);
  if (starts == 0) return;
  std::fill(out.pauses.begin(), out.pauses.end(), 0U);
  const std::size_t width = job.last_delay + 1;
  static thread_local RunTotals runs;
  static thread_local std::vector<std::int64_t> suffix;
  static thread_local std::vector<std::uint32_t> suffix_at;
  suffix.resize(width);
  suffix_at.resize(width);
  straight_runs(series, job, starts + width - 1, runs);
  const std::int64_t* keys = runs.keys.data();
  const double scale = runs.intensity_of_one;
  // Sliding minimum by blocks of one window width: a window is the rest of one block and the begin of the next.
  const std::uint32_t end_now = straight_end(job, 0);
  for (std::size_t block = 0; block < starts; block += width) {
    std::int64_t lowest = keys[block + width - 1];
    auto at = static_cast<std::uint32_t>(width - 1);
    for (std::size_t j = width; j-- > 0;) {
      const bool lower = keys[block + j] <= lowest;
      lowest = lower ? keys[block + j] : lowest;
      at = lower ? static_cast<std::uint32_t>(j) : at;
      suffix[j] = lowest;
      suffix_at[j] = at;
    }
    const std::size_t windows = std::min(width, starts - block);
    std::int64_t ahead = std::numeric_limits<std::int64_t>::max();  // of the next block
    std::uint32_t ahead_at = 0;
    const std::int64_t* next = keys + block + width - 1;
    for (std::size_t j = 0; j < windows; ++j) {
      if (j > 0) {
        const bool lower = next[j] < ahead;
        ahead = lower ? next[j] : ahead;
        ahead_at = lower ? static_cast<std::uint32_t>(width - 1 + j) : ahead_at;
      }
      const bool keep = suffix[j] <= ahead;
      out.intensity[block + j] = static_cast<double>(keep ? suffix[j] : ahead) * scale;
      out.end_key[block + j] = end_now + 2 * ((keep ? suffix_at[j] : ahead_at) - static_cast<std::uint32_t>(j));
    }
  }
}

namespace {

/// The starts [first, last) of a sweep, all of whose windows lie in one stretch.
template <bool kForeseeable>
void sweep_stretch(const SweepSeries& series, const SweepJob& job, const SweepSeries::Ranked& stretch, std::size_t last,
                   SweepResult& out) {
  const Weights weights(series, job);
  const bool has_piece = job.piece.count() > 0;
  const bool short_fits = has_piece && job.last_length >= job.piece;
  const std::int64_t* values = series.values().data() + stretch.first;
  SmallestOfWindow<kForeseeable> window(values, stretch, job.whole);
  for (std::size_t slot = 0; slot < job.full; ++slot) window.add(slot);
  for (std::size_t start = 0;; ++start) {
    window.settle();
    std::uint32_t end_key = 0;
    std::uint32_t runs = window.runs();
    if (job.whole > 0) {
      end_key = static_cast<std::uint32_t>(2 * (window.last_chosen(start + job.full - 1) - start + 1));
    }
    std::int64_t piece_value = 0;
    if (has_piece) {
      const std::size_t behind = start + job.full;
      std::size_t slot = job.full > job.whole ? window.next_slot() : behind;
      if (short_fits && values[behind] < values[slot]) slot = behind;
      piece_value = values[slot];
      const bool joins = slot > start && window.is_chosen(slot - 1);
      runs += joins ? 0U : 1U;
      end_key = std::max(end_key, static_cast<std::uint32_t>(2 * (slot - start + 1) - 1));
    }
    const std::size_t place = stretch.first + start;
    out.intensity[place] = weights.mean(window.sum(), piece_value);
    out.end_key[place] = end_key;
    out.pauses[place] = runs - 1;
    if (place + 1 == last) return;
    window.remove(start);
    if (job.full > 0) window.add(start + job.full);
  }
}

}  // namespace

void sweep_pause_resume(const SweepSeries& series, const SweepJob& job, SweepResult& out) {
  CHECK(series.size() == 0 || series.whole().size() == series.size());
  const std::size_t starts = count_starts(series, job);
  resize(out, starts);
  if (starts == 0) return;
  const bool foreseeable = 8 * job.whole < job.full || 8 * (job.full - job.whole) < job.full;
  const auto sweep = foreseeable ? sweep_stretch<true> : sweep_stretch<false>;
  if (job.window > SweepSeries::kStride) {
    sweep(series, job, series.whole(), starts, out);
    return;
  }
  for (const auto& stretch : series.stretches()) {
    if (stretch.first >= starts) break;
    sweep(series, job, stretch, std::min(starts, stretch.first + SweepSeries::kStride), out);
  }
}

}  // namespace ebb::plan
