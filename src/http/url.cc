#include "http/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace ebb::http {
namespace {

constexpr std::size_t kLongestUrl = 8192;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

base::Error no_url(std::string_view url, const char* why) {
  return base::usage_error(
      fmt::format("{} is no URL that ebb can ask: {}", base::in_quotes(shown(url).substr(0, 80)), why));
}

/// "https", "://" and what stands after it up to the path or query.
struct Split {
  std::string scheme;
  std::string_view authority;
  std::string_view rest;
};

std::optional<Split> split_url(std::string_view url) {
  const auto colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  const auto after = url.substr(colon + 3);
  const auto end = std::min(after.find_first_of("/?#"), after.size());
  return Split{lower(url.substr(0, colon)), after.substr(0, end), after.substr(end)};
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    return host.size() > 3 && host.ends_with(']') &&
           host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
  }
  return !host.empty() && std::all_of(host.begin(), host.end(), is_host_character);
}

}  // namespace

bool Origin::is_this_machine() const {
  if (host == "localhost" || host == "[::1]") return true;
  // A name may begin so too ("127.evil.example"): only digits and dots make an address.
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
}

base::Expected<Origin> origin_of(std::string_view url) {
  if (url.size() > kLongestUrl) return no_url(url, "it is longer than 8,192 characters");
  if (std::any_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; })) {
    return no_url(url, "it holds a space or a control character");
  }
  const auto parts = split_url(url);
  if (!parts || (parts->scheme != "http" && parts->scheme != "https")) {
    return no_url(url, "it begins with neither https:// nor http://");
  }
  if (parts->authority.find('@') != std::string_view::npos) {
    return no_url(url, "it holds a user or password; those come from the environment or the credentials file only");
  }
  Origin origin;
  origin.encrypted = parts->scheme == "https";
  origin.port = origin.encrypted ? 443 : 80;
  origin.host = lower(parts->authority);
  const auto colon = origin.host.rfind(':');
  if (colon != std::string::npos && origin.host.find(']', colon) == std::string::npos) {
    const auto digits = std::string_view(origin.host).substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), origin.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || origin.port < 1 || origin.port > 65535) {
      return no_url(url, "its port is no number from 1 to 65535");
    }
    origin.host.resize(colon);
  }
  if (!is_host(origin.host)) return no_url(url, "it names no host");
  return origin;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string with_query(std::string base, const std::vector<std::pair<std::string, std::string>>& pairs) {
  for (const auto& [name, value] : pairs) {
    base += base.find('?') == std::string::npos ? '?' : '&';
    base += escaped(name);
    base += '=';
    base += escaped(value);
  }
  return base;
}

std::string shown(std::string_view url) {
  const auto query = url.find_first_of("?#");
  std::string out(url.substr(0, query));
  const auto scheme = out.find("://");
  const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
  const auto path = std::min(out.find('/', begin), out.size());
  const auto at = out.rfind('@', path);
  if (at != std::string::npos && at >= begin && at < path) out.erase(begin, at + 1 - begin);
  return query == std::string_view::npos ? out : out + "?...";
}

std::string without_secrets(std::string text, const std::vector<std::string>& secrets) {
  for (const auto& secret : secrets) {
    for (const auto& form : {secret, escaped(secret)}) {
      if (form.empty()) continue;
      for (auto at = text.find(form); at != std::string::npos; at = text.find(form, at + 3)) {
        text.replace(at, form.size(), "***");
      }
    }
  }
  return text;
}

std::optional<std::string> resolved(std::string_view url, std::string_view location) {
  const auto base = split_url(url);
  if (!base || location.empty()) return std::nullopt;
  std::string target;
  if (location.find("://") != std::string_view::npos &&
      location.find("://") < std::min(location.find_first_of("/?#"), location.size())) {
    target = location;
  } else if (location.starts_with("//")) {
    target = fmt::format("{}:{}", base->scheme, location);
  } else if (location.starts_with('/')) {
    target = fmt::format("{}://{}{}", base->scheme, base->authority, location);
  } else {
    const auto path = base->rest.substr(0, base->rest.find_first_of("?#"));
    const auto slash = path.rfind('/');
    const auto folder = slash == std::string_view::npos ? std::string_view("/") : path.substr(0, slash + 1);
    target = fmt::format("{}://{}{}{}", base->scheme, base->authority, folder, location);
  }
  target.resize(std::min(target.find('#'), target.size()));
  if (!origin_of(target)) return std::nullopt;
  return target;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k > bytes.size() ? '=' : kAlphabet[group >> (18 - 6 * k) & 63U];
    }
  }
  return out;
}

}  // namespace ebb::http
