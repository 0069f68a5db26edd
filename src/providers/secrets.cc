#include "providers/secrets.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace ebb::providers {
namespace {

constexpr std::size_t kLargestFile = std::size_t{64} << 10;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// Whether a file may hold secrets. Asked of the open file, so that nobody
/// changes it in between.
base::Status check_owner_and_mode(int fd, const std::string& path) {
  struct stat info {};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    return base::usage_error(fmt::format("{} is no plain file: credentials are read from one only", path));
  }
  const auto quoted = base::shell_text({path});
  if (info.st_uid != ::geteuid()) {
    return base::usage_error(
        fmt::format("{} belongs to another user, so its secrets are not used: chown {} {}", path, ::geteuid(), quoted));
  }
  if ((info.st_mode & 077U) != 0) {
    return base::usage_error(fmt::format("{} can be read or written by others (mode {:04o}): chmod 600 {}", path,
                                         info.st_mode & 07777U, quoted));
  }
  return base::Done{};
}

/// Nothing where there is no such file.
base::Expected<std::optional<std::string>> load_private_file(const std::string& path) {
  // O_NONBLOCK: a pipe in its place must not make this wait.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>();
    return base::usage_error(fmt::format("{} cannot be opened: {}", path, std::strerror(errno)));
  }
  EBB_TRY_DO(check_owner_and_mode(file.get(), path));
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0) return base::usage_error(fmt::format("{} cannot be read: {}", path, std::strerror(errno)));
    if (got == 0) return std::optional(text);
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > kLargestFile) return base::usage_error(path + " is larger than 64 KiB: no credentials file");
  }
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

/// The string that begins a text; `rest` is what follows it.
std::optional<std::string> string_in(std::string_view text, std::string_view& rest) {
  const char quote = text.empty() ? '\0' : text.front();
  if (quote != '"' && quote != '\'') return std::nullopt;
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      rest = base::trimmed(text.substr(i + 1));
      return value;
    }
    if (quote == '"' && text[i] == '\\') {
      if (++i == text.size() || (text[i] != '"' && text[i] != '\\')) return std::nullopt;
    }
    value += text[i];
  }
  return std::nullopt;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return code < ' ' || code == 0x7F;
  });
}

}  // namespace

base::Expected<std::map<std::string, std::string>> parse_credentials(std::string_view text, const std::string& name) {
  std::map<std::string, std::string> found;
  base::Lines lines(text);
  while (const auto whole = lines.next()) {
    const auto line = base::trimmed(*whole);
    if (line.empty() || line.front() == '#') continue;
    const auto equals = line.find('=');
    const auto key = base::trimmed(line.substr(0, std::min(equals, line.size())));
    std::string_view rest;
    const auto value =
        equals == std::string_view::npos ? std::nullopt : string_in(base::trimmed(line.substr(equals + 1)), rest);
    // The text of the line stays out of the message: it may be the secret.
    if (!is_name(key) || !value || (!rest.empty() && rest.front() != '#')) {
      return base::usage_error(
          fmt::format("{} line {}: write it as NAME = \"value\" (quotes included)", name, lines.number()));
    }
    if (!found.emplace(key, *value).second) {
      return base::usage_error(fmt::format("{} line {}: {} is there twice", name, lines.number(), key));
    }
  }
  return found;
}

base::Expected<std::optional<Secret>> SecretSource::find(const std::string& name) const {
  std::string value = environment_(name).value_or("");
  std::string from = "$" + name;
  for (const auto& path : files_) {
    if (!value.empty()) break;
    EBB_TRY(const auto text, load_private_file(path));
    if (!text) continue;
    EBB_TRY(const auto pairs, parse_credentials(*text, path));
    if (const auto pair = pairs.find(name); pair != pairs.end()) value = pair->second;
    from = fmt::format("{} in {}", name, path);
  }
  if (value.empty()) return std::optional<Secret>();
  if (has_control_character(value)) return base::usage_error(from + " holds a control character: no secret does");
  return std::optional(Secret(value));
}

base::Expected<std::vector<Secret>> SecretSource::all(const std::string& who,
                                                      const std::vector<std::string>& names) const {
  std::vector<Secret> found;
  std::vector<std::string> missing;
  for (const auto& name : names) {
    EBB_TRY(auto secret, find(name));
    if (secret) {
      found.push_back(*std::move(secret));
    } else {
      missing.push_back(name);
    }
  }
  if (missing.empty()) return found;
  return base::usage_error(fmt::format("{} needs {}: set it in the environment{}", who, fmt::join(missing, " and "),
                                       files_.empty() ? "" : ", or in " + files_.back() + " (mode 0600)"));
}

std::vector<std::string> credentials_files(const std::string& data_folder, const Environment& environment) {
  std::vector<std::string> files;
  if (!data_folder.empty()) files.push_back(data_folder + "/credentials.toml");
  const auto config = environment("XDG_CONFIG_HOME").value_or("");
  const auto home = environment("HOME").value_or("");
  if (config.starts_with('/')) {
    files.push_back(config + "/ebb/credentials.toml");
  } else if (home.starts_with('/')) {
    files.push_back(home + "/.config/ebb/credentials.toml");
  }
  return files;
}

}  // namespace ebb::providers
