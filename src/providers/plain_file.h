#pragma once

#include <string>

#include "base/expected.h"
#include "formats/options.h"
#include "formats/understood.h"
#include "http/patient.h"

namespace ebb::providers {

/// A file at an address, CSV or JSON, also gzip, in any format that formats/read.h knows. Redirects are followed, from
/// https to https only; no secret goes along.
///
/// kUsage: no address that can be asked. kService: it cannot be had, or is a page for people. kBadData, kNoData: as
/// formats::read_text says.
base::Expected<formats::Understood> fetch_file(http::Patient& http, const std::string& url,
                                               const formats::Options& options);

/// A gzip text unpacked; another as it is. kBadData: a broken stream, or more than `most_bytes`.
base::Expected<std::string> unpacked(std::string body, const std::string& name, std::size_t most_bytes);

}  // namespace ebb::providers
