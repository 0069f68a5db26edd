#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/expected.h"

namespace ebb::providers {

using Environment = std::function<std::optional<std::string>(const std::string&)>;

/// A password, token or key: no stream, format or comparison takes it, so that
/// it is not printed by chance.
class Secret {
 public:
  explicit Secret(std::string text) : text_(std::move(text)) {}
  /// For a request only.
  [[nodiscard]] const std::string& reveal() const { return text_; }

 private:
  std::string text_;
};

/// Where secrets come from: the environment, else a file that nobody else can
/// read (docs/providers.md). Never an option: a command line is seen by
/// everybody on the machine and kept in histories.
///
/// The files have lines `WATTTIME_USER = "name"` (a part of TOML: comments with
/// #, strings in double quotes with the escapes \" and \\, or in single quotes
/// without any). The first file that has a name wins.
class SecretSource {
 public:
  SecretSource(Environment environment, std::vector<std::string> files)
      : environment_(std::move(environment)), files_(std::move(files)) {}

  /// Nothing where it is nowhere, or is empty. kUsage: a file that others can
  /// read, that another user owns, that is no plain file (each with the command
  /// that mends it), or with a line that is not understood (its number, never
  /// its text); a secret with a control character.
  [[nodiscard]] base::Expected<std::optional<Secret>> find(const std::string& name) const;

  /// Every one of `names`, in order. kUsage names those that are missing and
  /// where to put them.
  [[nodiscard]] base::Expected<std::vector<Secret>> all(const std::string& who,
                                                        const std::vector<std::string>& names) const;

  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }

 private:
  Environment environment_;
  std::vector<std::string> files_;
};

/// The lines of a credentials file. kUsage: `name` and the number of the line.
base::Expected<std::map<std::string, std::string>> parse_credentials(std::string_view text, const std::string& name);

/// Where credentials files are looked for: DATA_FOLDER/credentials.toml (where
/// there is a data folder), then $XDG_CONFIG_HOME/ebb/credentials.toml, else
/// ~/.config/ebb/credentials.toml.
std::vector<std::string> credentials_files(const std::string& data_folder, const Environment& environment);

}  // namespace ebb::providers
