#include "trace/header_json.h"

#include <nlohmann/json.hpp>

#include "time/text.h"

namespace ebb::trace {
namespace {

using Json = nlohmann::ordered_json;

/// Takes fields out of an object and remembers whether one was missing or of another type.
class Fields {
 public:
  explicit Fields(const Json& object) : object_(object) {}

  void text(const char* key, std::string& into) {
    if (const auto* value = find(key, &Json::is_string)) into = value->get<std::string>();
  }
  void texts(const char* key, std::vector<std::string>& into) {
    const auto* list = find(key, &Json::is_array);
    if (list == nullptr) return;
    for (const auto& item : *list) {
      if (!item.is_string()) return fail();
      into.push_back(item.get<std::string>());
    }
  }
  void texts(const char* key, std::map<std::string, std::string>& into) {
    const auto* object = find(key, &Json::is_object);
    if (object == nullptr) return;
    for (const auto& [name, item] : object->items()) {
      if (!item.is_string()) return fail();
      into[name] = item.get<std::string>();
    }
  }
  void nanoseconds(const char* key, time::Duration& into) {
    if (const auto* value = find(key, &Json::is_number_integer)) into = time::Duration(value->get<std::int64_t>());
    if (into < time::Duration(0)) fail();
  }
  void instant(const char* key, time::Instant& into) {
    std::string written;
    text(key, written);
    const auto parsed = time::parse_instant(written);
    if (!parsed) return fail();
    into = *parsed;
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  const Json* find(const char* key, bool (Json::*is_type)() const noexcept) {
    const auto found = object_.find(key);
    if (found != object_.end() && ((*found).*is_type)()) return &*found;
    fail();
    return nullptr;
  }
  void fail() { failed_ = true; }

  const Json& object_;
  bool failed_ = false;
};

}  // namespace

std::string json_of(const Header& header) {
  Json json;
  json["run_id"] = header.run_id;
  json["node"] = header.node;
  json["command"] = header.command;
  json["project"] = header.project;
  json["tags"] = Json::object();
  for (const auto& [key, value] : header.tags) json["tags"][key] = value;
  json["parent_run"] = header.parent_run;
  json["user"] = header.user;
  json["expected_nodes"] = header.expected_nodes;
  json["utc"] = time::text_of(header.utc);
  json["steady_ns"] = header.steady.count();
  // Kept as texts, so that they come back byte for byte.
  json["machine"] = header.machine_json;
  json["options"] = header.options_json;
  json["version"] = header.version;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Header> parse_header(std::string_view json) {
  const auto object = Json::parse(json, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  Header header;
  Fields fields(object);
  fields.text("run_id", header.run_id);
  fields.text("node", header.node);
  fields.texts("command", header.command);
  fields.text("project", header.project);
  fields.texts("tags", header.tags);
  fields.text("parent_run", header.parent_run);
  fields.text("user", header.user);
  fields.texts("expected_nodes", header.expected_nodes);
  fields.instant("utc", header.utc);
  fields.nanoseconds("steady_ns", header.steady);
  fields.text("machine", header.machine_json);
  fields.text("options", header.options_json);
  fields.text("version", header.version);
  if (fields.failed()) return std::nullopt;
  return header;
}

}  // namespace ebb::trace
