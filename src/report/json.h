#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "series/series.h"

namespace ebb::report {

using Json = nlohmann::ordered_json;

/// Keys in the order they were put in; each double in the shortest text that reads back to the same double, what is
/// not finite as null. indent < 0: one line.
std::string dump(const Json& document, int indent = -1);

/// The value, or null.
Json value_or_null(const std::optional<double>& value);
/// {"kind": ..., "scope": ...}, each null where it is not known.
Json json_of(const series::Signal& signal);
Json json_of(const series::DataQuality& quality);
/// The text, or null where it is empty.
Json text_or_null(const std::string& text);

/// A number as dump() writes it.
std::string number_text(double value);

}  // namespace ebb::report
