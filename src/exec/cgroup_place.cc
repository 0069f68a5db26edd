#include "exec/cgroup_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace ebb::exec {
namespace {

using Words = std::vector<std::string_view>;

struct Mount {
  std::string root;   ///< the cgroup that is seen at its top
  std::string point;  ///< where it is mounted
  std::vector<std::string> controllers;
};

bool is_octal(char c) { return c >= '0' && c <= '7'; }

/// mountinfo writes a space, tab, line end and backslash of a path as "\040" and the like.
std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && is_octal(text[i + 1]) && is_octal(text[i + 2]) &&
        is_octal(text[i + 3])) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  for (const auto name : base::split(list, ',')) names.emplace_back(name);
  return names;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// id parent device root point options [tags...] - type source super-options
std::optional<Mount> parse_mount(std::string_view line, CgroupVersion version) {
  const Words words = base::split(line, ' ');
  const auto dash = std::find(words.begin(), words.end(), "-");
  if (dash - words.begin() < 6 || words.end() - dash < 4) return std::nullopt;
  const std::string_view type = dash[1];
  if (type != (version == CgroupVersion::kV2 ? "cgroup2" : "cgroup")) return std::nullopt;
  Mount mount{without_escapes(words[3]), without_escapes(words[4]), {}};
  if (version == CgroupVersion::kV1) {
    mount.controllers = names_in(dash[3]);
    if (!contains(mount.controllers, "cpuacct")) return std::nullopt;
  }
  return mount;
}

/// "0::/path" or "4:cpu,cpuacct:/path"; the path may hold colons.
std::optional<std::string> parse_own_path(std::string_view line, CgroupVersion version) {
  const auto first = line.find(':');
  const auto second = first == std::string_view::npos ? first : line.find(':', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto controllers = line.substr(first + 1, second - first - 1);
  const bool fits = version == CgroupVersion::kV2 ? line.substr(0, first) == "0" && controllers.empty()
                                                  : contains(names_in(controllers), "cpuacct");
  if (!fits) return std::nullopt;
  return std::string(line.substr(second + 1));
}

/// `own` below the mount's top, with its slash, "" at the top itself; nothing where it lies outside.
std::optional<std::string> below(const Mount& mount, const std::string& own) {
  const std::string root = mount.root == "/" ? "" : mount.root;
  if (own == mount.root) return "";
  if (!own.starts_with(root + "/")) return std::nullopt;
  return own.substr(root.size());
}

}  // namespace

base::Expected<CgroupPlace> find_cgroup_place(CgroupVersion version, std::string_view mountinfo,
                                              std::string_view own_cgroup) {
  const char* wanted = version == CgroupVersion::kV2 ? "cgroup v2" : "the v1 hierarchy cpuacct";
  std::optional<std::string> own;
  base::Lines lines(own_cgroup);
  while (const auto line = lines.next()) {
    if (auto path = parse_own_path(*line, version)) own = std::move(path);
  }
  if (!own) return base::no_data(fmt::format("this process is in no cgroup of {}", wanted));
  if (own->ends_with(" (deleted)")) return base::no_data(fmt::format("our own cgroup {} was removed", *own));
  std::optional<CgroupPlace> found;
  std::string seen;
  lines = base::Lines(mountinfo);
  while (const auto line = lines.next()) {
    auto mount = parse_mount(*line, version);
    if (!mount) continue;
    seen = mount->point;
    const auto rest = below(*mount, *own);
    if (!rest || rest->find("/..") != std::string::npos) continue;
    // A later mount covers an earlier one at the same place.
    found = CgroupPlace{mount->point + *rest, std::move(mount->controllers)};
  }
  if (found) return *std::move(found);
  if (seen.empty()) return base::no_data(fmt::format("{} is not mounted", wanted));
  return base::no_data(fmt::format("our own cgroup {} cannot be seen under {}", *own, seen));
}

}  // namespace ebb::exec
