#pragma once

#include <map>
#include <optional>
#include <string>

#include "account/run_record.h"
#include "report/reader.h"

/// The lists and objects of read_run; faults stay with the reader.
namespace ebb::report {

std::map<std::string, std::string> texts_by_name(Reader& reader, const char* key);
std::optional<units::Emissions> maybe_grams(Reader& reader, const char* key);
/// Of the key `level`: from 0 to below 1.
double level_of(Reader& reader);
/// [low, high] around a value, in the unit that `make` takes.
template <typename Q, typename Make>
carbon::Uncertain<Q> interval_of(Reader& reader, const char* key, Q value, double level, const Make& make) {
  const auto& ends = reader.list(key);
  if (ends.size() == 2 && plain_number(ends[0]) && plain_number(ends[1])) {
    const double low = ends[0].get<double>();
    const double high = ends[1].get<double>();
    if (low <= high) return {make(low), value, make(high), level};
  }
  reader.fail(reader.place_of(key), "is no list of two numbers, the lower first");
  return carbon::exactly(value, level);
}
series::DataQuality quality_of(Reader& reader);
/// Of the key `signal`; what it does not say is unknown.
series::Signal signal_of(Reader& reader);
std::optional<account::BookTotal> book_of_document(Reader& reader, const char* key);

void read_components(Reader& reader, account::RunRecord& record);
void read_ladder(Reader& reader, account::RunRecord& record);
/// After functional unit and PUE.
void read_sci(Reader& reader, account::RunRecord& record);
/// After energy and books.
void read_uncertainty(Reader& reader, account::RunRecord& record);
/// After components and the choice of the book.
void read_slots(Reader& reader, account::RunRecord& record);
/// What-ifs, parts of the hardware, regions, prediction, gaps, power, machine.
void read_lists(Reader& reader, account::RunRecord& record);

}  // namespace ebb::report
