#include "report/run_read.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/run_json.h"
#include "report/run_read_parts.h"

namespace ebb::report {
namespace {

using account::RunRecord;

std::vector<std::string> texts_of(Reader& reader, const char* key) {
  std::vector<std::string> out;
  for (const auto& member : reader.list(key)) {
    if (!member.is_string()) {
      reader.fail(reader.place_of(key), "holds something that is no text");
      return out;
    }
    out.push_back(member.get<std::string>());
  }
  return out;
}

void read_identity(Reader& reader, RunRecord& record) {
  record.run_id = reader.text("run_id");
  record.command = texts_of(reader, "command");
  record.project = reader.maybe_text("project");
  record.tags = texts_by_name(reader, "tags");
  record.parent_run = reader.maybe_text("parent_run");
  record.nodes = texts_of(reader, "nodes");
  if (record.run_id == "estimate" && reader.maybe_text("begin").empty()) {
    reader.fail(reader.place_of("begin"),
                "is not known, so there are no slots to read: ebb estimate --start TIME says when the job begins");
  }
  record.when = {reader.instant("begin"), reader.instant("end")};
  if (record.when.end < record.when.begin) reader.fail(reader.place_of("end"), "is before the begin");
  record.exit_code = reader.maybe_whole("exit_code");
  record.state = reader.text("state");
  record.user = reader.maybe_text("user");
  record.missing_nodes = texts_of(reader, "missing_nodes");
}

void read_emissions(Reader& reader, RunRecord& record) {
  record.pue = reader.number_from("pue", 1.0);
  record.pue_source = reader.maybe_text("pue_source");
  record.zone = reader.maybe_text("zone");
  record.embodied = units::grams(reader.number_from("embodied_g", 0.0));
  record.attributional = book_of_document(reader, "attributional");
  record.consequential = book_of_document(reader, "consequential");
  const auto book = reader.maybe_text("book");
  if (book == "attributional") record.book = carbon::BookKind::kAttributional;
  if (book == "consequential") record.book = carbon::BookKind::kConsequential;
  if (!book.empty() && !record.book) reader.fail(reader.place_of("book"), "is neither attributional nor consequential");
  read_ladder(reader, record);
  reader.object("functional", [&record](Reader& inside) {
    record.functional_unit = inside.text("unit");
    record.functional_count = inside.number("count");
    if (record.functional_count <= 0.0) inside.fail(inside.place_of("count"), "is not above 0");
  });
  read_sci(reader, record);
  read_uncertainty(reader, record);
}

void read_rest(Reader& reader, RunRecord& record) {
  record.coverage = reader.number("coverage");
  record.pauses = reader.whole("pauses");
  record.paused = reader.seconds("paused_seconds");
  record.job_cpu = reader.seconds("job_cpu_seconds");
  reader.object("meter", [&record](Reader& inside) {
    record.meter_cpu = inside.seconds("cpu_seconds");
    record.meter_energy = units::kilowatt_hours(inside.number("energy_kwh"));
  });
  reader.object("energy_quality", [&record](Reader& inside) { record.energy_quality = quality_of(inside); });
  record.versions = texts_by_name(reader, "versions");
  record.warnings = texts_of(reader, "warnings");
  read_lists(reader, record);
}

/// What run_json works out from the rest: here only its types count, verify_run compares the figures.
void read_derived(Reader& reader) {
  for (const auto* key : {"intensity_mean_g_per_kwh", "operational_g", "emissions_g"}) reader.maybe_number(key);
  for (const auto* key : {"source", "vintage", "equivalence"}) reader.maybe_text(key);
  signal_of(reader);
  reader.maybe_object("data_quality", [](Reader& inside) { quality_of(inside); });
  reader.seconds("duration_seconds");
  reader.object("conservation", [](Reader& inside) {
    for (const auto* key : {"measured_kwh", "job_kwh", "job_idle_kwh", "idle_kwh", "others_kwh"}) inside.number(key);
  });
}

/// Takes out the lines that run_json would add again.
void drop_null_warnings(RunRecord& record) {
  auto given = std::move(record.warnings);
  record.warnings.clear();
  const auto added = null_warnings(record);
  for (auto& line : given) {
    if (std::find(added.begin(), added.end(), line) == added.end()) record.warnings.push_back(std::move(line));
  }
}

}  // namespace

base::Expected<RunRecord> read_run(const Json& document) {
  const bool named = document.is_object() && document.contains("run_id") && document["run_id"].is_string();
  Reader reader(document, named ? fmt::format("run {}", base::in_quotes(document["run_id"].get<std::string>()))
                                : std::string("the record of a run"));
  if (reader.text("schema") != kRunSchema) {
    reader.fail("schema", fmt::format("is not {}: this is another document, or another version's", kRunSchema));
  }
  RunRecord record;
  read_identity(reader, record);
  read_components(reader, record);
  record.energy = units::kilowatt_hours(reader.number("energy_kwh"));
  read_emissions(reader, record);
  read_slots(reader, record);
  read_rest(reader, record);
  read_derived(reader);
  EBB_TRY_DO(reader.status());
  drop_null_warnings(record);
  return record;
}

}  // namespace ebb::report
