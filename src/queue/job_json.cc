#include "queue/job_json.h"

#include <nlohmann/json.hpp>

#include "time/text.h"

namespace ebb::queue {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json json_of(time::Duration duration) { return duration.count(); }
Json json_of(time::Instant instant) { return instant.time_since_epoch().count(); }
template <typename T>
Json json_of(const std::optional<T>& value) {
  if (!value) return nullptr;
  if constexpr (std::is_same_v<T, int>) {
    return *value;
  } else {
    return json_of(*value);
  }
}

time::Duration duration_of(const Json& json) { return time::Duration(json.get<std::int64_t>()); }
time::Instant instant_of(const Json& json) { return time::Instant(duration_of(json)); }
std::optional<time::Instant> maybe_instant(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(instant_of(json));
}

Json observation_json(const exec::Observation& seen) {
  return {{"state", static_cast<int>(seen.state)},
          {"exit_code", json_of(seen.exit_code)},
          {"checkpointed", seen.checkpointed},
          {"begun", json_of(seen.begun)},
          {"ended", json_of(seen.ended)},
          {"ran", json_of(seen.ran)},
          {"paused", json_of(seen.paused)},
          {"pauses", seen.pauses},
          {"energy_j", seen.energy ? Json(units::in_joules(*seen.energy)) : Json()},
          {"power_w", seen.power ? Json(units::in_watts(*seen.power)) : Json()},
          {"run_id", seen.run_id},
          {"note", seen.note}};
}

exec::Observation observation_of(const Json& json) {
  exec::Observation seen;
  const int state = json.at("state").get<int>();
  if (state < 0 || state > static_cast<int>(exec::TaskState::kLost)) return seen;
  seen.state = static_cast<exec::TaskState>(state);
  if (!json.at("exit_code").is_null()) seen.exit_code = json.at("exit_code").get<int>();
  seen.checkpointed = json.at("checkpointed").get<bool>();
  seen.begun = maybe_instant(json.at("begun"));
  seen.ended = maybe_instant(json.at("ended"));
  seen.ran = duration_of(json.at("ran"));
  seen.paused = duration_of(json.at("paused"));
  seen.pauses = json.at("pauses").get<std::size_t>();
  if (!json.at("energy_j").is_null()) seen.energy = units::joules(json.at("energy_j").get<double>());
  if (!json.at("power_w").is_null()) seen.power = units::watts(json.at("power_w").get<double>());
  seen.run_id = json.at("run_id").get<std::string>();
  seen.note = json.at("note").get<std::string>();
  return seen;
}

Json costs_json(const plan::Costs& costs) {
  return {{"pause_power_w", units::in_watts(costs.pause_power)},
          {"pause_energy_j", units::in_joules(costs.pause_energy)},
          {"pause_time", json_of(costs.pause_time)},
          {"min_run", json_of(costs.min_run)},
          {"min_pause", json_of(costs.min_pause)},
          {"max_pauses", costs.max_pauses ? Json(*costs.max_pauses) : Json()}};
}

plan::Costs costs_of(const Json& json) {
  plan::Costs costs;
  costs.pause_power = units::watts(json.at("pause_power_w").get<double>());
  costs.pause_energy = units::joules(json.at("pause_energy_j").get<double>());
  costs.pause_time = duration_of(json.at("pause_time"));
  costs.min_run = duration_of(json.at("min_run"));
  costs.min_pause = duration_of(json.at("min_pause"));
  if (!json.at("max_pauses").is_null()) costs.max_pauses = json.at("max_pauses").get<std::int64_t>();
  return costs;
}

Json promise_json(const std::optional<Promise>& promise) {
  if (!promise) return nullptr;
  return {
      {"at", json_of(promise->at)},
      {"made_by", promise->made_by},
      {"planned_g", promise->planned_g},
      {"at_once_g", promise->at_once_g},
      {"saving_90_g", promise->saving_90_g ? Json{promise->saving_90_g->first, promise->saving_90_g->second} : Json()}};
}

std::optional<Promise> promise_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  Promise promise{instant_of(json.at("at")), json.at("made_by").get<std::string>(), json.at("planned_g").get<double>(),
                  json.at("at_once_g").get<double>(), std::nullopt};
  const auto& saving = json.at("saving_90_g");
  if (!saving.is_null()) promise.saving_90_g.emplace(saving.at(0).get<double>(), saving.at(1).get<double>());
  return promise;
}

Json saved_json(const std::optional<Saved>& saved) {
  if (!saved) return nullptr;
  return {{"realised_g", saved->realised_g},
          {"at_once_g", saved->at_once_g},
          {"best_g", saved->best_g},
          {"source", saved->source}};
}

std::optional<Saved> saved_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return Saved{json.at("realised_g").get<double>(), json.at("at_once_g").get<double>(), json.at("best_g").get<double>(),
               json.at("source").get<std::string>()};
}

Json json_of(const Submission& what) {
  return {{"executor", what.executor},
          {"user", what.user},
          {"project", what.project},
          {"zone", what.zone},
          {"strategy", plan::name_of(what.strategy)},
          {"duration", json_of(what.duration)},
          {"duration_from", what.duration_from},
          {"margin", json_of(what.margin)},
          {"power_w", units::in_watts(what.power)},
          {"power_from", what.power_from},
          {"deadline", json_of(what.deadline)},
          {"costs", costs_json(what.costs)},
          {"restartable", what.restartable}};
}

void read_submission(const Json& json, Submission& what) {
  what.executor = json.at("executor").get<std::string>();
  what.user = json.at("user").get<std::string>();
  what.project = json.at("project").get<std::string>();
  what.zone = json.at("zone").get<std::string>();
  what.strategy = plan::parse_strategy(json.at("strategy").get<std::string>()).value_or(what.strategy);
  if (!json.at("duration").is_null()) what.duration = duration_of(json.at("duration"));
  what.duration_from = json.at("duration_from").get<std::string>();
  what.margin = duration_of(json.at("margin"));
  what.power = units::watts(json.at("power_w").get<double>());
  what.power_from = json.at("power_from").get<std::string>();
  what.deadline = maybe_instant(json.at("deadline"));
  what.costs = costs_of(json.at("costs"));
  what.restartable = json.at("restartable").get<bool>();
}

Json state_of(const Job& job) {
  Json runs = Json::array();
  for (const auto& run : job.runs) runs.push_back({json_of(run.begin), json_of(run.end)});
  return {{"what", json_of(job.what)},
          {"submitted", json_of(job.submitted)},
          {"state", name_of(job.state)},
          {"since", json_of(job.since)},
          {"cancelling", job.cancelling},
          {"attempt", job.attempt},
          {"handle", job.handle},
          {"boards", job.boards},
          {"ran_before", json_of(job.ran_before)},
          {"seen", observation_json(job.seen)},
          {"pauses", job.pauses},
          {"runs", runs},
          {"run_ids", job.run_ids},
          {"energy_kwh_before", job.energy_kwh_before},
          {"exit_code", json_of(job.exit_code)},
          {"ended", json_of(job.ended)},
          {"promise", promise_json(job.promise)},
          {"reason", job.reason},
          {"rule", job.rule},
          {"next_change", json_of(job.next_change)},
          {"planned_end", json_of(job.planned_end)},
          {"saved", saved_json(job.saved)},
          {"not_settled", job.not_settled}};
}

/// Throws nlohmann's errors: for parse_job() alone.
Job read_job(const Json& json, exec::Task task) {
  Job job;
  read_submission(json.at("what"), job.what);
  job.what.task = std::move(task);
  job.submitted = instant_of(json.at("submitted"));
  job.state = parse_state(json.at("state").get<std::string>()).value();
  job.since = instant_of(json.at("since"));
  job.cancelling = json.at("cancelling").get<bool>();
  job.attempt = json.at("attempt").get<int>();
  job.handle = json.at("handle").get<std::string>();
  job.boards = json.at("boards").get<std::vector<int>>();
  job.ran_before = duration_of(json.at("ran_before"));
  job.seen = observation_of(json.at("seen"));
  job.pauses = json.at("pauses").get<std::size_t>();
  for (const auto& run : json.at("runs")) job.runs.push_back({instant_of(run.at(0)), instant_of(run.at(1))});
  job.run_ids = json.at("run_ids").get<std::vector<std::string>>();
  job.energy_kwh_before = json.at("energy_kwh_before").get<double>();
  if (!json.at("exit_code").is_null()) job.exit_code = json.at("exit_code").get<int>();
  job.ended = maybe_instant(json.at("ended"));
  job.promise = promise_of(json.at("promise"));
  job.reason = json.at("reason").get<std::string>();
  job.rule = json.at("rule").get<std::string>();
  job.next_change = maybe_instant(json.at("next_change"));
  job.planned_end = maybe_instant(json.at("planned_end"));
  job.saved = saved_of(json.at("saved"));
  job.not_settled = json.at("not_settled").get<std::string>();
  return job;
}

Json text_or_null(const std::optional<time::Instant>& instant) {
  return instant ? Json(time::text_of(*instant)) : Json();
}

}  // namespace

std::string state_json(const Job& job) { return dump(state_of(job)); }

base::Expected<Job> parse_job(std::string_view json, exec::Task task) {
  try {
    return read_job(Json::parse(json), std::move(task));
  } catch (const std::exception& problem) {
    return base::bad_data(std::string("a job in the queue's file is damaged: ") + problem.what());
  }
}

std::string submission_json(const Submission& what) { return dump(json_of(what)); }

base::Expected<Submission> parse_submission(std::string_view json, exec::Task task) {
  try {
    Submission what;
    what.task = std::move(task);
    read_submission(Json::parse(json), what);
    return what;
  } catch (const std::exception& problem) {
    return base::bad_data(std::string("the submission is damaged: ") + problem.what());
  }
}

std::string public_json(const Job& job) {
  const auto seconds = [](time::Duration duration) { return time::in_seconds(duration); };
  const auto& what = job.what;
  Json runs = Json::array();
  for (const auto& run : job.runs) {
    runs.push_back(
        {{"begin", time::text_of(run.begin)}, {"end", run.end > run.begin ? Json(time::text_of(run.end)) : Json()}});
  }
  Json promise;
  if (job.promise) {
    promise = {
        {"at", time::text_of(job.promise->at)},
        {"made_by", job.promise->made_by},
        {"planned_g", job.promise->planned_g},
        {"at_once_g", job.promise->at_once_g},
        {"saving_g", job.promise->at_once_g - job.promise->planned_g},
        {"saving_90_g",
         job.promise->saving_90_g ? Json{job.promise->saving_90_g->first, job.promise->saving_90_g->second} : Json()}};
  }
  Json saved;
  if (job.saved) {
    saved = {{"realised_g", job.saved->realised_g},
             {"at_once_g", job.saved->at_once_g},
             {"best_g", job.saved->best_g},
             {"saving_g", job.saved->at_once_g - job.saved->realised_g},
             {"best_saving_g", job.saved->at_once_g - job.saved->best_g},
             {"source", job.saved->source}};
  }
  const auto energy = job.energy();
  return dump({{"id", job.id()},
               {"name", what.task.name},
               {"user", what.user},
               {"project", what.project},
               {"executor", what.executor},
               {"handle", job.handle.empty() ? Json() : Json(job.handle)},
               {"command", what.task.argv},
               {"state", name_of(job.state)},
               {"since", time::text_of(job.since)},
               {"submitted", time::text_of(job.submitted)},
               {"deadline", text_or_null(what.deadline)},
               {"zone", what.zone.empty() ? Json() : Json(what.zone)},
               {"strategy", plan::name_of(what.strategy)},
               {"pausable", exec::name_of(what.task.pausable)},
               {"duration_seconds", what.duration ? Json(seconds(*what.duration)) : Json()},
               {"duration_from", what.duration_from},
               {"power_w", units::in_watts(what.power)},
               {"power_from", what.power_from},
               {"attempt", job.attempt},
               {"ran_seconds", seconds(job.ran())},
               {"pauses", job.pauses},
               {"energy_kwh", energy ? Json(units::in_kwh(*energy)) : Json()},
               {"power_now_w", job.seen.power ? Json(units::in_watts(*job.seen.power)) : Json()},
               {"runs", runs},
               {"run_ids", job.run_ids},
               {"exit_code", json_of(job.exit_code)},
               {"ended", text_or_null(job.ended)},
               {"rule", job.rule},
               {"reason", job.reason},
               {"next_change", text_or_null(job.next_change)},
               {"planned_end", text_or_null(job.planned_end)},
               {"promise", promise},
               {"saved", saved},
               {"not_settled", job.not_settled},
               {"note", job.seen.note}});
}

}  // namespace ebb::queue
