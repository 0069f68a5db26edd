#pragma once

#include <string>
#include <vector>

#include "base/expected.h"
#include "imports/run_draft.h"
#include "imports/samples.h"

namespace ebb::imports {

/// Readings of one component.
struct SampledPart {
  std::string node;
  trace::Component component;
  std::vector<Sample> samples;
  Meaning meaning;
};

/// Integrates the parts and puts them into the draft: from the first to the last reading of any. Names that come twice
/// on a node are numbered ("gpu0-2"). What was bridged, missing or reset becomes notes.
///
/// kBadData naming the component for what integrate() refuses; kNoData where no part has two readings.
base::Status add_sampled_parts(std::vector<SampledPart> parts, RunDraft& draft);

}  // namespace ebb::imports
