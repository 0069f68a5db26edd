#include "imports/run_id.h"

#include <fmt/format.h>

#include "base/text.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

constexpr std::string_view kIdCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
constexpr std::size_t kLongestId = 100;
constexpr std::size_t kHashDigits = 16;

/// FNV-1a: it tells names apart, it guards nothing.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace

std::string safe_run_id(std::string_view prefix, std::string_view id) {
  std::string out = fmt::format("{}-", prefix);
  const std::size_t room = kLongestId - out.size() - kHashDigits - 1;
  bool changed = id.empty() || id.size() > room;
  for (const char c : id.substr(0, room)) {
    const bool plain = kIdCharacters.find(c) != std::string_view::npos;
    out += plain ? c : '-';
    changed = changed || !plain;
  }
  return changed ? fmt::format("{}-{:016x}", out, hash_of(id)) : out;
}

std::string run_id_of_text(std::string_view prefix, time::Instant begin, std::string_view text) {
  std::string stamp;
  for (const char c : time::text_of(std::chrono::floor<std::chrono::seconds>(begin))) {
    if (c != '-' && c != ':') stamp += c;
  }
  return fmt::format("{}-{}-{:016x}", prefix, stamp, hash_of(text));
}

base::Expected<std::string> chosen_run_id(const ImportOptions& options, std::string made) {
  if (options.run_id.empty()) return made;
  if (options.run_id.size() > kLongestId || options.run_id.find_first_not_of(kIdCharacters) != std::string::npos ||
      options.run_id.front() == '.') {
    return base::usage_error(
        fmt::format("--run-id: {} has other characters than letters, digits, '.', '_' and '-', begins with '.', or is "
                    "longer than {}",
                    base::in_quotes(options.run_id), kLongestId));
  }
  return options.run_id;
}

}  // namespace ebb::imports
