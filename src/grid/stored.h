#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "series/series.h"
#include "store/store.h"

namespace ebb::grid {

/// The local store as somewhere to look for a zone's series. Opened when first asked; where there is no file it has
/// nothing, at the cost of one look. A question is answered from one series: one source and one vintage, never two.
///
/// Best first: measured before modelled; lifecycle before direct for averages, direct before lifecycle for marginal
/// signals; the newest vintage; what was retrieved last; the finest step.
/// Thread safety: none.
class Stored {
 public:
  /// Empty text: no store.
  explicit Stored(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] const std::string& path() const { return path_; }

  /// The whole of the best series of a zone that has one of this kind (nothing: marginal if there is one, else average,
  /// else unknown), of those that go over `moment` where one is given. Errors as the store's.
  base::Expected<std::optional<series::Series>> find(const std::string& zone, std::optional<series::SignalKind> kind,
                                                     std::optional<time::Instant> moment = std::nullopt);

  /// Of each kind, the slots of the best series that covers all of `when` without a gap, on to `when.end + after` as
  /// far as it goes; nothing where none does. Errors as the store's.
  struct Books {
    std::optional<series::Series> average;
    std::optional<series::Series> marginal;
  };
  base::Expected<Books> covering(const std::string& zone, time::Interval when, time::Duration after);

  /// What is in it.
  base::Expected<std::vector<store::Entry>> entries();
  base::Expected<std::vector<store::ForecastEntry>> forecasts();
  /// Of one zone, whatever the case.
  base::Expected<std::vector<store::Entry>> entries(const std::string& zone);

 private:
  /// Nothing where there is no file.
  base::Expected<store::Store*> opened();

  std::string path_;
  std::optional<store::Store> store_;
};

}  // namespace ebb::grid
