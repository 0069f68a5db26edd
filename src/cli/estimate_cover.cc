#include "cli/estimate_cover.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "carbon/books.h"
#include "cli/common.h"
#include "grid/catalogue.h"
#include "series/csv.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

constexpr auto kAfter = std::chrono::hours(30);  // later starts are looked at for a day

/// The mean of a job of `length` from every slot edge of the series at which it fits; whole slots.
std::vector<double> job_means(const series::Series& series, time::Duration length) {
  const auto slots = static_cast<std::size_t>(std::max<std::int64_t>(1, (length + series.step() / 2) / series.step()));
  std::vector<double> means;
  double sum = 0.0;
  std::size_t missing = 0;
  for (std::size_t end = 0; end < series.size(); ++end) {
    const auto add = [&](std::size_t slot, double sign) {
      if (series::is_missing(series[slot])) {
        missing += sign > 0.0 ? 1 : std::size_t(-1);
      } else {
        sum += sign * series[slot];
      }
    };
    add(end, 1.0);
    if (end + 1 < slots) continue;
    if (missing == 0) means.push_back(sum / static_cast<double>(slots));
    add(end + 1 - slots, -1.0);
  }
  return means;
}

/// A series at the mean over all starts inside another, over `when`, and how a job's own mean lies around it.
base::Expected<series::Series> at_any_time(const series::Series& series, const When& when,
                                           std::optional<std::pair<double, double>>* factors) {
  auto means = job_means(series, when.length);
  if (means.empty()) {
    return base::no_data(fmt::format("the series of {} has no room for a job of {} without a missing slot",
                                     series.zone(), time::text_of(when.length)));
  }
  double mean = 0.0;
  for (const double one : means) mean += one / static_cast<double>(means.size());
  std::sort(means.begin(), means.end());
  const auto at = [&](double share) {
    return means[static_cast<std::size_t>(std::lround(share * static_cast<double>(means.size() - 1)))];
  };
  if (mean > 0.0 && at(0.05) >= 0.0) factors->emplace(std::min(1.0, at(0.05) / mean), std::max(1.0, at(0.95) / mean));
  auto provenance = series.provenance();
  provenance.source = "mean over the starts in " + (provenance.source.empty() ? "the series" : provenance.source);
  return series::Series(std::move(provenance), when.interval().begin, when.length, {mean});
}

base::Status take_file(const std::string& path, const When& when, grid::Cover& cover) {
  EBB_TRY(auto series, series::load_csv(path));
  const auto book = carbon::book_of(series.signal());
  if (!book) return book.error().in(path);
  const bool average = *book == carbon::BookKind::kAttributional;
  auto& factors = average ? cover.average_factors : cover.marginal_factors;
  factors.reset();
  if (!when.start) {
    auto constant = at_any_time(series, when, &factors);
    if (!constant) return constant.error().in(path);
    series = *std::move(constant);
  }
  (average ? cover.average : cover.marginal) = std::move(series);
  return base::Done{};
}

}  // namespace

base::Expected<grid::Cover> cover_of(const Arguments& arguments, const Context& context, const grid::Place& place,
                                     const When& when) {
  grid::Cover cover;
  if (!place.zone.empty() && !when.start) cover = grid::any_time(place, when.length, when.year);
  if (!place.zone.empty() && when.start) {
    auto catalogue = open_catalogue(arguments, context);
    const auto& name = place.region.empty() ? place.zone : place.region;
    EBB_TRY(cover, catalogue.covering(name, when.interval(), kAfter));
  }
  const auto files = arguments.all("--series");
  if (files.size() > 2) return base::usage_error("--series: one for each book, at most two");
  // What the place has not is no news where files are given.
  if (!files.empty()) cover.warnings.clear();
  for (const auto& path : files) EBB_TRY_DO(take_file(path, when, cover));
  return cover;
}

}  // namespace ebb::cli
