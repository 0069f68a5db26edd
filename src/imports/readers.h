#pragma once

#include "imports/import.h"

/// One reader a format, behind import_runs().
namespace ebb::imports {

base::Expected<Imported> import_codecarbon(std::string_view text, const std::string& name,
                                           const ImportOptions& options);
base::Expected<Imported> import_sacct(std::string_view text, const std::string& name, const ImportOptions& options);
base::Expected<Imported> import_prometheus(std::string_view text, const std::string& name,
                                           const ImportOptions& options);
base::Expected<Imported> import_dcgm(std::string_view text, const std::string& name, const ImportOptions& options);
base::Expected<Imported> import_power_csv(std::string_view text, const std::string& name, const ImportOptions& options);

}  // namespace ebb::imports
