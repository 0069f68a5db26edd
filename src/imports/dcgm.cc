#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imports/dcgm_text.h"
#include "imports/readers.h"
#include "imports/run_id.h"
#include "imports/sampled_run.h"
#include "time/text.h"
#include "units/format.h"

namespace ebb::imports {
namespace {

constexpr double kDisagreement = 0.1;

std::size_t count_numbers(const std::vector<Sample>& samples) {
  return static_cast<std::size_t>(
      std::count_if(samples.begin(), samples.end(), [](const auto& sample) { return std::isfinite(sample.value); }));
}

/// The counter where it has two values, else the power; where both have, what the other one says.
base::Expected<SampledPart> part_of(int id, BoardMonitor::Board board, const ImportOptions& options,
                                    std::vector<std::string>& warnings) {
  SampledPart part;
  part.node = node_of(options);
  part.component.name = fmt::format("gpu{}", id);
  part.component.kind = hardware::ComponentKind::kGpu;
  const auto power = *meaning_of_metric("DCGM_FI_DEV_POWER_USAGE");
  const auto counter = *meaning_of_metric("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION");
  const bool has_counter = count_numbers(board.energy) > 1;
  part.meaning = has_counter ? counter : power;
  part.component.method = has_counter ? "imported:dcgm-counter" : "imported:dcgm-power";
  take_board_error(part.component, has_counter);
  if (has_counter && count_numbers(board.power) > 1) {
    EBB_TRY(const auto by_counter, integrate(board.energy, counter));
    EBB_TRY(const auto by_power, integrate(board.power, power));
    const double difference = units::in_joules(by_power.energy - by_counter.energy);
    if (std::fabs(difference) > kDisagreement * units::in_joules(by_counter.energy)) {
      warnings.push_back(fmt::format("{}: its counter says {}, its integrated power {}: taken is the counter",
                                     part.component.name, units::text_of(by_counter.energy),
                                     units::text_of(by_power.energy)));
    }
  }
  part.samples = has_counter ? std::move(board.energy) : std::move(board.power);
  return part;
}

}  // namespace

base::Expected<Imported> import_dcgm(std::string_view text, const std::string& name, const ImportOptions& options) {
  if (!options.begin)
    return base::usage_error("--begin: the text of dcgmi dmon has no times; give that of its first row");
  if (!options.period || *options.period <= time::Duration(0)) {
    return base::usage_error(
        "--period: the text of dcgmi dmon has no times; give its -d, the time between rows, as 1s");
  }
  EBB_TRY(auto monitor, parse_dmon(text, name, *options.begin, *options.period));
  Imported imported;
  std::vector<SampledPart> parts;
  for (auto& [id, board] : monitor.boards) {
    EBB_TRY(auto part, part_of(id, std::move(board), options, imported.warnings));
    parts.push_back(std::move(part));
  }
  if (parts.empty()) return base::no_data(name + ": there is no row of a GPU in it");
  RunDraft draft;
  draft.header = header_of(Format::kDcgm, name, options);
  if (const auto added = add_sampled_parts(std::move(parts), draft); !added) return added.error().in(name);
  EBB_TRY(draft.header.run_id, chosen_run_id(options, run_id_of_text("dcgm", draft.when.begin, text)));
  draft.notes.emplace_back(
      "the rows of dcgmi dmon have no times: they are put one --period apart, and dcgmi itself is a "
      "little slower");
  RunBuilder builder(name);
  EBB_TRY(auto run, builder.build(draft));
  imported.runs.push_back(std::move(run));
  if (monitor.instances > 0) {
    imported.warnings.push_back(
        fmt::format("{} rows of MIG instances are left out: the board's row holds their energy", monitor.instances));
  }
  imported.understood = {"POWER: W; TOTEC: mJ since the driver was loaded, the energy where it is there",
                         fmt::format("times: {} and {} a row, to {}", time::text_of(draft.when.begin),
                                     time::text_of(*options.period), time::text_of(draft.when.end)),
                         fmt::format("{} GPUs of one run", draft.parts.size())};
  return imported;
}

}  // namespace ebb::imports
