#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "formats/draft.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

// Rows farther apart than this are a mistake in a time, not a series with gaps.
constexpr std::size_t kSlotsAlways = 200'000;
constexpr std::size_t kSlotsPerRow = 1'000;
constexpr auto kLongestStep = std::chrono::hours(24 * 366);

bool same_value(double a, double b) { return a == b || (series::is_missing(a) && series::is_missing(b)); }

std::string value_text(double value) { return series::is_missing(value) ? "nothing" : fmt::format("{} g/kWh", value); }

bool same_series(const Draft& a, const Draft& b) {
  const auto& x = a.provenance;
  const auto& y = b.provenance;
  // The issue first: it tells most apart, and there may be thousands.
  return a.issued == b.issued && x.zone == y.zone && x.signal == y.signal && x.source == y.source &&
         x.vintage == y.vintage && a.is_forecast == b.is_forecast && a.step == b.step;
}

/// Drafts of one series on their way to it.
class Assembly {
 public:
  explicit Assembly(std::vector<Draft> parts) : parts_(std::move(parts)) {}

  base::Expected<ReadSeries> run() {
    EBB_TRY_DO(collect());
    EBB_TRY_DO(drop_duplicates());
    EBB_TRY_DO(find_step());
    EBB_TRY(auto values, lay_out());
    Draft& first = parts_.front();
    counts_.missing = 0;
    for (const double value : values) {
      counts_.missing += series::is_missing(value) ? 1 : 0;
      counts_.zeros += value == 0.0 ? 1 : 0;
      counts_.negatives += value < 0.0 ? 1 : 0;
    }
    series::Series made(merged_provenance(), points_.front().at, step_, std::move(values));
    return ReadSeries{std::move(made), counts_, first.unit, first.time_zone, first.licence, nullptr};
  }

 private:
  [[nodiscard]] std::string where(const Point& point) const { return place_text(parts_[point.file], point.place); }

  /// The shares of the parts' quality, by their rows.
  [[nodiscard]] series::Provenance merged_provenance() const {
    auto provenance = parts_.front().provenance;
    double rows = 0.0;
    series::DataQuality sum{0.0, 0.0, 0.0};
    for (const auto& part : parts_) {
      const auto weight = static_cast<double>(part.points.size());
      const auto& quality = part.provenance.quality;
      rows += weight;
      sum.modelled += weight * quality.modelled;
      sum.filled += weight * quality.filled;
    }
    if (parts_.size() > 1 && rows > 0.0) {
      provenance.quality = {1.0 - sum.modelled / rows - sum.filled / rows, sum.modelled / rows, sum.filled / rows};
    }
    return provenance;
  }

  base::Status collect() {
    std::size_t total = 0;
    for (const auto& part : parts_) total += part.points.size();
    points_.reserve(total);
    bool sorted = true;
    for (std::size_t file = 0; file < parts_.size(); ++file) {
      const Draft& part = parts_[file];
      counts_.left_out += part.counts.left_out;
      counts_.duplicates += part.counts.duplicates;
      const std::size_t from = points_.size();
      for (Point point : part.points) {
        point.file = static_cast<std::uint32_t>(file);
        if (!points_.empty() && point.at < points_.back().at) {
          if (points_.size() > from && !part.any_order) {
            return base::bad_data(fmt::format("{}: the time {} comes after {}: rows must be in order", where(point),
                                              time::text_of(point.at), time::text_of(points_.back().at)));
          }
          sorted = false;
        }
        points_.push_back(point);
      }
    }
    counts_.rows = points_.size();
    if (points_.empty()) return base::no_data(fmt::format("{}: there are no values in it", parts_.front().name));
    if (!sorted) {
      std::stable_sort(points_.begin(), points_.end(), [](const Point& a, const Point& b) { return a.at < b.at; });
    }
    return base::Done{};
  }

  base::Status drop_duplicates() {
    std::size_t kept = 1;
    for (std::size_t i = 1; i < points_.size(); ++i) {
      const Point& before = points_[kept - 1];
      if (points_[i].at != before.at) {
        points_[kept++] = points_[i];
        continue;
      }
      if (!same_value(points_[i].value, before.value)) {
        return base::bad_data(fmt::format("{} and {} give two values for {}: {} and {}; leave one of them out",
                                          where(before), where(points_[i]), time::text_of(before.at),
                                          value_text(before.value), value_text(points_[i].value)));
      }
      ++counts_.duplicates;
    }
    points_.resize(kept);
    return base::Done{};
  }

  base::Status find_step() {
    if (const auto& stated = parts_.front().step) {
      step_ = *stated;
    } else {
      if (points_.size() < 2) {
        return base::bad_data(
            fmt::format("{}: one row does not tell the step: at least two are needed", where(points_.front())));
      }
      step_ = points_[1].at - points_[0].at;
      for (std::size_t i = 2; i < points_.size(); ++i) step_ = std::min(step_, points_[i].at - points_[i - 1].at);
    }
    if (step_ > kLongestStep) {
      return base::bad_data(fmt::format("{}: the step is longer than a year", where(points_.front())));
    }
    return base::Done{};
  }

  base::Expected<std::vector<double>> lay_out() {
    const auto begin = points_.front().at;
    const auto slots = static_cast<std::size_t>((points_.back().at - begin) / step_) + 1;
    if (slots > kSlotsAlways && slots / kSlotsPerRow > points_.size()) {
      return base::bad_data(
          fmt::format("{}: {} rows at a step of {} lie between {} and {}: nearly all of it would be "
                      "missing; is a time wrong?",
                      where(points_.back()), points_.size(), time::text_of(step_), time::text_of(begin),
                      time::text_of(points_.back().at)));
    }
    std::vector<double> values(slots, series::kMissing);
    const Point* before = points_.data();
    for (const Point& point : points_) {
      const auto since = point.at - begin;
      if (since % step_ != time::Duration(0)) {
        return base::bad_data(fmt::format(
            "{}: irregular step: {} lies {} after the row before ({}), and the step is {}", where(point),
            time::text_of(point.at), time::text_of(point.at - before->at), where(*before), time::text_of(step_)));
      }
      values[static_cast<std::size_t>(since / step_)] = point.value;
      before = &point;
    }
    return values;
  }

  std::vector<Draft> parts_;
  std::vector<Point> points_;
  Counts counts_;
  time::Duration step_{1};
};

/// A series that stands on its step already and has no other part.
ReadSeries as_it_is(const Draft& draft) {
  auto made = draft.ready->with(draft.provenance);
  Counts counts = draft.counts;
  counts.rows = made.size();
  for (const double value : made.values()) {
    counts.missing += series::is_missing(value) ? 1 : 0;
    counts.zeros += value == 0.0 ? 1 : 0;
    counts.negatives += value < 0.0 ? 1 : 0;
  }
  return {std::move(made), counts, draft.unit, draft.time_zone, draft.licence, nullptr};
}

void make_points(Draft& draft) {
  if (!draft.ready) return;
  const auto& made = *draft.ready;
  draft.points.reserve(made.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    draft.points.push_back({made.time_of(i), made[i], draft.ready_place + static_cast<std::uint32_t>(i), 0});
  }
  draft.ready.reset();
}

base::Expected<Understood> assembled(std::string format, std::vector<std::vector<Draft>> groups) {
  Understood out;
  out.format = std::move(format);
  for (auto& group : groups) {
    const bool is_forecast = group.front().is_forecast;
    const auto issued = group.front().issued;
    if (group.size() == 1 && group.front().ready && !is_forecast) {
      out.series.push_back(as_it_is(group.front()));
      continue;
    }
    for (auto& part : group) make_points(part);
    EBB_TRY(auto made, Assembly(std::move(group)).run());
    if (is_forecast) {
      out.forecasts.push_back({issued, std::move(made)});
    } else {
      out.series.push_back(std::move(made));
    }
  }
  return out;
}

}  // namespace

std::string place_text(const Draft& draft, std::uint32_t place) {
  if (draft.list.empty()) return fmt::format("{}:{}", draft.name, place);
  return fmt::format("{}: {}[{}]", draft.name, draft.list, place);
}

Counts Understood::counts() const {
  Counts sum;
  const auto add = [&sum](const Counts& one) {
    sum.rows += one.rows;
    sum.duplicates += one.duplicates;
    sum.left_out += one.left_out;
    sum.missing += one.missing;
    sum.zeros += one.zeros;
    sum.negatives += one.negatives;
  };
  for (const auto& one : series) add(one.counts);
  for (const auto& one : forecasts) add(one.values.counts);
  return sum;
}

base::Expected<Understood> assemble(std::string format, Drafts drafts) {
  std::vector<std::vector<Draft>> groups;
  for (auto& draft : drafts.drafts) {
    const auto same = [&](const std::vector<Draft>& group) { return same_series(group.front(), draft); };
    const auto found = std::find_if(groups.begin(), groups.end(), same);
    if (found == groups.end()) {
      groups.emplace_back();
      groups.back().push_back(std::move(draft));
    } else {
      found->push_back(std::move(draft));
    }
  }
  if (groups.empty()) return base::no_data("there are no values in it");
  EBB_TRY(auto out, assembled(std::move(format), std::move(groups)));
  std::set<std::string> seen;  // the same note of several files is said once
  for (auto& note : drafts.notes) {
    if (seen.insert(note).second) out.notes.push_back(std::move(note));
  }
  return out;
}

}  // namespace ebb::formats
