#pragma once

#include <cmath>
#include <string>

#include "formats/read.h"
#include "series/csv.h"
#include "target.h"

namespace ebb::formats {

/// What holds for one series of any file: finite or missing values, counted so, under a known signal and a name, which
/// the canonical CSV gives back.
inline void check_series(const ReadSeries& read) {
  const auto& made = read.series;
  CHECK(made.size() > 0 && !made.zone().empty() && made.step() > time::Duration(0));
  CHECK(made.signal().kind && made.signal().scope && !read.unit.empty() && !read.time_zone.empty());
  Counts counted;
  for (const double value : made.values()) {
    CHECK(series::is_missing(value) || series::is_plausible(value));
    counted.missing += series::is_missing(value) ? 1 : 0;
    counted.zeros += value == 0.0 ? 1 : 0;
    counted.negatives += value < 0.0 ? 1 : 0;
  }
  CHECK(counted.missing == read.counts.missing && counted.zeros == read.counts.zeros);
  CHECK(counted.negatives == read.counts.negatives);
  CHECK(made.size() - counted.missing + read.counts.duplicates <= read.counts.rows + read.counts.duplicates);
  const auto& quality = made.provenance().quality;
  CHECK(std::fabs(quality.measured + quality.modelled + quality.filled - 1.0) < 1e-9);
  if (made.size() < 2 || made.size() > 1000) return;
  const auto again = series::parse_csv(series::to_csv(made), "again.csv");
  CHECK(again.ok() && again->zone() == made.zone() && again->signal() == made.signal());
  CHECK(again->begin() == made.begin() && again->step() == made.step() && again->size() == made.size());
  CHECK(again->provenance().vintage == made.provenance().vintage);
}

/// Any text as a file of that format: an error that says something, or the same series twice. Answers whether it was
/// read.
inline bool check_import(std::string_view text, const std::string& name, const Options& options) {
  const auto read = read_text(text, name, options);
  if (!read) {
    CHECK(!read.error().message.empty());
    return false;
  }
  CHECK(!read->format.empty() && read->series.size() + read->forecasts.size() > 0);
  for (const auto& one : read->series) check_series(one);
  for (const auto& one : read->forecasts) check_series(one.values);
  const auto again = read_text(text, name, options);
  CHECK(again.ok() && again->notes == read->notes && again->counts() == read->counts());
  return true;
}

inline Options options_for(std::string_view format) {
  Options options;
  options.format = format;
  return options;
}

}  // namespace ebb::formats
