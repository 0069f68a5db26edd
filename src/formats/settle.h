#pragma once

#include <string>

#include "base/expected.h"
#include "formats/draft.h"
#include "formats/options.h"

namespace ebb::formats {

/// The factor to g/kWh of values that stand in `documented`. kBadData naming --unit where the user says another.
base::Expected<double> documented_unit(const std::string& name, std::string_view documented, const Options& options);

/// The zone of a file that does not name it. kBadData asking for --zone where the user does not say it either.
base::Expected<std::string> zone_from_user(const std::string& name, const Options& options);

/// Makes shown times UTC by --time-zone. kBadData asking for it where the times carry none and it is not given, naming
/// the first such row.
base::Status local_times(Draft& draft, const Options& options);

/// Holds what readers found against what the user says: leaves out zones and signals that are not wanted, fills in
/// signal, source, licence, vintage. kBadData where the two contradict each other, or where the signal is said by
/// neither; kNoData where nothing is left, with the nearest zones.
base::Expected<Drafts> settle(const std::string& name, Drafts drafts, const Options& options);

/// settle and assemble.
base::Expected<Understood> understood_of(const std::string& format, const std::string& name, Drafts drafts,
                                         const Options& options);

}  // namespace ebb::formats
