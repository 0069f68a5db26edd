#include "http/curl_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <vector>

namespace ebb::http {
namespace {

template <typename Function>
bool find(void* library, const char* symbol, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, symbol));
  return function != nullptr;
}

}  // namespace

base::Expected<CurlLibrary> CurlLibrary::load(const std::string& path) {
  const std::vector<std::string> names =
      path.empty() ? std::vector<std::string>{"libcurl.so.4", "libcurl-gnutls.so.4"} : std::vector<std::string>{path};
  void* handle = nullptr;
  for (const auto& name : names) {
    if (handle == nullptr) handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  }
  CurlLibrary library;
  auto& calls = library.calls_;
  const bool whole =
      handle != nullptr && find(handle, "curl_global_init", calls.global_init) &&
      find(handle, "curl_easy_init", calls.easy_init) && find(handle, "curl_easy_cleanup", calls.easy_cleanup) &&
      find(handle, "curl_easy_reset", calls.easy_reset) && find(handle, "curl_easy_setopt", calls.easy_setopt) &&
      find(handle, "curl_easy_getinfo", calls.easy_getinfo) && find(handle, "curl_easy_perform", calls.easy_perform) &&
      find(handle, "curl_easy_strerror", calls.easy_strerror) &&
      find(handle, "curl_slist_append", calls.slist_append) &&
      find(handle, "curl_slist_free_all", calls.slist_free_all);
  if (!whole || calls.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return base::service_error(
        fmt::format("{} cannot be loaded, and without it nothing is fetched: apt-get install libcurl4", names.front()));
  }
  return library;
}

}  // namespace ebb::http
