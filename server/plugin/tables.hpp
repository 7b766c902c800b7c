// The tables of functions that plugins call, one a file: thin, noexcept, and each as abi.h says.
#pragma once

#include <cerrno>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "appserver/abi.h"
#include "runtime/thread_state.hpp"

namespace plugin {

extern const appserver_plugin_table kPluginTable;
extern const appserver_route_table kRouteTable;
extern const appserver_cancellation_table kCancellationTable;
extern const appserver_worker_table kWorkerTable;
extern const appserver_log_table kLogTable;
extern const appserver_request_table kRequestTable;
extern const appserver_response_table kResponseTable;
extern const appserver_fiber_table kFiberTable;
extern const appserver_socket_table kSocketTable;
extern const appserver_offload_table kOffloadTable;
extern const appserver_response_body_table kResponseBodyTable;
extern const appserver_trailers_table kTrailersTable;
extern const appserver_client_table kClientTable;

inline std::string_view view(appserver_string text) { return {text.data, text.size}; }
inline appserver_string borrowed(std::string_view text) { return {text.data(), text.size()}; }

// A negative errno value for an error of the generic category; 0 for none.
inline std::int32_t result_of(const std::error_code& error) { return error ? -error.value() : 0; }

// Runs `function`; an exception becomes the error that it stands for, or -ENOMEM.
template <typename Function>
auto guarded(Function function) noexcept -> decltype(function()) {
  try {
    return function();
  } catch (const std::system_error& error) {
    return -error.code().value();
  } catch (...) {
    return -ENOMEM;
  }
}

namespace detail {

template <auto function>
struct HostFunction;

template <typename Result, typename... Arguments, Result (*function)(Arguments...)>
struct HostFunction<function> {
  static Result call(Arguments... arguments) noexcept {
    const runtime::HostCode host;
    return function(arguments...);
  }
};

}  // namespace detail

// What stands in a table for `function`: with it a plugin's call goes over to the host.
template <auto function>
inline constexpr auto host_function = &detail::HostFunction<function>::call;

// Whether a function that may suspend can go on: on the worker's thread alone. Tells the log where it can't.
bool may_suspend() noexcept;

}  // namespace plugin
