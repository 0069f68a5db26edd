#include "sensors/nvml_absence.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

namespace ebb::sensors::nvml {
namespace {

constexpr const char* kContainerMend =
    "install the NVIDIA driver; in a container, start it with --gpus all (NVIDIA container toolkit)";

std::string first_line_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Whether an NVIDIA display or 3D controller is on the PCI bus, whatever its driver; nothing where the bus is not
/// shown.
std::optional<bool> board_on_bus(const std::string& sys) {
  std::error_code error;
  std::filesystem::directory_iterator device(sys + "/bus/pci/devices", error);
  if (error) return std::nullopt;
  for (const std::filesystem::directory_iterator end; device != end && !error; device.increment(error)) {
    const bool is_nvidia = first_line_of(device->path() / "vendor") == "0x10de";
    if (is_nvidia && first_line_of(device->path() / "class").rfind("0x03", 0) == 0) return true;
  }
  return false;
}

}  // namespace

Opened closed(const Host& host, std::string why, std::string mend) {
  Opened opened;
  opened.name = "nvml";
  opened.why = std::move(why);
  opened.mend = std::move(mend);
  opened.present = board_on_bus(host.sys).value_or(false);
  return opened;
}

Opened without_library(const Host& host, const std::string& reason) {
  auto opened = closed(host, reason, kContainerMend);
  if (board_on_bus(host.sys) == false) {
    opened.why += "; no NVIDIA board is on the PCI bus either";
    opened.mend.clear();
  }
  return opened;
}

Opened without_boards(const Host& host) { return closed(host, "the NVIDIA driver sees no board", kContainerMend); }

std::string mend_of(Code code) {
  switch (code) {
    case kDriverNotLoaded:
      return "load the kernel module: sudo modprobe nvidia";
    case kVersionMismatch:
      return "reboot: the driver was updated while the old kernel module was loaded";
    case kNoPermission:
      return "give this user access to /dev/nvidiactl and /dev/nvidia0 (ls -l /dev/nvidia*; a group or a udev rule)";
    case kFunctionNotFound:
      return "name the driver's own libnvidia-ml.so.1";
    default:
      return "see what nvidia-smi says";
  }
}

}  // namespace ebb::sensors::nvml
