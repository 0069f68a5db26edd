#include "keeper/status.h"

#include <algorithm>
#include <array>
#include <utility>

#include "keeper/json_fields.h"

namespace ebb::keeper {
namespace {

constexpr const char* kSchema = "ebb-status-1";
constexpr std::int64_t kLongest = std::chrono::nanoseconds(std::chrono::hours(24 * 366 * 100)).count();
constexpr std::array kStates{exec::TaskState::kPending, exec::TaskState::kRunning, exec::TaskState::kPausing,
                             exec::TaskState::kPaused,  exec::TaskState::kEnded,   exec::TaskState::kLost};
constexpr std::array kWanted{Wanted::kRun, Wanted::kPause, Wanted::kCancel};

template <typename Names, typename T>
void take_name(Fields& fields, const char* key, const Names& names, T& into) {
  const auto text = fields.text(key);
  const auto found = std::find_if(names.begin(), names.end(), [&](T value) { return name_of(value) == text; });
  if (found == names.end()) return fields.refuse(key);
  into = *found;
}

Json json_of(const exec::ProcessRef& process) {
  return Json{{"pid", process.pid}, {"start_ticks", process.start_ticks}};
}

exec::ProcessRef process_at(Fields& fields, const char* key) {
  const auto* object = fields.object(key);
  if (object == nullptr) return {};
  Fields own(*object);
  exec::ProcessRef process;
  process.pid = static_cast<pid_t>(own.whole("pid", 0, INT32_MAX));
  process.start_ticks = static_cast<std::uint64_t>(own.whole("start_ticks", 0, INT64_MAX));
  if (!own.status()) fields.refuse(key);
  return process;
}

}  // namespace

std::string_view name_of(Wanted wanted) {
  if (wanted == Wanted::kPause) return "pause";
  return wanted == Wanted::kCancel ? "cancel" : "run";
}

std::string json_of(const Status& status) {
  Json out;
  out["schema"] = kSchema;
  out["state"] = exec::name_of(status.state);
  out["wanted"] = name_of(status.wanted);
  out["exit_code"] = status.exit_code ? Json(*status.exit_code) : Json(nullptr);
  out["checkpointed"] = status.checkpointed;
  out["begun"] = json_of(status.begun);
  out["ended"] = json_of(status.ended);
  out["ran_ns"] = status.ran.count();
  out["paused_ns"] = status.paused.count();
  out["pauses"] = status.pauses;
  out["energy_j"] = status.energy ? Json(units::in_joules(*status.energy)) : Json(nullptr);
  out["power_w"] = status.power ? Json(units::in_watts(*status.power)) : Json(nullptr);
  out["run_id"] = json_of_bytes(status.run_id);
  out["note"] = json_of_bytes(status.note);
  out["keeper"] = json_of(status.keeper);
  out["job"] = json_of(status.job);
  out["boot"] = json_of_bytes(status.boot);
  out["as_of"] = json_of(std::optional(status.as_of));
  return out.dump() + "\n";
}

base::Expected<Status> parse_status(std::string_view json) {
  EBB_TRY(const Json object, parse_object(json));
  Fields fields(object);
  Status status;
  if (fields.text("schema") != kSchema) fields.refuse("schema");
  take_name(fields, "state", kStates, status.state);
  take_name(fields, "wanted", kWanted, status.wanted);
  if (const auto code = fields.maybe_whole("exit_code", 0, 255)) status.exit_code = static_cast<int>(*code);
  status.checkpointed = fields.flag("checkpointed");
  status.begun = fields.instant("begun");
  status.ended = fields.instant("ended");
  status.ran = time::Duration(fields.whole("ran_ns", 0, kLongest));
  status.paused = time::Duration(fields.whole("paused_ns", 0, kLongest));
  status.pauses = static_cast<std::size_t>(fields.whole("pauses", 0, INT64_MAX));
  if (const auto joules = fields.maybe_number("energy_j", 0.0, 1e18)) status.energy = units::joules(*joules);
  if (const auto watts = fields.maybe_number("power_w", 0.0, 1e12)) status.power = units::watts(*watts);
  status.run_id = fields.text("run_id");
  status.note = fields.text("note");
  status.keeper = process_at(fields, "keeper");
  status.job = process_at(fields, "job");
  status.boot = fields.text("boot");
  const auto as_of = fields.instant("as_of");
  if (!as_of) fields.refuse("as_of");
  status.as_of = as_of.value_or(time::Instant{});
  const bool ended = status.state == exec::TaskState::kEnded;
  if (ended && (!status.exit_code || !status.ended)) fields.refuse(status.exit_code ? "ended" : "exit_code");
  EBB_TRY_DO(fields.status());
  return status;
}

exec::Observation observation_of(const Status& status, time::Instant now) {
  exec::Observation seen;
  seen.state = status.state;
  seen.exit_code = status.state == exec::TaskState::kEnded ? status.exit_code : std::nullopt;
  seen.checkpointed = status.checkpointed;
  seen.begun = status.begun;
  seen.ended = status.ended;
  seen.ran = status.ran;
  seen.paused = status.paused;
  seen.pauses = status.pauses;
  seen.energy = status.energy;
  seen.run_id = status.run_id;
  seen.note = status.note;
  const bool open = !status.is_final() && !status.ended && status.begun;
  // A clock that was set back has not undone anything; one that was set far ahead says nothing either.
  const auto since = std::clamp(now - status.as_of, time::Duration{0}, time::Duration(std::chrono::minutes(1)));
  if (open && status.state == exec::TaskState::kPaused) seen.paused += since;
  if (open && status.state != exec::TaskState::kPaused) seen.ran += since;
  if (open) seen.power = status.power;
  return seen;
}

}  // namespace ebb::keeper
