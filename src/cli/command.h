#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "sensors/sensor.h"
#include "time/clock.h"

namespace ebb::cli {

/// One option of a command: what --help, the man page, the completions and the parser are all made from.
struct Option {
  std::string_view name;   ///< "--slack"
  std::string_view value;  ///< what stands for its value, "D"; empty for a flag
  std::string_view help;
  bool repeated = false;    ///< may come more than once, each with one value
  bool positional = false;  ///< name is then a plain word, "FILE"
};

/// The words of a command line, by option.
class Arguments {
 public:
  void add(std::string_view option, std::string value) { values_[std::string(option)].push_back(std::move(value)); }
  [[nodiscard]] bool has(std::string_view option) const { return values_.find(option) != values_.end(); }
  /// The last value given.
  [[nodiscard]] std::optional<std::string> get(std::string_view option) const;
  /// Every value; those of a list "A,B" one by one where `split` is set.
  [[nodiscard]] std::vector<std::string> all(std::string_view option, bool split = false) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// What a command may touch: injected, so that tests see all of it.
struct Context {
  const time::Clock& clock;
  std::function<std::optional<std::string>(const std::string&)> environment;
  std::function<void(std::string_view)> out;  ///< stdout
  std::function<void(std::string_view)> err;  ///< stderr
  bool out_is_terminal = false;
  std::string command_line;  ///< as typed, for reports
  bool err_is_terminal = false;
  sensors::Host host{};  ///< where sensors look
  std::string host_name{};
  std::string user{};
  std::function<std::uint64_t()> random{};
  std::string program{};  ///< this program's own file, to be started again as a job's keeper
  /// Told where a driver's thread is still busy: the program then leaves without waiting for it.
  std::function<void()> leave_threads{};
};

struct Command {
  std::string_view name;  ///< "plan", "grid import"
  std::string_view summary;
  std::string_view description;
  std::vector<Option> options;
  std::vector<std::string_view> examples;  ///< at least two, runnable
  base::Expected<int> (*run)(const Arguments&, const Context&);
  bool hidden = false;
  /// What stands after the first `--` is a command with its own options: Arguments has its words under "COMMAND".
  bool takes_command = false;
};

/// Options that every command takes.
const std::vector<Option>& global_options();
/// All commands, in the order of the manual.
const std::vector<Command>& commands();

/// The whole program: parses, runs, prints errors as "ebb COMMAND: ...". Gives back the exit code.
int run(const std::vector<std::string>& words, const Context& context);

/// The options of a command as a list of words, without running it. Errors: kUsage, as the command itself would say.
base::Expected<Arguments> parse_options(const Command& command, const std::vector<std::string>& options);

/// Whether to colour stdout: --color always|never, else a terminal without NO_COLOR.
bool wants_colour(const Arguments& arguments, const Context& context);

// One file a subcommand.
const Command& plan_command();
const Command& study_command();
const Command& grid_import_command();
const Command& grid_list_command();
const Command& grid_show_command();
const Command& grid_forecast_command();
const Command& grid_score_command();
const Command& grid_fetch_command();
const Command& report_command();
const Command& estimate_command();
const Command& run_command();
const Command& runs_list_command();
const Command& runs_show_command();
const Command& runs_export_command();
const Command& runs_price_command();
const Command& runs_import_command();
const Command& runs_unaccounted_command();
const Command& mark_command();
const Command& serve_command();
const Command& submit_command();
const Command& jobs_command();
const Command& logs_command();
const Command& hold_command();
const Command& release_command();
const Command& cancel_command();
const Command& keep_command();
const Command& simulate_command();
const Command& shadow_command();
const Command& doctor_command();
const Command& man_command();
const Command& completion_command();

/// The manual page of the whole program (troff), from the option tables.
std::string man_page();
/// shell: bash, zsh or fish. Empty for another.
std::string completion_script(std::string_view shell);
/// Text of `ebb COMMAND --help`.
std::string help_text(const Command& command);
/// Text of `ebb --help`.
std::string overview_text();

}  // namespace ebb::cli
