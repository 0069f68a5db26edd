#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "imports/matrix_json.h"
#include "imports/readers.h"
#include "imports/run_id.h"
#include "imports/series_parts.h"
#include "imports/text_table.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

std::string metric_of(const Matrix& matrix, std::set<std::string>& names) {
  for (const auto& series : matrix.series) names.insert(series.label("__name__"));
  return names.size() == 1 ? *names.begin() : std::string();
}

base::Expected<Meaning> meaning_of(const std::string& metric, const ImportOptions& options,
                                   std::vector<std::string>& warnings) {
  const auto named = meaning_of_metric(metric);
  if (options.unit.empty()) {
    if (named) return *named;
    return base::usage_error(
        fmt::format("--unit: the metric {} does not say what its values are; give W or another "
                    "power, J or another energy for a counter",
                    base::in_quotes(metric)));
  }
  EBB_TRY(auto given, meaning_of_unit(options.unit));
  if (named && named->unit != given.unit) {
    warnings.push_back(
        fmt::format("the metric {} says {}, --unit says {}: taken is --unit", metric, named->unit, given.unit));
  }
  return given;
}

}  // namespace

base::Expected<Imported> import_prometheus(std::string_view text, const std::string& name,
                                           const ImportOptions& options) {
  EBB_TRY(auto matrix, parse_matrix(text, name));
  Imported imported;
  imported.warnings = matrix.warnings;
  const auto all = matrix.series.size();
  std::erase_if(matrix.series, [](const auto& series) { return series.samples.empty(); });
  if (matrix.series.empty()) return base::no_data(name + ": the query found no series with values");
  if (matrix.series.size() < all) imported.warnings.push_back("series without values are left out");
  std::set<std::string> names;
  const auto metric = metric_of(matrix, names);
  if (names.size() > 1) {
    return base::bad_data(
        fmt::format("{}: it has several metrics ({}): a counter and a power of one board, or a core and "
                    "its package, would be counted twice; ask for one",
                    name, fmt::join(names, ", ")));
  }
  EBB_TRY(const auto meaning, meaning_of(metric, options, imported.warnings));
  auto parts = parts_of_series(matrix, metric, meaning, node_of(options));
  if (!parts) return parts.error().in(name);
  const auto components = parts->size();
  RunDraft draft;
  draft.header = header_of(Format::kPrometheus, name, options);
  if (!metric.empty()) draft.header.tags["prometheus.metric"] = clean_text(metric);
  if (const auto added = add_sampled_parts(*std::move(parts), draft); !added) return added.error().in(name);
  EBB_TRY(draft.header.run_id, chosen_run_id(options, run_id_of_text("prometheus", draft.when.begin, text)));
  RunBuilder builder(name);
  EBB_TRY(auto run, builder.build(draft));
  imported.runs.push_back(std::move(run));
  imported.understood = {
      fmt::format("{}: {} in {}", metric.empty() ? "values" : metric,
                  meaning.is_counter ? "a counter of energy" : "a power", meaning.unit),
      fmt::format("times: UTC, {} to {}", time::text_of(draft.when.begin), time::text_of(draft.when.end)),
      fmt::format("{} series are {} components of one run", matrix.series.size(), components)};
  return imported;
}

}  // namespace ebb::imports
