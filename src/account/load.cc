#include "account/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "trace/reader.h"

namespace ebb::account {

base::Expected<std::vector<std::string>> traces_of(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
    if (entry.path().extension() == ".trace") found.push_back(entry.path().string());
  }
  if (problem) return base::no_data(fmt::format("{}: {}", folder, problem.message()));
  if (found.empty()) return base::no_data(folder + ": no trace of a run in it");
  std::sort(found.begin(), found.end());
  return found;
}

base::Expected<Measured> load_measured(const std::vector<std::string>& traces) {
  MeasuredBuilder builder;
  std::vector<std::string> notes;
  std::optional<base::Error> first_error;
  bool any = false;
  for (const auto& path : traces) {
    const std::string name = std::filesystem::path(path).filename().string();
    auto reader = trace::Reader::open(path);
    if (!reader) {
      if (!first_error) first_error = reader.error();
      notes.push_back(reader.error().message);
      continue;
    }
    auto record = reader->next();
    if (!record || !std::holds_alternative<trace::Header>(*record)) {
      if (!first_error) {
        first_error = base::bad_data(path + ": its header is destroyed, so what its records are of is not known");
      }
      notes.push_back(fmt::format("{}: header destroyed, left out: energy of that node is missing", name));
      continue;
    }
    any = true;
    for (; record; record = reader->next()) builder.add(*record);
    if (reader->damage().any()) notes.push_back(fmt::format("{}: {}", name, reader->damage().text()));
  }
  if (!any) return first_error.value_or(base::no_data("no trace could be read"));
  auto measured = builder.finish();
  measured.notes.insert(measured.notes.end(), notes.begin(), notes.end());
  return measured;
}

}  // namespace ebb::account
