#include "cli/queue_client.h"

#include "cli/common.h"
#include "serve/wire.h"

namespace ebb::cli {

base::Expected<std::string> queue_folder(const Arguments& arguments, const Context& context) {
  if (const auto named = arguments.get("--queue"); named && !named->empty()) return *named;
  if (const auto named = context.environment("EBB_QUEUE"); named && !named->empty()) return *named;
  EBB_TRY(const auto folder, data_folder(arguments, context));
  return folder + "/queue";
}

base::Expected<report::Json> ask_queue(const Arguments& arguments, const Context& context,
                                       const report::Json& question) {
  EBB_TRY(const auto folder, queue_folder(arguments, context));
  const auto text = question.dump(-1, ' ', false, report::Json::error_handler_t::replace);
  EBB_TRY(const auto answer, serve::ask(folder, text));
  auto document = report::Json::parse(answer, nullptr, false);
  if (!document.is_object() || !document.contains("ok") || !document["ok"].is_boolean()) {
    return base::service_error(folder + "/socket: what listens there is no ebb serve of this version");
  }
  if (document["ok"].get<bool>()) return document;
  const auto code = document.find("code");
  const bool known = code != document.end() && code->is_number_integer();
  return base::Error{known ? static_cast<base::ErrorKind>(code->get<int>()) : base::ErrorKind::kService,
                     text_in(document, "message")};
}

std::string text_in(const report::Json& document, const char* key) {
  const auto found = document.find(key);
  return found != document.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace ebb::cli
