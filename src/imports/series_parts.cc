#include "imports/series_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "imports/text_table.h"

namespace ebb::imports {
namespace {

constexpr std::initializer_list<const char*> kNodeLabels{"Hostname", "hostname", "nodename", "node", "instance"};
constexpr std::initializer_list<const char*> kBoardLabels{"gpu", "gpu_id", "minor_number"};

std::string first_label(const MatrixSeries& series, std::initializer_list<const char*> names) {
  for (const auto* name : names) {
    if (auto value = series.label(name); !value.empty()) return value;
  }
  return {};
}

/// "node1" of "node1:9400": the port is the exporter's.
std::string without_port(std::string text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) return text;
  const bool port = std::all_of(text.begin() + static_cast<std::ptrdiff_t>(colon) + 1, text.end(),
                                [](char c) { return c >= '0' && c <= '9'; });
  if (port) text.erase(colon);
  return text;
}

/// Labels that tell series apart and are not their machine.
std::vector<std::string> telling_labels(const Matrix& matrix) {
  std::set<std::string> differing;
  for (const auto& series : matrix.series) {
    for (const auto& [key, value] : series.labels) {
      if (matrix.series.front().label(key) != value) differing.insert(key);
    }
    for (const auto& [key, value] : matrix.series.front().labels) {
      if (series.label(key) != value) differing.insert(key);
    }
  }
  for (const auto* name : kNodeLabels) differing.erase(name);
  differing.erase("job");
  return {differing.begin(), differing.end()};
}

/// One series a component; series of one board one after the other (another pod had it) are one.
class Boards {
 public:
  Boards(const Matrix& matrix, const std::string& metric, const Meaning& meaning, const std::string& node)
      : metric_(metric), meaning_(meaning), node_(node), telling_(telling_labels(matrix)) {}

  void add(MatrixSeries series) {
    const auto node = without_port(first_label(series, kNodeLabels));
    const auto board = first_label(series, kBoardLabels);
    const auto uuid = series.label("UUID");
    std::string key = uuid;
    if (key.empty() && !board.empty()) key = node + "\n" + board;
    if (key.empty()) {
      for (const auto& [label, value] : series.labels) key += fmt::format("{}={}\n", label, value);
    }
    const auto [known, is_new] = numbers_.emplace(key, parts_.size());
    if (is_new) {
      parts_.emplace_back();
      parts_.back().push_back(part_of(series, node, board, uuid));
    } else {
      SampledPart more;
      more.samples = std::move(series.samples);
      parts_[known->second].push_back(std::move(more));
    }
  }

  /// kBadData where one board has two series at the same time.
  base::Expected<std::vector<SampledPart>> joined() {
    std::vector<SampledPart> all;
    for (auto& same : parts_) {
      auto first = std::move(same.front());
      std::vector<std::vector<Sample>> pieces{std::move(first.samples)};
      for (std::size_t i = 1; i < same.size(); ++i) pieces.push_back(std::move(same[i].samples));
      std::sort(pieces.begin(), pieces.end(), [](const auto& a, const auto& b) { return a[0].at < b[0].at; });
      first.samples.clear();
      for (const auto& piece : pieces) {
        if (!first.samples.empty() && piece.front().at <= first.samples.back().at) return overlapping(first);
        first.samples.insert(first.samples.end(), piece.begin(), piece.end());
      }
      all.push_back(std::move(first));
    }
    return all;
  }

 private:
  SampledPart part_of(MatrixSeries& series, const std::string& node, const std::string& board,
                      const std::string& uuid) const {
    SampledPart part;
    part.node = node.empty() ? node_ : node;
    part.meaning = meaning_;
    auto& component = part.component;
    component.kind = board.empty() ? kind_of_name(metric_) : hardware::ComponentKind::kGpu;
    component.name = board.empty() ? name_of_labels(series) : "gpu" + board;
    component.device = series.label("modelName");
    component.id = uuid;
    component.method = meaning_.is_counter ? "imported:prometheus-counter" : "imported:prometheus-power";
    assume_error(component, fmt::format("the meter behind {}", metric_.empty() ? "the query" : metric_));
    if (metric_.starts_with("DCGM_FI_DEV_")) take_board_error(component, meaning_.is_counter);
    part.samples = std::move(series.samples);
    return part;
  }
  [[nodiscard]] std::string name_of_labels(const MatrixSeries& series) const {
    std::string name;
    for (const auto& key : telling_) {
      if (const auto value = series.label(key); !value.empty()) {
        name += fmt::format("{}{}={}", name.empty() ? "" : ",", key, value);
      }
    }
    return name.empty() ? "meter" : clean_text(name, 80);
  }
  static base::Error overlapping(const SampledPart& part) {
    return base::bad_data(
        fmt::format("{} on {} has two series at the same time: each instance of a MIG board shows the whole board's "
                    "power, and two exporters show it twice; ask for one, as in max by (Hostname, gpu, UUID) (...)",
                    part.component.name, part.node));
  }

  const std::string& metric_;
  const Meaning& meaning_;
  const std::string& node_;
  std::vector<std::string> telling_;
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::vector<SampledPart>> parts_;
};

}  // namespace

base::Expected<std::vector<SampledPart>> parts_of_series(Matrix& matrix, const std::string& metric,
                                                         const Meaning& meaning, const std::string& node) {
  Boards boards(matrix, metric, meaning, node);
  for (auto& series : matrix.series) boards.add(std::move(series));
  return boards.joined();
}

}  // namespace ebb::imports
