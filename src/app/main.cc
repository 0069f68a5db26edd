// The only place that makes the real clock and touches the real streams and environment.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "cli/command.h"
#include "time/clock.h"

int main(int count, char** words) {
  const ebb::time::SystemClock clock;
  std::string typed = "ebb";
  std::vector<std::string> arguments;
  for (int i = 1; i < count; ++i) {
    arguments.emplace_back(words[i]);
    // Law 10: a document is the same bytes whatever the number of threads, the command that it names included.
    const bool threads = arguments.back().starts_with("--threads") ||
                         (arguments.size() > 1 && arguments[arguments.size() - 2] == "--threads");
    if (!threads) typed += " " + arguments.back();
  }
  const auto put = [](std::FILE* stream) {
    return [stream](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stream); };
  };
  const ebb::cli::Context context{clock,
                                  [](const std::string& name) -> std::optional<std::string> {
                                    const char* value = std::getenv(name.c_str());
                                    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
                                  },
                                  put(stdout),
                                  put(stderr),
                                  ::isatty(STDOUT_FILENO) == 1,
                                  typed};
  const int code = ebb::cli::run(arguments, context);
  return std::fflush(stdout) == 0 ? code : 5;
}
