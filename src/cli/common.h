#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "cli/command.h"
#include "grid/catalogue.h"
#include "series/series.h"
#include "workload/profile.h"

namespace ebb::cli {

/// Option rows that several commands share.
namespace option_rows {
inline constexpr Option kSeries{"--series", "FILE", "a series: canonical CSV, also gzip", true};
inline constexpr Option kZone{"--zone", "Z", "a grid zone that ebb has data for", true};
inline constexpr Option kZones{"--zones", "A,B", "several zones; the first is home", true};
inline constexpr Option kSignal{"--signal", "KIND", "marginal or average, where a zone has both; default marginal"};
inline constexpr Option kGridData{
    "--grid-data", "DIR",
    "folder with real series; else $EBB_GRID_DATA, --data-dir, ../shared/data; else the typical year that ships"};
}  // namespace option_rows

/// `--color`-independent error helper: the option's name before its error.
base::Error in_option(const base::Error& error, std::string_view option);

/// Durations, numbers and shares of options; nothing where the option was not given.
base::Expected<std::optional<time::Duration>> duration_option(const Arguments& arguments, std::string_view option);
base::Expected<std::optional<double>> number_option(const Arguments& arguments, std::string_view option, double low,
                                                    double high);
/// `0.1` or `10%`.
base::Expected<std::optional<double>> share_option(const Arguments& arguments, std::string_view option);
/// What `now` means in an option: the present second.
time::Instant now_of(const time::Clock& clock);
base::Expected<std::optional<time::Instant>> time_option(const Arguments& arguments, std::string_view option,
                                                         const time::Clock& clock);
base::Expected<std::optional<series::SignalKind>> signal_option(const Arguments& arguments);

grid::Catalogue open_catalogue(const Arguments& arguments, const Context& context);

/// --series, --zone and --zones in the order given on each; at least one, or kUsage.
base::Expected<std::vector<series::Series>> load_series(const Arguments& arguments, grid::Catalogue& catalogue);

/// Where ebb keeps its data: --data-dir, else $XDG_DATA_HOME/ebb, else ~/.local/share/ebb; kUsage where none of them is
/// set.
base::Expected<std::string> data_folder(const Arguments& arguments, const Context& context);
/// The store of series in that folder.
std::string store_file(const std::string& data_folder);

/// Prints each on stderr as "warning: ..." unless --quiet or --json (which carries them itself).
void print_warnings(const std::vector<std::string>& warnings, const Arguments& arguments, const Context& context);

}  // namespace ebb::cli
