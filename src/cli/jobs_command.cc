#include <fmt/format.h>
#include <poll.h>

#include <algorithm>

#include "base/text.h"
#include "cli/common.h"
#include "cli/queue_client.h"
#include "report/table.h"

namespace ebb::cli {
namespace {

using report::Json;

constexpr int kWatchMilliseconds = 2000;

std::string grams(const Json& document, const char* key) {
  return document.is_object() && document[key].is_number() ? fmt::format("{:.3g} g", document[key].get<double>()) : "-";
}

std::string shortened(const std::string& text, std::size_t most) {
  return text.size() <= most ? text : text.substr(0, most - 3) + "...";
}

std::string table_of(const Json& answer) {
  using Align = report::TextTable::Align;
  std::string text;
  for (const auto& [state, count] : answer["counts"].items()) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count.get<std::size_t>(), state);
  }
  text = (text.empty() ? "no jobs" : text) + "\n";
  const auto& jobs = answer["jobs"];
  if (jobs.empty()) return text;
  report::TextTable table({{"job", Align::kLeft},
                           {"state", Align::kLeft},
                           {"name", Align::kLeft},
                           {"next change", Align::kLeft},
                           {"ran", Align::kRight},
                           {"saving promised", Align::kRight},
                           {"realised", Align::kRight},
                           {"why", Align::kLeft}});
  for (const auto& job : jobs) {
    const auto next = text_in(job, "next_change");
    table.add({text_in(job, "id"), text_in(job, "state"), shortened(base::in_quotes(text_in(job, "name")), 24),
               next.empty() ? "-" : next, fmt::format("{:.0f} s", job["ran_seconds"].get<double>()),
               grams(job["promise"], "saving_g"), grams(job["saved"], "saving_g"),
               shortened(text_in(job, "reason"), 90)});
  }
  text += table.text(2);
  if (const auto more = answer["not_shown"].get<std::size_t>(); more > 0) {
    text += fmt::format("  and {} more: --limit {}\n", more, jobs.size() + more);
  }
  return text;
}

std::string story_of(const Json& answer) {
  const auto& job = answer["job"];
  std::vector<std::string> words;
  for (const auto& word : job["command"]) words.push_back(word.get<std::string>());
  std::string text =
      fmt::format("job {}: {} since {}\n  command: {}\n  why: {}\n", text_in(job, "id"), text_in(job, "state"),
                  text_in(job, "since"), base::shell_text(words), text_in(job, "reason"));
  const auto line = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {}: {}\n", name, value);
  };
  line("deadline", text_in(job, "deadline"));
  line("next change", text_in(job, "next_change"));
  line("planned end", text_in(job, "planned_end"));
  line("running time", text_in(job, "duration_from"));
  line("note", text_in(job, "note"));
  const auto& promise = job["promise"];
  if (promise.is_object()) {
    line("promised", fmt::format("{} instead of {} at once; {}", grams(promise, "planned_g"),
                                 grams(promise, "at_once_g"), text_in(promise, "made_by")));
  }
  const auto& saved = job["saved"];
  if (saved.is_object()) {
    line("came to", fmt::format("{}; at once {}, at best {}; {}", grams(saved, "realised_g"), grams(saved, "at_once_g"),
                                grams(saved, "best_g"), text_in(saved, "source")));
  } else {
    line("not settled", text_in(job, "not_settled"));
  }
  for (const auto& run : job["run_ids"]) line("run", run.get<std::string>() + " (ebb report RUN)");
  text += "  what happened:\n";
  for (const auto& event : answer["events"]) {
    text += fmt::format("    {}  {}{}{}\n", text_in(event, "at"), text_in(event, "what"),
                        text_in(event, "text").empty() ? "" : ": ", text_in(event, "text"));
  }
  return text;
}

base::Expected<int> run_jobs(const Arguments& arguments, const Context& context) {
  EBB_TRY(const auto limit, number_option(arguments, "--limit", 1.0, 1e6));
  const auto id = arguments.get("JOB");
  const Json question = id ? Json{{"op", "show"}, {"id", *id}}
                           : Json{{"op", "list"},
                                  {"all", arguments.has("--all")},
                                  {"limit", static_cast<std::size_t>(limit.value_or(100.0))}};
  const bool watch = arguments.has("--watch");
  for (;;) {
    EBB_TRY(const auto answer, ask_queue(arguments, context, question));
    std::string text = arguments.has("--json") ? report::dump(answer, watch ? -1 : 1) + "\n"
                       : id                    ? story_of(answer)
                                               : table_of(answer);
    // A terminal is written over; what goes elsewhere is one table after the other.
    if (watch && context.out_is_terminal && !arguments.has("--json")) text.insert(0, "\x1b[H\x1b[J");
    context.out(text);
    if (!watch) return 0;
    context.out("");
    ::poll(nullptr, 0, kWatchMilliseconds);
  }
}

}  // namespace

const Command& jobs_command() {
  static const Command command{"jobs",
                               "the jobs of the queue, what they wait for and what they saved",
                               "Without JOB a table: what runs first, then what waits. With JOB all that is known of "
                               "it: each decision with its reason, "
                               "what was promised, what it came to.",
                               {{"JOB", "", "a job's id, or its number", false, true},
                                {"--all", "", "those that have ended, too"},
                                {"--limit", "N", "at most so many; default 100"},
                                {"--watch", "", "again every two seconds, until Ctrl-C"},
                                option_rows::kQueue},
                               {"ebb jobs --all", "ebb jobs 12"},
                               run_jobs,
                               false};
  return command;
}

}  // namespace ebb::cli
