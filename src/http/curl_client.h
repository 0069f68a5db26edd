#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/client.h"

namespace ebb::http {

/// The network, through libcurl: certificates are verified, nothing is redirected, no cookie is kept, one connection is
/// used again. Proxies as libcurl finds them ($https_proxy, $no_proxy).
class CurlClient final : public Client {
 public:
  struct Settings {
    std::string user_agent;
    std::string library;            ///< empty: where the system keeps it
    std::string ca_file;            ///< certificates to trust in place of the system's; empty: the system's
    std::function<bool()> stopped;  ///< asked about once a second while a request runs; may be empty
  };
  explicit CurlClient(Settings settings);
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  Answer get(const Request& request) override;

 private:
  struct Handle;

  Settings settings_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace ebb::http
