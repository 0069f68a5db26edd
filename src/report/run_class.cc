#include "report/run_campaign.h"

namespace ebb::report {
namespace {

using account::RunRecord;

bool is_tuning(const RunRecord& record) {
  const auto tag = [&record](const char* key) {
    const auto found = record.tags.find(key);
    return found == record.tags.end() ? std::string() : found->second;
  };
  const auto own = tag("tuning");
  const bool named = record.tags.count("tuning") > 0 && own != "no" && own != "false" && own != "0";
  return named || tag("kind") == "tuning" || tag("purpose") == "tuning" || tag("stage") == "tuning";
}

}  // namespace

std::string_view name_of(RunClass kind) {
  switch (kind) {
    case RunClass::kDone:
      return "done";
    case RunClass::kTuning:
      return "tuning";
    case RunClass::kFailed:
      return "failed";
    case RunClass::kRunning:
      break;
  }
  return "running";
}

RunClass class_of(const RunRecord& record) {
  if (record.state == "running") return RunClass::kRunning;
  if (record.state == "lost" || record.exit_code.value_or(1) != 0) return RunClass::kFailed;
  return is_tuning(record) ? RunClass::kTuning : RunClass::kDone;
}

}  // namespace ebb::report
