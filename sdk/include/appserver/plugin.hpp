// Everything a plugin in C++ needs, C++17 or newer, over abi.h and the standard library alone:
//
//   #include <appserver/plugin.hpp>
//   using namespace appserver;
//
//   Response hello(Request& request) {
//     return text("Hello, {}!", request.query("name").as<std::string>().value_or("World"));
//   }
//
//   APPSERVER_PLUGIN(app) { app.name("hello").get("/hello", hello); }
//
// A worker is one thread, and a handler runs on a fiber of it. A call tagged [may suspend] lets the worker's
// other requests run before it returns; all that is not tagged does not.
#pragma once

#include <appserver/app.hpp>
#include <appserver/body.hpp>
#include <appserver/byte_ranges.hpp>
#include <appserver/client.hpp>
#include <appserver/conditions.hpp>
#include <appserver/content.hpp>
#include <appserver/content_type.hpp>
#include <appserver/detail/entry.hpp>
#include <appserver/duration.hpp>
#include <appserver/error.hpp>
#include <appserver/fiber.hpp>
#include <appserver/form.hpp>
#include <appserver/form_stream.hpp>
#include <appserver/headers.hpp>
#include <appserver/http_date.hpp>
#include <appserver/log.hpp>
#include <appserver/offload.hpp>
#include <appserver/open_file.hpp>
#include <appserver/options.hpp>
#include <appserver/request.hpp>
#include <appserver/response.hpp>
#include <appserver/response_stream.hpp>
#include <appserver/send_file.hpp>
#include <appserver/tcp.hpp>
#include <appserver/tcp_address.hpp>
#include <appserver/value.hpp>
#include <appserver/worker.hpp>

// Stands once in a plugin, before the block that names it and adds its routes. The block runs once in each
// worker, before that takes requests, with `app` as an appserver::App&. It may suspend. An exception from it
// fails the boot. Behind `app` may stand options (see options.hpp), in any order:
//
//   APPSERVER_PLUGIN(app, appserver::stack_size<1 << 20>, appserver::thread_local_per_request) { ... }
#define APPSERVER_PLUGIN(...) APPSERVER_PLUGIN_WITH_OPTIONS(__VA_ARGS__, ::appserver::detail::NoOption{})

// For APPSERVER_PLUGIN alone: `...` is never empty here, as C++17 demands.
#define APPSERVER_PLUGIN_WITH_OPTIONS(app, ...)                            \
  static void appserver_define_plugin(::appserver::App& app);              \
  extern "C" {                                                             \
  constexpr appserver_plugin_descriptor appserver_plugin =                 \
      ::appserver::detail::describe<appserver_define_plugin>(__VA_ARGS__); \
  }                                                                        \
  static void appserver_define_plugin([[maybe_unused]] ::appserver::App& app)
