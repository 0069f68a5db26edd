#include "measure/machine.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/text.h"

namespace ebb::measure {
namespace {

/// The begin of a file of the kernel, in one read.
std::string first_bytes(const std::string& path, std::size_t most) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::string bytes(most, '\0');
  const auto got = ::read(fd, bytes.data(), bytes.size());
  ::close(fd);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

double memory_gb_of(const std::string& meminfo) {
  base::Lines lines(meminfo);
  while (const auto line = lines.next()) {
    if (!line->starts_with("MemTotal:")) continue;
    auto number = base::trimmed(line->substr(9));
    if (number.ends_with("kB")) number = base::trimmed(number.substr(0, number.size() - 2));
    return base::parse_number(number).value_or(0.0) * 1024.0 / 1e9;
  }
  return 0.0;
}

int cpus_given() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

/// The highest package number of the last CPU, plus one: packages are numbered from 0.
int sockets_of(const sensors::Host& host, int cpus) {
  const auto last = host.sys + "/devices/system/cpu/cpu" + std::to_string(std::max(0, cpus - 1));
  const std::string text = first_bytes(last + "/topology/physical_package_id", 32);
  return 1 + static_cast<int>(std::clamp(base::parse_number(base::trimmed(text)).value_or(0.0), 0.0, 63.0));
}

}  // namespace

Machine look_at_machine(const sensors::Host& host) {
  Machine machine;
  // A page holds the first CPU's paragraph; the rest of the file is the same again, and slow to make.
  machine.cpu = hardware::parse_cpuinfo(first_bytes(host.proc + "/cpuinfo", 4096));
  machine.memory_gb = memory_gb_of(first_bytes(host.proc + "/meminfo", 256));
  const long online = ::sysconf(_SC_NPROCESSORS_ONLN);
  machine.logical_cpus = online > 0 ? static_cast<int>(online) : std::max(1, machine.cpu.logical_cpus);
  machine.cpu.logical_cpus = machine.logical_cpus;
  machine.cpu.sockets = sockets_of(host, machine.logical_cpus);
  machine.cpus_given = std::min(machine.logical_cpus, cpus_given());
  utsname name{};
  if (::uname(&name) == 0) machine.kernel = std::string(name.sysname) + " " + name.release;
  return machine;
}

std::string json_of(const Machine& machine) {
  nlohmann::ordered_json out;
  out["cpu"] = machine.cpu.model_name;
  out["cpu_vendor"] = machine.cpu.vendor;
  out["cpu_family"] = machine.cpu.family;
  out["cpu_model"] = machine.cpu.model;
  out["logical_cpus"] = machine.logical_cpus;
  out["cpus_given"] = machine.cpus_given;
  out["sockets"] = machine.cpu.sockets;
  out["virtual_machine"] = machine.cpu.virtual_machine;
  out["memory_gb"] = machine.memory_gb;
  out["kernel"] = machine.kernel;
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace ebb::measure
