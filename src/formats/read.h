#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "formats/options.h"
#include "formats/understood.h"

namespace ebb::formats {

struct FormatInfo {
  std::string_view name;     ///< for --format
  std::string_view summary;  ///< what it is, in a line
};
/// Every format that is read, in the order of docs/grid-formats.md.
const std::vector<FormatInfo>& formats();

/// The format of a text by its header or its JSON keys, and its name. kBadData: of none; says what to give then.
base::Expected<std::string> detect(std::string_view text, const std::string& name);

/// Reads files (also gzip) of one format, found from the first where options.format does not say it. Files of one
/// series are put together; rows that come twice with the same value are counted. One file of memory at a time.
/// kUsage: no files, an unknown format. kBadData naming file, line, what and why; where something has to be said by an
/// option, it names the option. kNoData: nothing in it, or not the wanted zone.
base::Expected<Understood> read_files(const std::vector<std::string>& paths, const Options& options = {});

/// The same of one text in memory; `name` stands for its file name.
base::Expected<Understood> read_text(std::string_view text, const std::string& name, const Options& options = {});

}  // namespace ebb::formats
