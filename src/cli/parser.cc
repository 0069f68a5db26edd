// The only file that includes CLI11 (it costs seconds to compile): turns the option tables into its parser.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"

namespace ebb::cli {
namespace {

/// CLI11 writes parsed words here; deque so that addresses stay.
struct Slot {
  const Option* option;
  std::vector<std::string> values;
  bool flag = false;
};

void add_option(CLI::App& app, const Option& option, std::deque<Slot>& slots) {
  Slot& slot = slots.emplace_back();
  slot.option = &option;
  if (option.value.empty() && !option.positional) {
    app.add_flag(std::string(option.name), slot.flag);
    return;
  }
  CLI::Option* added = app.add_option(std::string(option.name), slot.values);
  if (option.positional) {
    added->expected(option.repeated ? -1 : 1);
  } else {
    added->expected(1)->allow_extra_args(false)->multi_option_policy(option.repeated ? CLI::MultiOptionPolicy::TakeAll
                                                                                     : CLI::MultiOptionPolicy::Throw);
  }
}

/// The command whose name the first words are, and how many words that took.
std::pair<const Command*, std::size_t> find_command(const std::vector<std::string>& words) {
  for (const auto& command : commands()) {
    const auto parts = base::split(command.name, ' ');
    if (parts.size() > words.size()) continue;
    if (std::equal(parts.begin(), parts.end(), words.begin())) return {&command, parts.size()};
  }
  return {nullptr, 0};
}

int fail(const Context& context, std::string_view where, std::string_view message, base::ErrorKind kind) {
  context.err(fmt::format("{}: {}\n", where, message));
  return static_cast<int>(kind);
}

int no_command(const std::vector<std::string>& words, const Context& context) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    context.out(overview_text());
    return words.empty() ? static_cast<int>(base::ErrorKind::kUsage) : 0;
  }
  if (words[0] == "--version") {
    context.out("ebb " EBB_VERSION "\n");
    return 0;
  }
  std::vector<std::string> names;
  for (const auto& command : commands()) {
    if (!command.hidden) names.emplace_back(command.name);
  }
  std::string given = words[0];
  if (words.size() > 1 && !words[1].starts_with('-')) given += " " + words[1];
  const auto near = base::nearest_names(given, names, 2);
  return fail(context, "ebb",
              fmt::format("unknown command {}; {} {}; see ebb --help", base::in_quotes(given),
                          near.empty() ? "known are" : "did you mean", fmt::join(near.empty() ? names : near, ", ")),
              base::ErrorKind::kUsage);
}

/// `words`: those of the command's name, then its options.
base::Expected<Arguments> parse(const Command& command, const std::vector<std::string>& words) {
  // Nested as the command's name is, so that a configuration file has a section for each: [plan], [grid.import].
  CLI::App root;
  root.set_help_flag();
  root.set_config("--config");
  root.allow_config_extras(CLI::config_extras_mode::error);
  CLI::App* app = &root;
  for (const auto part : base::split(command.name, ' ')) {
    app = app->add_subcommand(std::string(part))->fallthrough();
    app->set_help_flag();
  }
  std::deque<Slot> slots;
  for (const auto& option : command.options) add_option(*app, option, slots);
  for (const auto& option : global_options()) {
    if (option.name != "--help" && option.name != "--config") add_option(*app, option, slots);
  }
  try {
    root.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    const CLI::Option* config = root.get_config_ptr();
    if (config->count() > 0) {
      const auto path = config->as<std::string>();
      const auto readable = base::load_text_file(path);
      if (!readable) return base::usage_error("--config: " + readable.error().message);
    }
  } catch (const CLI::ParseError& problem) {
    return base::usage_error(fmt::format("{}; see ebb {} --help", problem.what(), command.name));
  }
  Arguments arguments;
  for (const auto& slot : slots) {
    if (slot.flag) arguments.add(slot.option->name, "");
    for (const auto& value : slot.values) arguments.add(slot.option->name, value);
  }
  const auto when = arguments.get("--color").value_or("auto");
  if (when != "auto" && when != "always" && when != "never") {
    return base::usage_error(fmt::format("--color {}: auto, always or never", base::in_quotes(when)));
  }
  return arguments;
}

}  // namespace

base::Expected<Arguments> parse_options(const Command& command, const std::vector<std::string>& options) {
  std::vector<std::string> words;
  for (const auto part : base::split(command.name, ' ')) words.emplace_back(part);
  words.insert(words.end(), options.begin(), options.end());
  return parse(command, words);
}

int run(const std::vector<std::string>& words, const Context& context) {
  const auto [command, used] = find_command(words);
  if (command == nullptr) return no_command(words, context);
  const std::string where = fmt::format("ebb {}", command->name);
  // The words of a command that is to be run are its own: CLI11 must not see them.
  std::vector<std::string> ours = words;
  std::vector<std::string> commanded;
  const auto parted = std::find(words.begin(), words.end(), "--");
  if (command->takes_command && parted != words.end()) {
    ours.assign(words.begin(), parted);
    commanded.assign(parted + 1, words.end());
  }
  std::vector<std::string> rest(ours.begin() + static_cast<std::ptrdiff_t>(used), ours.end());
  for (const auto& word : rest) {
    if (word == "--") break;
    if (word == "--help" || word == "-h") {
      context.out(help_text(*command));
      return 0;
    }
  }
  auto arguments = parse(*command, ours);
  if (!arguments) return fail(context, where, arguments.error().message, arguments.error().kind);
  for (auto& word : commanded) arguments->add("COMMAND", std::move(word));
  const auto code = command->run(*arguments, context);
  if (!code) return fail(context, where, code.error().message, code.error().kind);
  return *code;
}

}  // namespace ebb::cli
