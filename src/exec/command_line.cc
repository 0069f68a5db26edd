#include "exec/command_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "base/text.h"

namespace ebb::exec {
namespace {

bool has_nul(const std::string& text) { return text.find('\0') != std::string::npos; }

bool names(std::string_view entry, std::string_view name) {
  return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
}

base::Status check(const std::vector<std::string>& argv, const std::vector<std::string>& environment,
                   const std::vector<std::string>& set_names) {
  if (argv.empty()) return base::usage_error("there is no command to run");
  if (std::any_of(argv.begin(), argv.end(), has_nul) || std::any_of(environment.begin(), environment.end(), has_nul)) {
    return base::usage_error("a NUL byte cannot be in a command or its environment");
  }
  for (const auto& name : set_names) {
    if (name.empty() || name.find('=') != std::string::npos) {
      return base::usage_error(fmt::format("{} cannot name an environment variable", base::in_quotes(name)));
    }
  }
  return base::Done{};
}

/// As glibc's execvp: an empty entry of PATH is the current folder; without PATH, where the system's programs are.
std::vector<std::string> places_of(const std::string& program, const std::vector<char*>& environment) {
  std::string_view path = "/bin:/usr/bin";
  for (const char* entry : environment) {
    if (entry == nullptr || !names(entry, "PATH")) continue;
    path = std::string_view(entry).substr(5);
    break;
  }
  std::vector<std::string> places;
  for (const auto folder : base::split(path, ':')) {
    places.push_back(folder.empty() ? program : fmt::format("{}/{}", folder, program));
  }
  return places;
}

/// execve takes char*, and does not write there.
char* unconst(const std::string& text) { return const_cast<char*>(text.c_str()); }

}  // namespace

base::Expected<CommandLine> CommandLine::make(const std::vector<std::string>& argv,
                                              const std::optional<std::vector<std::string>>& environment,
                                              const std::vector<std::pair<std::string, std::string>>& set,
                                              const std::vector<std::string>& unset) {
  CommandLine line;
  std::vector<std::string> set_names(unset);
  for (const auto& [name, value] : set) {
    set_names.push_back(name);
    line.owned_.push_back(fmt::format("{}={}", name, value));
  }
  EBB_TRY_DO(check(argv, environment.value_or(std::vector<std::string>{}), set_names));
  EBB_TRY_DO(check(argv, line.owned_, {}));
  const auto is_replaced = [&set_names](const char* entry) {
    return std::any_of(set_names.begin(), set_names.end(), [entry](const auto& name) { return names(entry, name); });
  };
  const auto add = [&](char* entry) {
    if (!is_replaced(entry)) line.environment_.push_back(entry);
  };
  if (environment) {
    for (const auto& entry : *environment) add(unconst(entry));
  } else {
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) add(*entry);
  }
  for (const auto& entry : line.owned_) line.environment_.push_back(unconst(entry));
  line.environment_.push_back(nullptr);
  static char shell[] = "/bin/sh";
  line.script_argv_ = {shell, nullptr};
  for (const auto& word : argv) line.argv_.push_back(unconst(word));
  line.script_argv_.insert(line.script_argv_.end(), line.argv_.begin() + 1, line.argv_.end());
  line.argv_.push_back(nullptr);
  line.script_argv_.push_back(nullptr);
  line.searched_ = argv[0].find('/') == std::string::npos && !argv[0].empty();
  line.paths_ = line.searched_ ? places_of(argv[0], line.environment_) : std::vector{argv[0]};
  return line;
}

int CommandLine::try_path(const char* path) noexcept {
  ::execve(path, argv_.data(), environment_.data());
  if (errno != ENOEXEC) return errno;
  script_argv_[1] = const_cast<char*>(path);
  ::execve(script_argv_[0], script_argv_.data(), environment_.data());
  return ENOEXEC;
}

int CommandLine::execute() noexcept {
  int reason = ENOENT;
  for (const auto& path : paths_) {
    const int error = try_path(path.c_str());
    switch (searched_ ? error : 0) {
      case EACCES:
        reason = EACCES;  // Told in the end, unless a later folder has the program.
        break;
      case ENOENT:
      case ESTALE:
      case ENOTDIR:
      case ENODEV:
      case ETIMEDOUT:
        break;
      default:
        return error;
    }
  }
  return reason;
}

}  // namespace ebb::exec
