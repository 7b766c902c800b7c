// The host as this plugin sees it: the tables of abi.h, found once when the plugin starts. One per plugin
// (see visibility.hpp), constant-initialised, so that nothing here runs when the library is loaded.
#pragma once

#include <appserver/abi.h>

#include <appserver/detail/visibility.hpp>
#include <appserver/error.hpp>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

struct Host {
  const appserver_host* self = nullptr;
  const appserver_plugin_table* plugin = nullptr;
  const appserver_worker_table* worker = nullptr;
  const appserver_log_table* log = nullptr;
  const appserver_request_table* request = nullptr;
  const appserver_response_table* response = nullptr;
  const appserver_fiber_table* fiber = nullptr;
  const appserver_socket_table* socket = nullptr;
  const appserver_offload_table* offload = nullptr;
  const appserver_route_table* route = nullptr;
  const appserver_cancellation_table* cancellation = nullptr;
  const appserver_trailers_table* trailers = nullptr;
  const appserver_response_body_table* response_body = nullptr;
  const appserver_client_table* client = nullptr;
};

inline Host host;

template <typename Table>
void find_table(const char* id, const Table*& table) {
  table = static_cast<const Table*>(host.self->table(host.self, id));
  if (table == nullptr) throw std::runtime_error(std::string("this server does not offer ") + id);
}

// Throws std::runtime_error where a table is missing. `plugin` comes first: it takes the reason.
inline void bind(const appserver_host* self) {
  host.self = self;
  find_table(APPSERVER_PLUGIN_TABLE, host.plugin);
  find_table(APPSERVER_WORKER_TABLE, host.worker);
  find_table(APPSERVER_LOG_TABLE, host.log);
  find_table(APPSERVER_REQUEST_TABLE, host.request);
  find_table(APPSERVER_RESPONSE_TABLE, host.response);
  find_table(APPSERVER_FIBER_TABLE, host.fiber);
  find_table(APPSERVER_SOCKET_TABLE, host.socket);
  find_table(APPSERVER_OFFLOAD_TABLE, host.offload);
  find_table(APPSERVER_ROUTE_TABLE, host.route);
  find_table(APPSERVER_CANCELLATION_TABLE, host.cancellation);
  find_table(APPSERVER_TRAILERS_TABLE, host.trailers);
  find_table(APPSERVER_RESPONSE_BODY_TABLE, host.response_body);
  find_table(APPSERVER_CLIENT_TABLE, host.client);
}

inline appserver_string to_abi(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view from_abi(appserver_string text) { return {text.data, text.size}; }

// Hands a result of the host on, or throws its error: Cancelled, or else std::system_error, "<doing>:
// <strerror>".
template <typename Result>
Result check(Result result, const std::string& doing) {
  if (result == -ECANCELED) throw Cancelled(doing);
  if (result < 0) throw std::system_error(static_cast<int>(-result), std::generic_category(), doing);
  return result;
}

}  // namespace detail
}  // namespace appserver
