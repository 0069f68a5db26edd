// The calls of slurm::SlurmExecutor on a command line, for tests on a real Slurm:
//   slurm_drive [--ebb PATH] start TASK.json | pause|resume|cancel TASK.json HANDLE | observe ID ATTEMPT HANDLE ...
//               | adopt JOB | hold|release HANDLE | begin HANDLE TIME
// A TASK.json has the members of exec::Task that the test needs. One JSON document on stdout; exit code of the error.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "slurm/executor.h"
#include "slurm/system_commands.h"
#include "time/text.h"

namespace {

using namespace ebb;
using Json = nlohmann::json;

exec::Task load_task(const std::string& path) {
  std::ifstream file(path);
  const Json json = Json::parse(file);
  exec::Task task;
  task.id = json.value("id", "");
  task.attempt = json.value("attempt", 1);
  task.name = json.value("name", "");
  task.argv = json.value("argv", std::vector<std::string>());
  task.environment = json.value("environment", std::vector<std::string>());
  task.folder = json.value("folder", "");
  task.output = json.value("output", "");
  task.uid = json.value("uid", ::geteuid());
  task.gid = json.value("gid", ::getegid());
  task.pausable = exec::parse_pausable(json.value("pausable", "no")).value_or(exec::Pausable::kNo);
  task.grace = std::chrono::seconds(json.value("grace_seconds", 300));
  task.run_options = json.value("run_options", std::vector<std::string>());
  task.engine_options = json.value("engine_options", std::vector<std::string>());
  if (json.contains("not_before")) task.not_before = *time::parse_instant(json["not_before"].get<std::string>());
  return task;
}

Json json_of(const exec::Observation& seen) {
  Json json{{"state", exec::name_of(seen.state)},
            {"checkpointed", seen.checkpointed},
            {"ran", time::in_seconds(seen.ran)},
            {"paused", time::in_seconds(seen.paused)},
            {"pauses", seen.pauses},
            {"handle", seen.handle},
            {"run_id", seen.run_id},
            {"note", seen.note},
            {"exit_code", nullptr},
            {"begun", nullptr},
            {"ended", nullptr},
            {"energy_j", nullptr}};
  if (seen.exit_code) json["exit_code"] = *seen.exit_code;
  if (seen.begun) json["begun"] = time::text_of(*seen.begun);
  if (seen.ended) json["ended"] = time::text_of(*seen.ended);
  if (seen.energy) json["energy_j"] = units::in_joules(*seen.energy);
  return json;
}

Json json_of(const slurm::Adopted& adopted) {
  Json json{{"id", adopted.task.id},        {"handle", adopted.ref.handle},  {"name", adopted.task.name},
            {"user", adopted.user},         {"uid", adopted.task.uid},       {"cpus", adopted.task.resources.cpus},
            {"command", adopted.task.argv}, {"folder", adopted.task.folder}, {"held", adopted.held},
            {"now", json_of(adopted.now)},  {"time_limit", nullptr},         {"deadline", nullptr}};
  if (adopted.time_limit) json["time_limit"] = time::in_seconds(*adopted.time_limit);
  if (adopted.deadline) json["deadline"] = time::text_of(*adopted.deadline);
  return json;
}

int fail(const base::Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return static_cast<int>(error.kind);
}
int say(const Json& json) {
  std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  return 0;
}
int settle(const base::Status& status) { return status ? say(Json::object()) : fail(status.error()); }

int run(slurm::SlurmExecutor& executor, const std::vector<std::string>& words) {
  const auto& what = words.at(0);
  if (what == "start") {
    const auto handle = executor.start(load_task(words.at(1)));
    return handle ? say({{"handle", *handle}}) : fail(handle.error());
  }
  if (what == "observe") {
    std::vector<exec::TaskRef> refs;
    for (std::size_t i = 1; i + 2 < words.size(); i += 3) {
      refs.push_back({words[i], std::stoi(words[i + 1]), words[i + 2] == "-" ? "" : words[i + 2]});
    }
    const auto seen = executor.observe(refs);
    if (!seen) return fail(seen.error());
    auto all = Json::array();
    for (const auto& one : *seen) all.push_back(json_of(one));
    return say(all);
  }
  if (what == "adopt") {
    const auto adopted = executor.adopt(words.at(1));
    if (!adopted) return fail(adopted.error());
    auto all = Json::array();
    for (const auto& one : *adopted) all.push_back(json_of(one));
    return say(all);
  }
  if (what == "pause" || what == "resume" || what == "cancel") {
    const auto task = load_task(words.at(1));
    const exec::TaskRef ref{task.id, task.attempt, words.at(2) == "-" ? "" : words.at(2)};
    if (what == "pause") return settle(executor.pause(task, ref));
    return settle(what == "resume" ? executor.resume(task, ref) : executor.cancel(task, ref));
  }
  const exec::TaskRef ref{"", 1, words.at(1)};
  if (what == "hold") return settle(executor.hold(ref));
  if (what == "release") return settle(executor.release(ref));
  if (what == "begin") return settle(executor.set_begin(ref, *time::parse_instant(words.at(2))));
  return fail(base::usage_error("no such call: " + what));
}

}  // namespace

int main(int count, char** words) {
  const time::SystemClock clock;
  slurm::SystemCommands commands(
      [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
      },
      clock);
  std::vector<std::string> rest(words + 1, words + count);
  slurm::ExecutorOptions options;
  if (rest.size() >= 2 && rest[0] == "--ebb") {
    options.ebb = rest[1];
    rest.erase(rest.begin(), rest.begin() + 2);
  }
  slurm::SlurmExecutor executor(commands, clock, options);
  return rest.size() < 2 ? fail(base::usage_error("start|pause|resume|cancel|observe|adopt|hold|release|begin ..."))
                         : run(executor, rest);
}
