// A plugin's descriptor and its functions, made from APPSERVER_PLUGIN.
#pragma once

#include <appserver/app.hpp>
#include <appserver/detail/failure.hpp>
#include <appserver/detail/host.hpp>
#include <appserver/options.hpp>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>

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

template <void (*Define)(App&), typename... Options>
constexpr appserver_plugin_descriptor describe(Options... options) {
  static_assert((std::is_base_of_v<Option, Options> && ...),
                "an option of APPSERVER_PLUGIN is a stack_size<BYTES> or thread_local_per_request");
  appserver_plugin_descriptor descriptor = {sizeof(appserver_plugin_descriptor),
                                            APPSERVER_ABI_MAJOR,
                                            APPSERVER_ABI_MINOR,
                                            start<Define>,
                                            stop,
                                            0,
                                            0};
  (options.write(descriptor), ...);
  return descriptor;
}

}  // namespace detail
}  // namespace appserver
