// What a route may ask for besides its handler: app.post("/orders", order, RouteOptions().outlives_client()).
#pragma once

#include <appserver/abi.h>

#include <appserver/detail/visibility.hpp>
#include <appserver/duration.hpp>
#include <cstdint>

namespace APPSERVER_HIDDEN appserver {

class RouteOptions {
 public:
  // How long a request may take before it is cancelled, in place of --request-timeout; zero: for ever.
  RouteOptions& timeout(Seconds time) {
    timeout_ns_ = detail::to_nanoseconds(time);
    if (timeout_ns_ <= 0) timeout_ns_ = -1;
    return *this;
  }

  // The longest body, in bytes, in place of --limit-request-body.
  RouteOptions& body_limit(std::uint64_t bytes) {
    body_limit_ = bytes;
    return *this;
  }

  // What a request does is finished even where its client goes away meanwhile.
  RouteOptions& outlives_client() {
    flags_ |= APPSERVER_ROUTE_OUTLIVES_CLIENT;
    return *this;
  }

 private:
  friend class App;

  std::uint32_t flags_ = 0;
  std::uint64_t body_limit_ = 0;
  std::int64_t timeout_ns_ = 0;
};

}  // namespace appserver
