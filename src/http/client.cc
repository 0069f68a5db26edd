#include "http/client.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "http/url.h"

namespace ebb::http {
namespace {

constexpr std::size_t kLongestSaid = 160;

/// The text for people in a JSON error: {"error":"..."}, {"message":...}, {"error":{"message":...}}.
std::string text_in(const nlohmann::json& document) {
  if (document.is_string()) return document.get<std::string>();
  if (!document.is_object()) return "";
  for (const char* key : {"message", "detail", "error", "error_description"}) {
    const auto found = document.find(key);
    if (found == document.end()) continue;
    if (auto text = text_in(*found); !text.empty()) return text;
  }
  return "";
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : base::trimmed(text)) {
    const auto code = static_cast<unsigned char>(c);
    const bool space = code <= ' ' || code == 0x7F;
    if (space && (line.empty() || line.back() == ' ')) continue;
    line += space ? ' ' : code < 0x80 ? c : '?';
    if (line.size() == kLongestSaid) return line + "...";
  }
  return line;
}

}  // namespace

std::string_view Answer::header(std::string_view name) const {
  const auto same = [](char a, char b) {
    const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return low(a) == low(b);
  };
  for (const auto& [key, value] : headers) {
    if (std::equal(key.begin(), key.end(), name.begin(), name.end(), same)) return value;
  }
  return {};
}

Answer not_sent(Fault fault, std::string why) {
  Answer answer;
  answer.fault = fault;
  answer.why = std::move(why);
  return answer;
}

bool is_html(const Answer& answer) {
  const auto type = answer.header("content-type");
  return type.starts_with("text/html") || type.starts_with("application/xhtml") ||
         base::trimmed(answer.body).starts_with('<');
}

std::string said(const Answer& answer, const Request& request) {
  if (base::trimmed(answer.body).empty()) return "nothing";
  if (is_html(answer)) return "an HTML page";
  // Enough for any error text; a document of megabytes is not parsed for a message.
  const std::string_view beginning = std::string_view(answer.body).substr(0, std::size_t{16} << 10);
  std::string text;
  if (beginning.size() == answer.body.size()) {
    const auto document = nlohmann::json::parse(beginning, nullptr, false);
    if (!document.is_discarded()) text = text_in(document);
  }
  // Before it is cut: half a secret is one too.
  return one_line(without_secrets(text.empty() ? std::string(beginning) : text, request.secrets));
}

}  // namespace ebb::http
