#include "imports/codecarbon_run.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <string_view>

#include "imports/run_id.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

using hardware::ComponentKind;

/// What stands for a part of a row, and how far it may be off.
struct Kind {
  std::string_view name;
  ComponentKind kind;
  std::optional<units::Energy> CarbonRow::*energy;
  std::string CarbonRow::*device;
  double low_factor;
  double high_factor;
  std::string_view source;
};

constexpr std::string_view kCpuSource =
    "the file does not say whether RAPL was read or a load model of the CPU; the interval is that of the model: what "
    "RAPL measured of what it gave, 5th to 95th percentile of 94 points above 10% load on five machines (CodeCarbon "
    "b05965e, cpu_load_profiling, MIT)";
constexpr std::string_view kGpuSource =
    "the driver's counter or power readings of the boards, which one the file does not say; 15% is assumed, as for "
    "power that is read now and then";
constexpr std::string_view kRamSource =
    "always modelled by CodeCarbon from the size of the memory; the interval is what Teads measured of hosts against "
    "CodeCarbon's 0.375 W/GB, 5th to 95th percentile (data/memory_power.csv)";
constexpr std::string_view kRestSource = "not told apart in the file; the interval is that of its CPU model";

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> known{
      {"gpu", ComponentKind::kGpu, &CarbonRow::gpu, &CarbonRow::gpu_model, 0.85, 1.15, kGpuSource},
      {"cpu", ComponentKind::kCpu, &CarbonRow::cpu, &CarbonRow::cpu_model, 0.48, 2.18, kCpuSource},
      {"ram", ComponentKind::kDram, &CarbonRow::ram, nullptr, 0.40, 2.67, kRamSource}};
  return known;
}

RunDraft::Part part_named(std::string_view name, ComponentKind kind, const std::string& node) {
  RunDraft::Part part;
  part.node = node;
  part.component.name = name;
  part.component.kind = kind;
  part.component.method = "imported:codecarbon";
  return part;
}

std::string line_of(const CarbonRow& row, std::string_view what) { return fmt::format("{}: {}", row.line, what); }

base::Status check_growth(const CarbonRow& before, const CarbonRow& row) {
  if (row.pue != before.pue) return base::bad_data(line_of(row, "its run had another pue in a row before"));
  if (row.duration < before.duration || row.all < before.all) {
    return base::bad_data(line_of(
        row, fmt::format("run {} has less duration or energy than in line {}: rows of one run_id are snapshots that "
                         "grow",
                         base::in_quotes(row.run_id), before.line)));
  }
  return base::Done{};
}

/// Cuts the growth of one part at the snapshots.
base::Status add_part(const Kind& kind, const std::vector<CarbonRow>& rows, RunDraft& draft, const std::string& node) {
  const auto& last = rows.back();
  const auto total = last.*kind.energy;
  if (!total) return base::Done{};
  if (*total == units::Energy{}) {
    draft.notes.push_back(
        fmt::format("{}_energy is 0: CodeCarbon found none or could not read it, so it is not known", kind.name));
    return base::Done{};
  }
  auto part = part_named(kind.name, kind.kind, node);
  if (kind.device != nullptr) {
    part.component.device = last.*kind.device;
    if (part.component.device.starts_with("1 x ")) part.component.device.erase(0, 4);
  }
  part.component.low_factor = kind.low_factor;
  part.component.high_factor = kind.high_factor;
  part.component.source = kind.source;
  time::Instant from = draft.when.begin;
  units::Energy before;
  for (const auto& row : rows) {
    const auto now = (row.*kind.energy).value_or(before);
    if (now < before) return base::bad_data(line_of(row, fmt::format("{}_energy is less than before", kind.name)));
    const time::Instant to = draft.when.begin + row.duration;
    part.stretches.push_back({{from, to}, now - before});
    from = to;
    before = now;
  }
  draft.parts.push_back(std::move(part));
  return base::Done{};
}

/// What energy_consumed holds beyond the named parts; all of it where none is named.
void add_rest(const CarbonRow& last, RunDraft& draft, const std::string& node) {
  const auto rest = last.all - last.parts();
  if (rest <= units::joules(1e-6) + 1e-6 * last.all) return;
  const bool all = last.parts() == units::Energy{};
  auto part = part_named(all ? "machine" : "rest", ComponentKind::kOther, node);
  part.component.low_factor = 0.48;
  part.component.high_factor = 2.18;
  part.component.source = kRestSource;
  part.stretches.push_back({draft.when, rest});
  draft.parts.push_back(std::move(part));
}

void add_notes(const std::vector<CarbonRow>& rows, RunDraft& draft) {
  const auto& last = rows.back();
  auto& notes = draft.notes;
  notes.push_back(fmt::format("CodeCarbon stated {} kg CO2e; ebb prices the energies itself",
                              last.stated_kg.empty() ? "no" : last.stated_kg));
  if (last.pue != 1.0) notes.push_back(fmt::format("CodeCarbon's energies held a PUE of {}: divided out", last.pue));
  if (last.tracking_mode == "machine") {
    notes.emplace_back("tracking_mode is machine: the energies are of the whole machine, other people's work included");
  }
  if (last.end.second) {
    notes.push_back(fmt::format("the clocks showed the time of its end twice: it is taken for {}, and may be {}",
                                time::text_of(last.end.first), time::text_of(*last.end.second)));
  }
  if (last.short_row) {
    notes.emplace_back("its row lacks fields: models of CPU and GPU, place and version are not known");
  }
  const auto drift = rows.front().end.first - draft.when.begin - rows.front().duration;
  if (std::chrono::abs(drift) > std::chrono::seconds(60)) {
    notes.push_back(
        fmt::format("between its rows the clock and the duration went apart by {} s (a pause, or a machine "
                    "that slept): its energy may lie elsewhere in that time",
                    std::round(time::in_seconds(drift))));
  }
}

}  // namespace

base::Expected<RunDraft> draft_carbon_run(const std::vector<CarbonRow>& rows, trace::Header header,
                                          const std::string& node) {
  const auto& last = rows.back();
  RunDraft draft;
  draft.header = std::move(header);
  draft.header.run_id = safe_run_id("codecarbon", last.run_id);
  if (draft.header.project.empty()) draft.header.project = last.project;
  draft.header.tags["codecarbon.run_id"] = clean_text(last.run_id);
  if (!last.version.empty()) draft.header.tags["codecarbon.version"] = last.version;
  draft.when = {last.end.first - last.duration, last.end.first};
  draft.shape_known = rows.size() > 1;
  for (std::size_t i = 1; i < rows.size(); ++i) EBB_TRY_DO(check_growth(rows[i - 1], rows[i]));
  for (const auto& kind : kinds()) EBB_TRY_DO(add_part(kind, rows, draft, node));
  add_rest(last, draft, node);
  add_notes(rows, draft);
  return draft;
}

}  // namespace ebb::imports
