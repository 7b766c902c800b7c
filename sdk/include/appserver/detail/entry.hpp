// The functions of a plugin's descriptor, made from the block of APPSERVER_PLUGIN.
#pragma once

#include <appserver/app.hpp>
#include <appserver/detail/failure.hpp>
#include <appserver/detail/host.hpp>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

template <void (*Define)(App&)>
std::int32_t start(const appserver_host* self, void** state) noexcept {
  try {
    bind(self);
    auto app = std::make_unique<App>();
    Define(*app);
    *state = app.release();
    return 0;
  } catch (...) {
    describe_exception([&](std::string_view why) {
      if (host.plugin != nullptr) host.plugin->fail(self, to_abi(why));
    });
    return -ECANCELED;
  }
}

inline void stop(void* state) noexcept {
  const std::unique_ptr<App> app(static_cast<App*>(state));
  app->stop();
}

}  // namespace detail
}  // namespace appserver
