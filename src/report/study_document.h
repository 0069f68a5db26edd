#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/json.h"
#include "study/details.h"
#include "study/study.h"

namespace ebb::report {

/// What the data of a study are; decides what the report may claim.
enum class DataKind { kReal, kTypicalYear, kGiven };
std::string_view name_of(DataKind kind);  ///< "real", "typical-year", "given"

struct Attribution {
  std::string source;
  std::string licence;
  std::string text;
};

/// Everything that the report of a study shows (docs/study-document.md describes the JSON).
struct StudyDocument {
  std::string title;
  std::string command;
  DataKind data_kind = DataKind::kGiven;
  std::vector<std::string> data_notes;
  std::vector<Attribution> attributions;
  const study::Spec* spec = nullptr;
  const std::vector<study::Row>* rows = nullptr;
  study::Calendar calendar;
  std::vector<study::LengthStat> lengths;
  std::vector<study::PausesStat> pauses;
  std::vector<std::size_t> shown_experiments;  ///< those of calendar and trade-offs
  Json foresight = Json::array();
  Json paper = Json::array();  ///< the paper's tables beside ours; empty for a typical year (law: never)
  std::vector<std::string> warnings;
};

/// The document with the schema "ebb-study-report-1".
Json study_document_json(const StudyDocument& document);

/// Least and most grams of each experiment over the regions, per signal, and the everyday quantities to hold it
/// against.
Json equivalences_json(const study::Spec& spec, const std::vector<study::Row>& rows);

/// The boundary ladder of the paper's BERT-base run (Table 1) at the mean intensity of a place, and Table 1 itself.
Json ladder_json(const study::Spec& spec);
Json table1_json();

/// The paper's Tables 4-13 beside the rows' means over the places of each signal.
Json paper_json(const study::Spec& spec, const std::vector<study::Row>& rows);

}  // namespace ebb::report
