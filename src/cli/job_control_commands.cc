#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/common.h"
#include "cli/queue_client.h"
#include "exec/descriptor.h"
#include "queue/job.h"

namespace ebb::cli {
namespace {

using report::Json;

constexpr int kFollowMilliseconds = 200;

base::Expected<int> tell_all(const char* op, const char* done, const Arguments& arguments, const Context& context) {
  int code = 0;
  for (const auto& id : arguments.all("JOB")) {
    const auto answer = ask_queue(arguments, context, Json{{"op", op}, {"id", id}});
    if (!answer) {
      if (answer.error().kind == base::ErrorKind::kService) return answer.error();
      context.err(fmt::format("ebb {}: {}\n", op, answer.error().message));
      code = static_cast<int>(answer.error().kind);
    } else if (!arguments.has("--quiet")) {
      context.out(fmt::format("{} {}\n", text_in(*answer, "id"), done));
    }
  }
  return code;
}

base::Expected<int> run_hold(const Arguments& arguments, const Context& context) {
  return tell_all("hold", "held", arguments, context);
}
base::Expected<int> run_release(const Arguments& arguments, const Context& context) {
  return tell_all("release", "released", arguments, context);
}
base::Expected<int> run_cancel(const Arguments& arguments, const Context& context) {
  return tell_all("cancel", "cancelled", arguments, context);
}

/// Puts out what is there now; false where the file is not there yet.
base::Expected<bool> put_out(exec::Descriptor& file, const std::string& path, const Context& context) {
  if (!file) file = exec::Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file) {
    if (errno == ENOENT) return false;
    return base::service_error(fmt::format("{}: {}", path, std::strerror(errno)));
  }
  char buffer[65536];
  for (;;) {
    const auto got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0) return base::service_error(fmt::format("{}: {}", path, std::strerror(errno)));
    if (got == 0) return true;
    context.out({buffer, static_cast<std::size_t>(got)});
  }
}

base::Expected<int> run_logs(const Arguments& arguments, const Context& context) {
  const auto id = arguments.get("JOB").value_or("");
  exec::Descriptor file;
  for (;;) {
    EBB_TRY(const auto answer, ask_queue(arguments, context, Json{{"op", "show"}, {"id", id}}));
    const auto state = queue::parse_state(text_in(answer["job"], "state"));
    EBB_TRY(const bool there, put_out(file, text_in(answer, "output"), context));
    if (state && queue::is_final(*state)) return 0;
    if (!arguments.has("--follow")) {
      if (!there) context.err(fmt::format("job {} has not begun: {}\n", id, text_in(answer["job"], "reason")));
      return 0;
    }
    context.out("");
    ::poll(nullptr, 0, kFollowMilliseconds);
  }
}

Command control(std::string_view name, std::string_view summary, std::string_view description,
                std::vector<std::string_view> examples, base::Expected<int> (*run)(const Arguments&, const Context&)) {
  return {name,
          summary,
          description,
          {{"JOB", "", "a job's id, or its number", true, true}, option_rows::kQueue},
          std::move(examples),
          run,
          false};
}

}  // namespace

const Command& hold_command() {
  static const Command command = control("hold", "let jobs wait, or stand still, until they are released",
                                         "A waiting job is not started; one that runs is paused, if it may be. "
                                         "Deadlines go on: a job that is held too long "
                                         "misses its own.",
                                         {"ebb hold 12", "ebb hold 12 13 14"}, run_hold);
  return command;
}

const Command& release_command() {
  static const Command command =
      control("release", "let held jobs go on by plan", "They are planned anew, from now to their deadlines.",
              {"ebb release 12", "ebb release 12 13 14"}, run_release);
  return command;
}

const Command& cancel_command() {
  static const Command command = control(
      "cancel", "end jobs, or never start them",
      "Every process of a job gets SIGTERM and, 10 s later, SIGKILL; a paused one goes on so that it sees that.",
      {"ebb cancel 12", "ebb cancel 12 13 14"}, run_cancel);
  return command;
}

const Command& logs_command() {
  static const Command command{"logs",
                               "what a job wrote to stdout and stderr",
                               "The output of all its starts, one after the other.",
                               {{"JOB", "", "a job's id, or its number", false, true},
                                {"--follow", "", "goes on until the job has ended"},
                                option_rows::kQueue},
                               {"ebb logs 12", "ebb logs --follow 12"},
                               run_logs,
                               false};
  return command;
}

}  // namespace ebb::cli
