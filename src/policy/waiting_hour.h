#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "series/series.h"
#include "time/instant.h"

namespace ebb::policy {

/// A start that was chosen for what each hour of it saves.
struct Wait {
  time::Instant start;
  double saved_g_per_kwh = 0.0;  ///< against starting at once, for a job of the length asked with; 0 at once
  double per_hour = 0.0;         ///< that, for each hour from now to the job's end
};

/// For a job whose length nobody knows: the start with the largest saving for each hour that passes until the job is
/// done, (C(now) - C(start)) / (start - now + length), where C is the mean intensity over `length` from there and
/// `length` the average of the job's class. At once where no wait saves anything; the earliest among equals.
///
/// GAIA's Carbon-Time (Hanafy et al., Going Green for Less Green, ASPLOS 2024). Starts are `now` and every slot's edge
/// up to now + longest_wait. Where the series ends earlier, so do the starts; kNoData where it does not even cover a
/// start at once or misses slots there; kUsage: a length of nothing, a wait below zero.
base::Expected<Wait> best_wait(const series::Series& foreseen, time::Instant now, time::Duration length,
                               time::Duration longest_wait);

/// How long jobs of a class ran, on average. Thread safety: none.
class ClassLengths {
 public:
  /// Negative lengths are passed over.
  void add(std::string_view job_class, time::Duration ran);
  /// Nothing where none of the class has ended yet.
  [[nodiscard]] std::optional<time::Duration> average(std::string_view job_class) const;
  /// Of all classes together: for a class that is new.
  [[nodiscard]] std::optional<time::Duration> average() const;

 private:
  struct Sum {
    double seconds = 0.0;
    double jobs = 0.0;

    [[nodiscard]] std::optional<time::Duration> mean() const;
  };
  std::map<std::string, Sum, std::less<>> classes_;
  Sum all_;
};

}  // namespace ebb::policy
