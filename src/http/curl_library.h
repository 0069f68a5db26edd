#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "base/expected.h"

namespace ebb::http {

/// The functions of libcurl that ebb calls.
struct CurlCalls {
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_reset) easy_reset = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_easy_perform) easy_perform = nullptr;
  decltype(&::curl_easy_strerror) easy_strerror = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;
};

/// libcurl, opened; no logic. It stays in memory until the program ends: its TLS library does not like to go.
class CurlLibrary {
 public:
  /// `path` as dlopen takes it; empty: libcurl.so.4, else libcurl-gnutls.so.4. kService with the package to install.
  static base::Expected<CurlLibrary> load(const std::string& path);
  [[nodiscard]] const CurlCalls& calls() const { return calls_; }

 private:
  CurlCalls calls_;
};

}  // namespace ebb::http
