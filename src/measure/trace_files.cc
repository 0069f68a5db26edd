#include "measure/trace_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "trace/reader.h"

namespace ebb::measure {
namespace {

bool has_end(const std::string& path) {
  auto reader = trace::Reader::open(path);
  if (!reader) return false;
  while (reader->next()) {
  }
  return reader->damage().has_end;
}

}  // namespace

base::Expected<trace::Writer> create_trace(const std::string& folder, const std::string& node) {
  for (int number = 1; number < 10000; ++number) {
    const std::string name = number == 1 ? node : fmt::format("{}.{}", node, number);
    const std::string path = fmt::format("{}/{}.trace", folder, name);
    std::error_code none;
    if (std::filesystem::exists(path, none)) continue;
    auto made = trace::Writer::create(path);
    if (made || !std::filesystem::exists(path, none)) return made;
  }
  return base::service_error(folder + ": no free name for a trace");
}

bool all_have_ended(const std::string& folder, const std::vector<std::string>& nodes) {
  return std::all_of(nodes.begin(), nodes.end(),
                     [&](const auto& node) { return has_end(fmt::format("{}/{}.trace", folder, node)); });
}

}  // namespace ebb::measure
