#include <charconv>
#include <limits>
#include <set>

#include "base/text.h"
#include "hardware/cpu.h"

namespace ebb::hardware {
namespace {

/// A whole number, decimal or 0x...; 0 for anything else and for what no CPU has.
int number_in(std::string_view text) {
  const int radix = text.starts_with("0x") || text.starts_with("0X") ? 16 : 10;
  if (radix == 16) text.remove_prefix(2);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
  return error == std::errc() && end == text.data() + text.size() && value >= 0 ? value : 0;
}

bool has_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto after = at + word.size();
    if ((at == 0 || text[at - 1] == ' ') && (after == text.size() || text[after] == ' ')) return true;
  }
  return false;
}

void set_text(std::string& field, std::string_view value) {
  if (field.empty()) field = std::string(value.substr(0, 256));
}

void set_number(int& field, std::string_view value) {
  if (field == 0) field = number_in(value);
}

/// Fields of the first CPU; later ones are alike, save on parts with two kinds of cores.
void read_field(CpuIdentity& cpu, std::string_view name, std::string_view value) {
  if (name == "vendor_id" || name == "CPU implementer") return set_text(cpu.vendor, value);
  if (name == "model name") return set_text(cpu.model_name, value);
  if (name == "cpu family" || name == "CPU architecture") return set_number(cpu.family, value);
  if (name == "model" || name == "CPU part") return set_number(cpu.model, value);
  if (name == "stepping" || name == "CPU revision") return set_number(cpu.stepping, value);
  if (name == "siblings") return set_number(cpu.threads_per_socket, value);
  if (name == "flags" && has_word(value, "hypervisor")) cpu.virtual_machine = true;
}

}  // namespace

CpuIdentity parse_cpuinfo(std::string_view cpuinfo_text) {
  CpuIdentity cpu;
  std::set<std::string_view> sockets;
  while (!cpuinfo_text.empty()) {
    const auto end = cpuinfo_text.find('\n');
    const auto line = cpuinfo_text.substr(0, end);
    cpuinfo_text.remove_prefix(end == std::string_view::npos ? cpuinfo_text.size() : end + 1);
    // Only two fields matter after the first CPU: large machines have megabytes of flags.
    if (cpu.logical_cpus > 1 && !line.starts_with('p')) continue;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = base::trimmed(line.substr(0, colon));
    const auto value = base::trimmed(line.substr(colon + 1));
    if (name == "processor") {
      if (cpu.logical_cpus < std::numeric_limits<int>::max()) ++cpu.logical_cpus;
    } else if (name == "physical id") {
      sockets.insert(value);
    } else {
      read_field(cpu, name, value);
    }
  }
  cpu.sockets = static_cast<int>(sockets.size());
  return cpu;
}

}  // namespace ebb::hardware
