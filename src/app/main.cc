// The only place that makes the real clock and touches the real streams and environment.
#include <pwd.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "cli/command.h"
#include "time/clock.h"

namespace {

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

/// From the environment first: reading the user database costs a file or, on clusters, a network.
std::string user_name() {
  if (auto name = variable("USER"); name && !name->empty()) return *name;
  if (auto name = variable("LOGNAME"); name && !name->empty()) return *name;
  const passwd* entry = ::getpwuid(::getuid());
  return entry == nullptr ? std::to_string(::getuid()) : std::string(entry->pw_name);
}

std::uint64_t random_bits() {
  std::uint64_t bits = 0;
  if (::getrandom(&bits, sizeof bits, 0) != sizeof bits) std::abort();
  return bits;
}

std::string own_program() {
  std::array<char, 4096> path{};
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : "ebb";
}

/// Another machine than this one, for tests of the whole program and for containers that mount the host's files
/// elsewhere.
ebb::sensors::Host host() {
  ebb::sensors::Host host;
  host.sys = variable("EBB_SYSFS").value_or(host.sys);
  host.proc = variable("EBB_PROCFS").value_or(host.proc);
  host.nvml_library = variable("EBB_NVML_LIBRARY").value_or(host.nvml_library);
  host.environment = variable;
  return host;
}

}  // namespace

int main(int count, char** words) {
  const ebb::time::SystemClock clock;
  bool threads_left = false;
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
  ebb::cli::Context context{clock, variable, put(stdout), put(stderr), ::isatty(STDOUT_FILENO) == 1, typed};
  context.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  context.host = host();
  context.host_name = host_name();
  context.user = user_name();
  context.random = random_bits;
  context.program = own_program();
  context.leave_threads = [&threads_left] { threads_left = true; };
  int code = ebb::cli::run(arguments, context);
  if (std::fflush(stdout) != 0) code = 5;
  // A driver that still loads on its thread must not meet the destructors of this program's statics.
  if (threads_left) std::_Exit(code);
  return code;
}
