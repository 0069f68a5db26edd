#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "exec/executor.h"
#include "measure/measure.h"
#include "time/clock.h"

namespace ebb::keeper {

/// What a keeper needs of the program that it is part of.
struct Keep {
  const time::Clock& clock;
  /// Runs the task's command measured, under that control; stdin, stdout, stderr and the folder are set already.
  std::function<base::Expected<measure::Outcome>(const exec::Task&, measure::Control&)> run;
  /// Prices a run that has ended and files it; what goes wrong there is not the job's.
  std::function<void(const measure::Outcome&)> file;
  std::function<void(std::string_view)> log;
};

/// Keeps one attempt of one job, from its start to its end, in `folder` (docs/keeper.md): takes the claim, runs the
/// job, pauses, resumes and cancels it as it is told at its door, and writes down how it stands before and after each
/// of these. False, and nothing done: another one keeps it, or it is over. Where a keeper of this attempt was killed
/// and its job lives on, that is taken over: held or let go as was wanted, and watched to its end.
///
/// Changes stdin, stdout, stderr and the folder of this process: it is to end afterwards.
/// Errors: kService, kBadData: the folder cannot be used; the job was not started.
base::Expected<bool> keep(const std::string& folder, int attempt, const Keep& with);

}  // namespace ebb::keeper
