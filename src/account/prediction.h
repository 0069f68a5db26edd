#pragma once

#include <optional>
#include <vector>

#include "account/measured.h"
#include "account/price.h"
#include "account/run_record.h"

namespace ebb::account {

/// The mean of some passages, and what `expected` of them will come to, with the 90% interval of a new sum:
///
///     done + rest x mean  +-  t(n-1) x s x sqrt(rest + rest^2 / n)
///
/// (a prediction interval for the sum of `rest` further draws; Student's t; it holds for passages that are alike and
/// independent). With one passage the spread is not known: half and twice its value a passage, a judgement.
carbon::UncertainNumber predict_sum(const std::vector<double>& passages, int expected);

/// Prediction for the region named in the pricing (its path, or its last part). Nothing where no passage has ended,
/// or no more are expected than are done.
std::optional<Prediction> predict(const Measured& measured, const Pricing& pricing, const RunRecord& record);

}  // namespace ebb::account
