#pragma once

#include "imports/import.h"
#include "imports/run_checks.h"
#include "target.h"

namespace ebb::imports {

/// What holds for any text: the same answer twice, runs without fault under ids of their own, and errors that say
/// something.
inline void check_import(Format format, std::string_view text, const ImportOptions& options) {
  const auto read = import_runs(format, text, "fuzz", options);
  if (!read) {
    CHECK(!read.error().message.empty());
    return;
  }
  CHECK(!read->runs.empty() && !read->understood.empty());
  const auto again = import_runs(format, text, "fuzz", options);
  CHECK(again.ok() && again->runs.size() == read->runs.size());
  for (std::size_t i = 0; i < read->runs.size(); ++i) {
    const auto& run = read->runs[i];
    CHECK(fault_of(run).empty());
    CHECK(run.header.run_id == again->runs[i].header.run_id && energy_of(run) == energy_of(again->runs[i]));
    // Quadratic, for the few runs of an input.
    for (std::size_t j = 0; j < i && i < 100; ++j) CHECK(read->runs[j].header.run_id != run.header.run_id);
  }
}

}  // namespace ebb::imports
