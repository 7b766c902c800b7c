// Who asks, and at which of the server's names: `request.client().address()`. What proxies say of it counts
// where the operator trusts them (--forwarded-allow-ips), so that no client can choose its address.
#pragma once

#include <appserver/detail/host.hpp>
#include <appserver/error.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {

// Its views live as long as the Request.
class Client {
 public:
  explicit Client(appserver_exchange* exchange) {
    appserver_string text{};
    if (detail::check(detail::host.client->address(exchange, &text, &port_), "asking who the client is")) {
      address_ = detail::from_abi(text);
    }
    appserver_string scheme{}, host{};
    detail::check(detail::host.client->origin(exchange, &scheme, &host), "asking what the client asks");
    scheme_ = detail::from_abi(scheme);
    host_ = detail::from_abi(host);
  }

  // In numbers: `192.0.2.1`, `2001:db8::1`. Nothing where it is not known: behind a unix socket with no proxy
  // that names it, or where the proxy hides it.
  std::optional<std::string_view> address() const { return address_; }
  std::uint16_t port() const { return port_; }  // 0: not known

  // "http" or "https": how it came to the first of the proxies that are trusted.
  std::string_view scheme() const { return scheme_; }
  bool secure() const { return scheme_ == "https"; }

  // `example.org`, or `example.org:8080` where the port is not the scheme's own; "" where HTTP/1.0 names
  // none. Well-formed, but the client's word: compare it with the names of your site before you trust in it.
  std::string_view host() const { return host_; }

  // What an absolute URL begins with: origin() + "/path". Throws BadRequest where the client named no host.
  std::string origin() const {
    if (host_.empty()) throw BadRequest("Host is missing");
    return std::string(scheme_) + "://" + std::string(host_);
  }

 private:
  std::optional<std::string_view> address_;
  std::uint16_t port_ = 0;
  std::string_view scheme_, host_;
};

}  // namespace appserver
