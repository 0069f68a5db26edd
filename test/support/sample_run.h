#pragma once

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "account/run_record.h"
#include "report/json.h"
#include "series/series.h"

/// Records of runs made by hand, whose figures agree with each other by construction: from watts and intensities, by
/// the definitions of docs/run-record.md, sharing no code with report/ or account/.
namespace ebb::test {

struct SamplePart {
  std::string name;
  std::string node;
  hardware::ComponentKind kind = hardware::ComponentKind::kOther;
  std::string device;
  std::string method;
  double watts = 0.0;          ///< the job's, its idle share included
  double job_idle_part = 0.0;  ///< of the job's energy
  double idle_watts = 0.0;     ///< nobody's
  double others_watts = 0.0;
  double low_factor = 1.0;  ///< ends of the interval, as factors of the energy
  double high_factor = 1.0;
  double coverage = 1.0;
};

struct SampleRun {
  std::string id = "r1";
  std::string begin = "2024-05-02T12:02:30Z";
  time::Duration length = std::chrono::hours(1);
  std::vector<SamplePart> parts;
  std::vector<account::EmbodiedShare> embodied;  ///< `share` is computed
  double pue = 1.0;
  std::string zone;                      ///< empty: no intensities
  std::optional<carbon::BookKind> book;  ///< the run's own
  std::optional<series::Series> average;
  std::optional<series::Series> marginal;
};

/// Everything that follows from the parts and the series, and nothing else (no what-if, region or gap).
account::RunRecord make_run(const SampleRun& sample);

/// A day and a half of 5-minute intensities around 2024-05-02, a plausible curve; `shift_g` raises it.
series::Series sample_series(const std::string& zone, const series::Signal& signal, double shift_g = 0.0);

/// A virtual machine without counters, without a zone: everything is modelled.
account::RunRecord modelled_vm();
/// Eight measured GPUs with both books, regions, what-ifs, a prediction and another user's work beside it.
account::RunRecord eight_gpus();
/// Two nodes of three: the third did not report.
account::RunRecord two_nodes_one_missing();
/// Killed in the middle: no end, gaps of several causes.
account::RunRecord crashed_with_gaps();

/// Anything that the rules allow: components, idle shares, missing books, negative intensities, parts, units.
account::RunRecord random_run(std::mt19937_64& random);

/// The page's document of a run with the series and boards that its controls need.
report::Json sample_run_document(const account::RunRecord& record);

}  // namespace ebb::test
