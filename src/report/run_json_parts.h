#pragma once

#include <string>

#include "account/run_record.h"
#include "report/json.h"

/// The lists and objects of run_json, one function a key.
namespace ebb::report {

/// [low, high], in the unit that `in` reads.
template <typename Q, typename Read>
Json interval_json(const carbon::Uncertain<Q>& value, const Read& in) {
  return Json::array({in(value.low), in(value.high)});
}

/// Text as valid UTF-8, or null where it is empty.
Json utf8_or_null(const std::string& text);

Json components_json(const account::RunRecord& record);
Json conservation_json(const account::RunRecord& record);
Json boundary_json(const account::RunRecord& record);
Json book_json(const std::optional<account::BookTotal>& book);
Json sci_json(const std::optional<carbon::Sci>& sci);
Json uncertainty_json(const account::RunRecord& record);
Json slots_json(const account::RunRecord& record);
Json what_if_json(const account::RunRecord& record);
Json embodied_parts_json(const account::RunRecord& record);
Json regions_json(const account::RunRecord& record);
Json prediction_json(const std::optional<account::Prediction>& prediction);
Json gaps_json(const account::RunRecord& record);
Json power_json(const account::RunRecord& record);
/// The machine as ebb found it; null where the text is no JSON object.
Json machine_json(const account::RunRecord& record);

}  // namespace ebb::report
