#include "cli/command.h"

#include "base/text.h"

namespace ebb::cli {

std::optional<std::string> Arguments::get(std::string_view option) const {
  const auto found = values_.find(option);
  return found == values_.end() ? std::nullopt : std::optional(found->second.back());
}

std::vector<std::string> Arguments::all(std::string_view option, bool split) const {
  const auto found = values_.find(option);
  if (found == values_.end()) return {};
  if (!split) return found->second;
  std::vector<std::string> out;
  for (const auto& value : found->second) {
    for (const auto piece : base::split(value, ',')) out.emplace_back(base::trimmed(piece));
  }
  return out;
}

const std::vector<Option>& global_options() {
  static const std::vector<Option> options{
      {"--json", "", "one JSON document on stdout, nothing else there"},
      {"--quiet", "", "no warnings and no progress on stderr"},
      {"--color", "WHEN", "auto (default), always or never"},
      {"--data-dir", "DIR",
       "where ebb keeps its data (real series are looked for there too); default $XDG_DATA_HOME/ebb"},
      {"--config", "FILE", "options from a file: lines such as slack=24h under a [plan] heading"},
      {"--help", "", "this text"},
  };
  return options;
}

const std::vector<Command>& commands() {
  static const std::vector<Command> all{run_command(),           plan_command(),
                                        study_command(),         estimate_command(),
                                        runs_list_command(),     runs_show_command(),
                                        runs_export_command(),   runs_price_command(),
                                        runs_import_command(),   runs_unaccounted_command(),
                                        mark_command(),          report_command(),
                                        grid_import_command(),   grid_fetch_command(),
                                        grid_list_command(),     grid_show_command(),
                                        grid_forecast_command(), grid_score_command(),
                                        submit_command(),        jobs_command(),
                                        logs_command(),          hold_command(),
                                        release_command(),       cancel_command(),
                                        serve_command(),         simulate_command(),
                                        shadow_command(),        doctor_command(),
                                        man_command(),           completion_command(),
                                        keep_command()};
  return all;
}

bool wants_colour(const Arguments& arguments, const Context& context) {
  const auto when = arguments.get("--color").value_or("auto");
  if (when == "always") return true;
  if (when == "never") return false;
  return context.out_is_terminal && !context.environment("NO_COLOR").has_value();
}

}  // namespace ebb::cli
