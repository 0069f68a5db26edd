// --help, the man page and the completions: all from the option tables.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/command.h"

namespace ebb::cli {
namespace {

constexpr std::size_t kHelpColumn = 26;
constexpr std::size_t kHelpWidth = 100;

/// Folds a text at blanks, further lines indented.
std::string folded(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  for (const auto word : base::split(text, ' ')) {
    if (column > indent && column + word.size() + 1 > kHelpWidth) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::string option_head(const Option& option) {
  std::string head(option.name);
  if (!option.value.empty()) head += " " + std::string(option.value);
  if (option.repeated) head += " ...";
  return head;
}

std::string option_lines(const std::vector<Option>& options) {
  std::string out;
  for (const auto& option : options) {
    std::string line = "  " + option_head(option);
    if (line.size() + 2 > kHelpColumn) {
      line += "\n" + std::string(kHelpColumn, ' ');
    } else {
      line.resize(kHelpColumn, ' ');
    }
    out += line + folded(option.help, kHelpColumn) + "\n";
  }
  return out;
}

std::string usage_line(const Command& command) {
  std::string line = fmt::format("ebb {} [options]", command.name);
  for (const auto& option : command.options) {
    if (option.positional) line += fmt::format(" [{}{}]", option.name, option.repeated ? " ..." : "");
  }
  return line;
}

std::string troff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

void add_man_options(std::string& out, const std::vector<Option>& options) {
  for (const auto& option : options) {
    out += fmt::format(".TP\n\\fB{}\\fR", troff(option.name));
    if (!option.value.empty()) out += fmt::format(" \\fI{}\\fR", troff(option.value));
    out += fmt::format("\n{}\n", troff(option.help));
  }
}

std::string joined_options(const Command& command) {
  std::string words;
  for (const auto* options : {&command.options, &global_options()}) {
    for (const auto& option : *options) {
      if (!option.positional) words += (words.empty() ? "" : " ") + std::string(option.name);
    }
  }
  return words;
}

base::Expected<int> print_man(const Arguments&, const Context& context) {
  context.out(man_page());
  return 0;
}

base::Expected<int> print_completion(const Arguments& arguments, const Context& context) {
  const auto script = completion_script(arguments.get("SHELL").value_or(""));
  if (script.empty()) return base::usage_error("say for which shell: bash, zsh or fish");
  context.out(script);
  return 0;
}

}  // namespace

std::string help_text(const Command& command) {
  std::string out = fmt::format("{}\n\n  {}\n\n", usage_line(command), folded(command.description, 2));
  out += "options:\n" + option_lines(command.options);
  out += "\nand, as every command:\n" + option_lines(global_options());
  out += "\nexamples:\n";
  for (const auto example : command.examples) out += fmt::format("  {}\n", example);
  return out;
}

std::string overview_text() {
  std::string out =
      "ebb measures, plans and reports the carbon of AI workloads.\n\nusage: ebb COMMAND [options]\n\ncommands:\n";
  for (const auto& command : commands()) {
    if (!command.hidden) out += fmt::format("  {:<18}{}\n", command.name, command.summary);
  }
  out += "\nexamples:\n";
  for (const auto& command : commands()) {
    if (!command.hidden) out += fmt::format("  {}\n", command.examples.front());
  }
  return out +
         "\nebb COMMAND --help says more; ebb --version; man ebb.\n"
         "exit codes: 0 fine, 2 usage, 3 bad input data, 4 no data for that zone or time, 5 outside service failed, "
         "6 cannot be done by the deadline\n";
}

std::string man_page() {
  std::string out = ".TH EBB 1 \"\" \"ebb " EBB_VERSION
                    "\" \"User Commands\"\n.SH NAME\nebb \\- measure, plan and report the carbon of AI "
                    "workloads\n.SH SYNOPSIS\n.B ebb\n\\fICOMMAND\\fR [\\fIoptions\\fR]\n.SH COMMANDS\n";
  for (const auto& command : commands()) {
    if (command.hidden) continue;
    out += fmt::format(".SS \"{}\"\n{}\n", troff(usage_line(command)), troff(command.description));
    add_man_options(out, command.options);
    out += ".PP\nExamples:\n.nf\n";
    for (const auto example : command.examples) out += "    " + troff(example) + "\n";
    out += ".fi\n";
  }
  out += ".SH OPTIONS OF EVERY COMMAND\n";
  add_man_options(out, global_options());
  out +=
      ".SH EXIT STATUS\n0 fine; 2 usage; 3 bad input data; 4 no data for that zone or time; 5 an outside service "
      "failed; 6 cannot be done by the deadline.\n"
      ".SH FILES\nSeries CSV: comment lines (zone, signal, source, vintage, quality), the header time,g_per_kwh, rows "
      "with times in UTC at one step; an empty value is missing.\n"
      "Profile CSV: seconds,watts. Experiments CSV: experiment,hours,energy_kwh or experiment,profile.\n"
      ".SH ENVIRONMENT\nEBB_GRID_DATA: folder with real series; XDG_DATA_HOME; NO_COLOR.\n";
  return out;
}

std::string completion_script(std::string_view shell) {
  std::string names;
  for (const auto& command : commands()) {
    if (!command.hidden) names += (names.empty() ? "" : " ") + std::string(base::split(command.name, ' ')[0]);
  }
  if (shell == "fish") {
    std::string out = fmt::format("complete -c ebb -n __fish_use_subcommand -xa '{}'\n", names);
    for (const auto& command : commands()) {
      if (command.hidden) continue;
      const auto first = base::split(command.name, ' ')[0];
      for (const auto* options : {&command.options, &global_options()}) {
        for (const auto& option : *options) {
          if (option.positional) continue;
          std::string help(option.help);
          std::replace(help.begin(), help.end(), '\'', ' ');
          out += fmt::format("complete -c ebb -n '__fish_seen_subcommand_from {}' -l {}{} -d '{}'\n", first,
                             option.name.substr(2), option.value.empty() ? "" : " -r", help);
        }
      }
    }
    return out;
  }
  if (shell != "bash" && shell != "zsh") return "";
  std::string cases;
  for (const auto& command : commands()) {
    if (command.hidden) continue;
    cases += fmt::format("    {}) words=\"{}\" ;;\n", base::split(command.name, ' ')[0], joined_options(command));
  }
  std::string out = shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
  return out + fmt::format(
                   "_ebb() {{\n  local words=\"{}\"\n  case \"${{COMP_WORDS[1]}}\" in\n{}  esac\n"
                   "  if [ \"$COMP_CWORD\" -eq 1 ]; then words=\"{}\"; fi\n"
                   "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${{COMP_WORDS[COMP_CWORD]}}\")\n}}\n"
                   "complete -o default -F _ebb ebb\n",
                   names, cases, names);
}

const Command& man_command() {
  static const Command command{"man",
                               "print the manual page",
                               "The manual page in troff, for man -l -.",
                               {},
                               {"ebb man | man -l -", "ebb man > ebb.1"},
                               print_man,
                               true};
  return command;
}

const Command& completion_command() {
  static const Command command{"completion",
                               "print shell completions",
                               "Completions for a shell.",
                               {{"SHELL", "", "bash, zsh or fish", false, true}},
                               {"ebb completion bash", "ebb completion fish"},
                               print_completion,
                               true};
  return command;
}

}  // namespace ebb::cli
