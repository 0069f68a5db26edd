#include "imports/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "imports/local_time.h"
#include "imports/readers.h"
#include "imports/text_table.h"

namespace ebb::imports {
namespace {

using Reader = base::Expected<Imported> (*)(std::string_view, const std::string&, const ImportOptions&);

struct Known {
  Format format;
  std::string_view name;
  std::string_view uses;  ///< options that have a use, blanks around each
  Reader read;
};
constexpr std::array<Known, 5> kFormats{{{Format::kCodeCarbon, "codecarbon", " --time-zone --node ", import_codecarbon},
                                         {Format::kSlurmSacct, "slurm-sacct", " --time-zone --node ", import_sacct},
                                         {Format::kPrometheus, "prometheus", " --unit --node ", import_prometheus},
                                         {Format::kDcgm, "dcgm", " --begin --period --node ", import_dcgm},
                                         {Format::kPowerCsv, "power-csv", " --end --unit --node ", import_power_csv}}};

const Known& known(Format format) {
  return *std::find_if(kFormats.begin(), kFormats.end(), [&](const auto& one) { return one.format == format; });
}

base::Status check_options(const Known& format, const ImportOptions& options) {
  const std::array<std::pair<std::string_view, bool>, 6> given{{{"--time-zone", !options.time_zone.empty()},
                                                                {"--begin", options.begin.has_value()},
                                                                {"--end", options.end.has_value()},
                                                                {"--period", options.period.has_value()},
                                                                {"--unit", !options.unit.empty()},
                                                                {"--node", !options.node.empty()}}};
  for (const auto& [option, is_given] : given) {
    if (is_given && format.uses.find(fmt::format(" {} ", option)) == std::string_view::npos) {
      return base::usage_error(
          fmt::format("{}: {} has no use of it: its files say that themselves", option, format.name));
    }
  }
  // A wrong zone is wrong also where every time of the file has its own.
  if (const auto zone = LocalZone::from_option(options.time_zone); !zone) return zone.error();
  return base::Done{};
}

bool has_all(const std::vector<std::string_view>& columns, std::initializer_list<std::string_view> names) {
  return std::all_of(names.begin(), names.end(),
                     [&](auto name) { return std::find(columns.begin(), columns.end(), name) != columns.end(); });
}

std::vector<std::string_view> columns_of(std::string_view header, char separator) {
  auto columns = base::split(header, separator);
  for (auto& column : columns) column = base::trimmed(column);
  return columns;
}

bool is_matrix(std::string_view text) {
  constexpr std::size_t kReach = 4096;
  const auto front = base::trimmed(text.substr(0, kReach));
  const auto at = front.find("\"resultType\"");
  if (!front.starts_with('{') || at == std::string_view::npos) return false;
  auto rest = base::trimmed(front.substr(at + 12));
  if (!rest.starts_with(':')) return false;
  return base::trimmed(rest.substr(1)).starts_with("\"matrix\"");
}

}  // namespace

std::string_view name_of(Format format) { return known(format).name; }

std::optional<Format> parse_format(std::string_view text) {
  for (const auto& one : kFormats) {
    if (text == one.name) return one.format;
  }
  return std::nullopt;
}

std::optional<Format> detect(std::string_view text, const std::string& /*name*/) {
  if (is_matrix(text)) return Format::kPrometheus;
  // The heading of dcgmi begins like a comment.
  base::Lines lines(text);
  const auto first = lines.next();
  if (first && (first->starts_with("#Entity ") || first->starts_with("# Entity "))) return Format::kDcgm;
  const auto header = header_line(text);
  if (!header) return std::nullopt;
  if (has_all(columns_of(*header, '|'), {"JobID"}) && header->find('|') != std::string_view::npos) {
    return Format::kSlurmSacct;
  }
  const auto columns = columns_of(*header, ',');
  if (has_all(columns, {"timestamp", "duration", "emissions", "energy_consumed"})) return Format::kCodeCarbon;
  const bool watts = columns.size() > 1 && columns[0] == "time" &&
                     std::all_of(columns.begin() + 1, columns.end(),
                                 [](auto column) { return column == "watts" || column.ends_with("_watts"); });
  return watts ? std::optional(Format::kPowerCsv) : std::nullopt;
}

base::Expected<Imported> import_runs(Format format, std::string_view text, const std::string& name,
                                     const ImportOptions& options) {
  const auto& reader = known(format);
  EBB_TRY_DO(check_options(reader, options));
  EBB_TRY(auto imported, reader.read(text, name, options));
  if (imported.runs.empty()) {
    return base::no_data(fmt::format("{}: no run with a known energy in it{}{}", name,
                                     imported.warnings.empty() ? "" : ": ",
                                     imported.warnings.empty() ? "" : imported.warnings.front()));
  }
  return imported;
}

}  // namespace ebb::imports
