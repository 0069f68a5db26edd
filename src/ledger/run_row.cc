#include "ledger/run_row.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "time/text.h"

namespace ebb::ledger {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<RunState, 3> kStates{RunState::kRunning, RunState::kFinished, RunState::kLost};

Json text_or_null(const std::optional<time::Instant>& instant) {
  return instant ? Json(time::text_of(*instant)) : Json(nullptr);
}
Json number_or_null(const std::optional<units::Emissions>& emissions) {
  return emissions ? Json(units::in_grams(*emissions)) : Json(nullptr);
}

/// Takes fields out of an object and remembers the first that is missing or of another type.
class Fields {
 public:
  explicit Fields(const Json& object) : object_(object) {}

  std::string text(const char* key) {
    const auto* value = find(key);
    if (value != nullptr && value->is_string()) return value->get<std::string>();
    fail(key);
    return {};
  }
  time::Instant instant(const char* key) {
    const auto parsed = time::parse_instant(text(key));
    if (!parsed) fail(key);
    return parsed ? *parsed : time::Instant{};
  }
  double number(const char* key) {
    const auto* value = find(key);
    if (value != nullptr && value->is_number()) return value->get<double>();
    fail(key);
    return 0.0;
  }
  int integer(const char* key) {
    const auto* value = find(key);
    if (value != nullptr && value->is_number_integer()) return value->get<int>();
    fail(key);
    return 0;
  }
  std::optional<units::Emissions> maybe_grams(const char* key) {
    if (is_null(key)) return std::nullopt;
    return units::grams(number(key));
  }
  std::map<std::string, std::string> texts(const char* key) {
    std::map<std::string, std::string> texts;
    const auto* object = find(key);
    if (object == nullptr || !object->is_object()) {
      fail(key);
      return texts;
    }
    for (const auto& [name, item] : object->items()) {
      if (!item.is_string()) fail(key);
      texts[name] = item.is_string() ? item.get<std::string>() : std::string();
    }
    return texts;
  }
  [[nodiscard]] bool is_null(const char* key) const {
    const auto* value = find(key);
    return value != nullptr && value->is_null();
  }
  void fail(const char* key) {
    if (failed_.empty()) failed_ = key;
  }
  [[nodiscard]] const std::string& failed() const { return failed_; }

 private:
  [[nodiscard]] const Json* find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  const Json& object_;
  std::string failed_;
};

}  // namespace

std::string_view name_of(RunState state) {
  switch (state) {
    case RunState::kRunning:
      return "running";
    case RunState::kFinished:
      return "finished";
    case RunState::kLost:
      break;
  }
  return "lost";
}

std::optional<RunState> parse_run_state(std::string_view text) {
  for (const auto state : kStates) {
    if (text == name_of(state)) return state;
  }
  return std::nullopt;
}

std::string json_of(const RunRow& row) {
  Json json;
  json["run_id"] = row.run_id;
  json["state"] = name_of(row.state);
  json["project"] = row.project;
  json["user"] = row.user;
  json["node_count"] = row.node_count;
  json["command"] = row.command;
  json["tags"] = Json::object();
  for (const auto& [key, value] : row.tags) json["tags"][key] = value;
  json["parent_run"] = row.parent_run;
  json["begin"] = time::text_of(row.begin);
  json["end"] = text_or_null(row.end);
  json["exit_code"] = row.exit_code ? Json(*row.exit_code) : Json(nullptr);
  json["energy_j"] = units::in_joules(row.energy);
  json["operational_g"] = number_or_null(row.operational);
  json["embodied_g"] = number_or_null(row.embodied);
  json["emissions_g"] = number_or_null(row.emissions);
  json["zone"] = row.zone;
  json["signal"] = row.signal;
  json["source"] = row.source;
  json["vintage"] = row.vintage;
  json["trace_folder"] = row.trace_folder;
  json["record"] = row.record_json;  // as a text: it comes back byte for byte
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Expected<RunRow> parse_run_row(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return base::bad_data("a run's row is no JSON object");
  Fields fields(json);
  RunRow row;
  row.run_id = fields.text("run_id");
  const auto state = parse_run_state(fields.text("state"));
  if (!state) fields.fail("state");
  row.state = state.value_or(RunState::kLost);
  row.project = fields.text("project");
  row.user = fields.text("user");
  row.node_count = fields.integer("node_count");
  row.command = fields.text("command");
  row.tags = fields.texts("tags");
  row.parent_run = fields.text("parent_run");
  row.begin = fields.instant("begin");
  if (!fields.is_null("end")) row.end = fields.instant("end");
  if (!fields.is_null("exit_code")) row.exit_code = fields.integer("exit_code");
  row.energy = units::joules(fields.number("energy_j"));
  row.operational = fields.maybe_grams("operational_g");
  row.embodied = fields.maybe_grams("embodied_g");
  row.emissions = fields.maybe_grams("emissions_g");
  row.zone = fields.text("zone");
  row.signal = fields.text("signal");
  row.source = fields.text("source");
  row.vintage = fields.text("vintage");
  row.trace_folder = fields.text("trace_folder");
  row.record_json = fields.text("record");
  if (!fields.failed().empty()) {
    return base::bad_data("a run's row has no \"" + fields.failed() + "\", or not as it should be");
  }
  return row;
}

}  // namespace ebb::ledger
