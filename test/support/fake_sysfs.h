#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "sensors/sensor.h"

/// A machine of plain files, for sensors that read sysfs and procfs.
namespace ebb::test {

class FakeSysfs {
 public:
  FakeSysfs() {
    std::string name = (std::filesystem::temp_directory_path() / "ebb-sysfs-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
    // Readable for the user that WithoutPrivilege turns into.
    std::filesystem::permissions(root_, std::filesystem::perms::owner_all | std::filesystem::perms::group_read |
                                            std::filesystem::perms::group_exec | std::filesystem::perms::others_read |
                                            std::filesystem::perms::others_exec);
  }
  FakeSysfs(const FakeSysfs&) = delete;
  FakeSysfs& operator=(const FakeSysfs&) = delete;
  ~FakeSysfs() {
    std::error_code error;
    std::filesystem::remove_all(root_, error);
  }

  [[nodiscard]] std::string path(const std::string& relative) const { return root_ + "/" + relative; }

  /// "sys/class/hwmon/hwmon0/name", "proc/stat"; a line end is added. The file keeps its inode, as sysfs does.
  void write(const std::string& relative, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(relative)).parent_path());
    std::ofstream(path(relative)) << text << '\n';
  }
  void write(const std::string& relative, std::uint64_t value) const { write(relative, std::to_string(value)); }
  void remove(const std::string& relative) const { std::filesystem::remove_all(path(relative)); }
  void link(const std::string& relative, const std::string& target) const {
    std::filesystem::create_directories(std::filesystem::path(path(relative)).parent_path());
    std::filesystem::create_symlink(target, path(relative));
  }
  void set_mode(const std::string& relative, unsigned mode) const {
    std::filesystem::permissions(path(relative), static_cast<std::filesystem::perms>(mode));
  }

  [[nodiscard]] sensors::Host host() const {
    sensors::Host host;
    host.sys = path("sys");
    host.proc = path("proc");
    return host;
  }

  /// A zone of powercap: "intel-rapl:0", "package-0".
  void write_zone(const std::string& id, const std::string& name, std::uint64_t energy_uj,
                  std::uint64_t range_uj = 262143328850) const {
    const std::string folder = "sys/class/powercap/" + id + "/";
    write(folder + "name", name);
    write(folder + "energy_uj", energy_uj);
    write(folder + "max_energy_range_uj", range_uj);
  }
  void set_energy(const std::string& id, std::uint64_t energy_uj) const {
    write("sys/class/powercap/" + id + "/energy_uj", energy_uj);
  }

 private:
  std::string root_;
};

/// As long as it lives, files are opened as a user without rights, also where root runs the tests.
class WithoutPrivilege {
 public:
  WithoutPrivilege() : was_root_(::geteuid() == 0) {
    if (was_root_) worked_ = ::seteuid(65534) == 0;
  }
  WithoutPrivilege(const WithoutPrivilege&) = delete;
  WithoutPrivilege& operator=(const WithoutPrivilege&) = delete;
  ~WithoutPrivilege() {
    if (was_root_ && worked_ && ::seteuid(0) != 0) std::abort();
  }
  /// False where root may not become somebody else here: skip.
  [[nodiscard]] bool worked() const { return worked_; }

 private:
  bool was_root_;
  bool worked_ = true;
};

}  // namespace ebb::test
