#pragma once

#include "series/series.h"

namespace ebb::series {

/// weight_a x a + weight_b x b, slot by slot, over the time that both cover, at the coarsest step whose edges include
/// both series' edges (a 5-minute and an hourly series give 5 minutes). Missing where either is. Provenance of `a`.
/// The result is empty where the two do not overlap.
Series combine(const Series& a, double weight_a, const Series& b, double weight_b);

}  // namespace ebb::series
