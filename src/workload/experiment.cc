#include "workload/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "base/file.h"
#include "base/text.h"

extern "C" const char ebb_data_experiments_begin[];
extern "C" const char ebb_data_experiments_end[];

namespace ebb::workload {
namespace {

using Columns = std::map<std::string, std::size_t, std::less<>>;

/// One row with its columns by name; "" for a column that the file has not.
class Row {
 public:
  Row(const Columns& columns, std::vector<std::string_view> fields) : columns_(columns), fields_(std::move(fields)) {}
  [[nodiscard]] std::string_view operator[](std::string_view column) const {
    const auto at = columns_.find(column);
    return at == columns_.end() ? std::string_view() : base::trimmed(fields_[at->second]);
  }

 private:
  const Columns& columns_;
  std::vector<std::string_view> fields_;
};

base::Expected<Profile> profile_of(const Row& row, const std::string& folder) {
  if (!row["profile"].empty()) {
    const std::filesystem::path given{std::string(row["profile"])};
    return load_profile(given.is_absolute() ? given.string() : (std::filesystem::path(folder) / given).string());
  }
  const auto hours = base::parse_number(row["hours"]);
  if (!hours || *hours <= 0.0 || *hours > 876000.0 || time::from_seconds(*hours * 3600.0) <= time::Duration(0)) {
    return base::bad_data(fmt::format("{} is no running time in hours", base::in_quotes(row["hours"])));
  }
  const auto energy = base::parse_number(row["energy_kwh"]);
  if (!energy || *energy < 0.0 || *energy * units::kJoulesPerKwh > units::kLargestJoules) {
    return base::bad_data(fmt::format("{} is no energy in kWh", base::in_quotes(row["energy_kwh"])));
  }
  return Profile::flat(time::from_seconds(*hours * 3600.0), units::kilowatt_hours(*energy));
}

base::Expected<Experiment> experiment_of(const Row& row, const std::string& folder) {
  if (row["experiment"].empty()) return base::bad_data("the experiment has no name");
  EBB_TRY(Profile profile, profile_of(row, folder));
  std::string hardware(row["gpu"]);
  if (!row["gpu_count"].empty()) hardware = fmt::format("{}x {}", row["gpu_count"], hardware);
  return Experiment{std::string(row["experiment"]), std::move(profile), std::move(hardware), std::string(row["note"]),
                    row["extrapolated"] == "yes"};
}

base::Expected<Columns> columns_of(std::string_view header) {
  Columns columns;
  const auto fields = base::split(header, ',');
  for (std::size_t i = 0; i < fields.size(); ++i) columns.emplace(base::trimmed(fields[i]), i);
  const bool flat = columns.contains("hours") && columns.contains("energy_kwh");
  if (!columns.contains("experiment") || (!flat && !columns.contains("profile"))) {
    return base::bad_data(fmt::format("the header is {}, expected experiment,hours,energy_kwh or experiment,profile",
                                      base::in_quotes(header)));
  }
  return columns;
}

}  // namespace

base::Expected<std::vector<Experiment>> parse_experiments(std::string_view text, const std::string& name,
                                                          const std::string& folder) {
  base::Lines lines(text);
  std::optional<Columns> columns;
  std::vector<Experiment> experiments;
  while (const auto line = lines.next()) {
    const auto where = fmt::format("{}:{}", name, lines.number());
    if (line->size() > base::kLongestLine) return base::bad_data(where + ": the line is too long");
    auto row = base::trimmed(*line);
    if (!columns && row.starts_with("\xef\xbb\xbf")) row.remove_prefix(3);
    if (row.empty() || row.starts_with('#')) continue;
    if (!columns) {
      auto found = columns_of(row);
      if (!found) return found.error().in(where);
      columns = *std::move(found);
      continue;
    }
    auto fields = base::split(row, ',');
    const bool needed = std::all_of(columns->begin(), columns->end(),
                                    [&](const auto& column) { return column.second < fields.size(); });
    if (!needed) return base::bad_data(fmt::format("{}: the row has {} fields, too few", where, fields.size()));
    auto experiment = experiment_of(Row(*columns, std::move(fields)), folder);
    if (!experiment) return experiment.error().in(where);
    for (const auto& other : experiments) {
      if (other.name == experiment->name) {
        return base::bad_data(fmt::format("{}: experiment {} comes twice", where, base::in_quotes(other.name)));
      }
    }
    experiments.push_back(*std::move(experiment));
  }
  if (experiments.empty()) return base::bad_data(fmt::format("{}: there are no experiments in it", name));
  return experiments;
}

const std::vector<Experiment>& known_experiments() {
  static const std::vector<Experiment> known = [] {
    const std::string_view text(ebb_data_experiments_begin, ebb_data_experiments_end);
    auto parsed = parse_experiments(text, "experiments.csv", "");
    CHECK(parsed.ok());
    return *std::move(parsed);
  }();
  return known;
}

std::vector<Experiment> dodge2022_experiments() {
  std::vector<Experiment> paper;
  for (const auto& experiment : known_experiments()) {
    if (!experiment.extrapolated) paper.push_back(experiment);
  }
  return paper;
}

base::Expected<Experiment> find_experiment(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& experiment : known_experiments()) {
    if (experiment.name == name) return experiment;
    names.push_back(experiment.name);
  }
  const auto near = base::nearest_names(name, names, 3);
  return base::usage_error(fmt::format("unknown experiment {}; {} {}", base::in_quotes(name),
                                       near.empty() ? "known are" : "nearest are",
                                       fmt::join(near.empty() ? names : near, ", ")));
}

base::Expected<std::vector<Experiment>> load_experiments(const std::string& name_or_path) {
  if (name_or_path == "dodge2022") return dodge2022_experiments();
  EBB_TRY(const auto file, base::load_text_file(name_or_path));
  return parse_experiments(file.view(), name_or_path, std::filesystem::path(name_or_path).parent_path().string());
}

}  // namespace ebb::workload
