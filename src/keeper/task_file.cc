#include "keeper/task_file.h"

#include <algorithm>

#include "exec/lock_folder.h"
#include "keeper/json_fields.h"

namespace ebb::keeper {
namespace {

constexpr const char* kSchema = "ebb-task-1";
constexpr std::int64_t kMostAttempts = 1'000'000;
constexpr std::int64_t kMostBoards = 4096;
constexpr std::int64_t kMostIds = 0xfffffffe;  // -1 means "leave it" to setuid and chown
constexpr std::int64_t kLongestGrace = std::chrono::nanoseconds(std::chrono::hours(24 * 30)).count();

bool is_variable(const std::string& entry) {
  const auto equals = entry.find('=');
  return equals != 0 && equals != std::string::npos;
}

std::vector<int> boards_of(Fields& fields, const Json& object) {
  std::vector<int> boards;
  const auto found = object.find("boards");
  if (found == object.end() || !found->is_array()) return fields.refuse("boards"), boards;
  for (const auto& item : *found) {
    const bool is_whole = item.is_number_unsigned() && item.get<std::uint64_t>() < kMostBoards;
    if (!is_whole) return fields.refuse("boards"), boards;
    boards.push_back(item.get<int>());
  }
  return boards;
}

exec::Resources resources_of(Fields& fields) {
  exec::Resources resources;
  const auto* object = fields.object("resources");
  if (object == nullptr) return resources;
  Fields own(*object);
  resources.cpus = own.number("cpus", 0.0, 1e6);
  resources.memory_bytes = static_cast<std::uint64_t>(own.whole("memory_bytes", 0, INT64_MAX));
  resources.gpus = static_cast<int>(own.whole("gpus", 0, kMostBoards));
  if (!own.status()) fields.refuse("resources");
  return resources;
}

}  // namespace

std::string json_of(const exec::Task& task) {
  Json out;
  out["schema"] = kSchema;
  out["id"] = task.id;
  out["attempt"] = task.attempt;
  out["name"] = json_of_bytes(task.name);
  out["argv"] = json_of_list(task.argv);
  out["environment"] = json_of_list(task.environment);
  out["folder"] = json_of_bytes(task.folder);
  out["output"] = json_of_bytes(task.output);
  out["uid"] = task.uid;
  out["gid"] = task.gid;
  out["resources"] = {
      {"cpus", task.resources.cpus}, {"memory_bytes", task.resources.memory_bytes}, {"gpus", task.resources.gpus}};
  out["boards"] = task.boards;
  out["pausable"] = exec::name_of(task.pausable);
  out["checkpoint_command"] = json_of_list(task.checkpoint_command);
  out["checkpoint_signal"] = task.checkpoint_signal;
  out["grace_ns"] = task.grace.count();
  out["run_options"] = json_of_list(task.run_options);
  out["engine_options"] = json_of_list(task.engine_options);
  out["not_before"] = json_of(task.not_before);
  return out.dump() + "\n";
}

base::Expected<exec::Task> parse_task(std::string_view json) {
  EBB_TRY(const Json object, parse_object(json));
  Fields fields(object);
  exec::Task task;
  if (fields.text("schema") != kSchema) fields.refuse("schema");
  task.id = fields.text("id");
  if (!exec::is_plain_name(task.id)) fields.refuse("id");
  task.attempt = static_cast<int>(fields.whole("attempt", 1, kMostAttempts));
  task.name = fields.text("name");
  task.argv = fields.texts("argv");
  if (task.argv.empty()) fields.refuse("argv");
  task.environment = fields.texts("environment");
  if (!std::all_of(task.environment.begin(), task.environment.end(), is_variable)) fields.refuse("environment");
  task.folder = fields.text("folder");
  if (!task.folder.starts_with('/')) fields.refuse("folder");
  task.output = fields.text("output");
  if (!task.output.starts_with('/')) fields.refuse("output");
  task.uid = static_cast<uid_t>(fields.whole("uid", 0, kMostIds));
  task.gid = static_cast<gid_t>(fields.whole("gid", 0, kMostIds));
  task.resources = resources_of(fields);
  task.boards = boards_of(fields, object);
  const auto pausable = exec::parse_pausable(fields.text("pausable"));
  if (!pausable) fields.refuse("pausable");
  task.pausable = pausable.value_or(exec::Pausable::kNo);
  task.checkpoint_command = fields.texts("checkpoint_command");
  task.checkpoint_signal = static_cast<int>(fields.whole("checkpoint_signal", 1, 64));
  task.grace = time::Duration(fields.whole("grace_ns", 0, kLongestGrace));
  task.run_options = fields.texts("run_options");
  task.engine_options = fields.texts("engine_options");
  task.not_before = fields.instant("not_before");
  EBB_TRY_DO(fields.status());
  return task;
}

}  // namespace ebb::keeper
