#include "keeper/boot.h"

#include <unistd.h>

#include <filesystem>

#include "base/text.h"
#include "exec/kernel_file.h"
#include "exec/whole_number.h"

namespace ebb::keeper {

std::string boot_id() {
  const auto text = exec::load_kernel_file("/proc/sys/kernel/random/boot_id");
  return text ? std::string(base::trimmed(*text)) : std::string();
}

exec::ProcessRef own_process() {
  const auto stat = exec::read_proc_stat("/proc", ::getpid());
  return stat ? stat->process : exec::ProcessRef{::getpid(), 0};
}

bool is_alive(const exec::ProcessRef& process, const std::string& proc) {
  if (process.pid <= 0) return false;
  const auto stat = exec::read_proc_stat(proc, process.pid);
  return stat && stat->process == process && stat->state != 'Z' && stat->state != 'X';
}

exec::ProcessRef find_by_variable(const std::string& entry, const std::string& proc) {
  exec::ProcessRef oldest;
  std::error_code error;
  for (std::filesystem::directory_iterator at(proc, error), end; !error && at != end; at.increment(error)) {
    const auto pid = exec::parse_whole<pid_t>(at->path().filename().string());
    if (!pid || *pid == ::getpid()) continue;
    const auto environment = exec::load_kernel_file(at->path().string() + "/environ");
    if (!environment) continue;
    const std::string all = std::string(1, '\0') + *environment;
    if (all.find(std::string(1, '\0') + entry + std::string(1, '\0')) == std::string::npos) continue;
    const auto stat = exec::read_proc_stat(proc, *pid);
    if (!stat || stat->state == 'Z') continue;
    if (oldest.pid == 0 || stat->process.start_ticks < oldest.start_ticks) oldest = stat->process;
  }
  return oldest;
}

}  // namespace ebb::keeper
