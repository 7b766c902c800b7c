// TCP connections, for plugins.
#include <string>

#include "plugin/plugin.hpp"
#include "plugin/tables.hpp"
#include "runtime/connect.hpp"

struct appserver_socket {
  std::unique_ptr<runtime::Stream> stream;
  runtime::Duration timeout{};
};

namespace plugin {
namespace {

int32_t connect(const appserver_host* host, appserver_string name, uint16_t port, int64_t timeout_ns,
                appserver_socket** socket) {
  return guarded([&] {
    runtime::Reactor& reactor = static_cast<const Plugin*>(host)->surroundings().reactor;
    auto result = runtime::connect(reactor, std::string(view(name)), port,
                                   runtime::deadline_after(std::chrono::nanoseconds(timeout_ns)));
    if (!result.stream) return result_of(result.error);
    *socket = new appserver_socket{std::move(result.stream)};
    return 0;
  });
}

void set_timeout(appserver_socket* socket, int64_t timeout_ns) {
  socket->timeout = std::chrono::nanoseconds(timeout_ns);
}

int64_t read(appserver_socket* socket, void* data, size_t size) {
  if (size == 0) return 0;
  return guarded([&]() -> std::int64_t {
    const auto result =
        socket->stream->read({static_cast<char*>(data), size}, runtime::deadline_after(socket->timeout));
    return result.error ? result_of(result.error) : static_cast<std::int64_t>(result.size);
  });
}

int32_t write(appserver_socket* socket, appserver_string data) {
  return guarded([&] {
    iovec piece{const_cast<char*>(data.data), data.size};
    return result_of(socket->stream->write({&piece, 1}, socket->timeout));
  });
}

void close(appserver_socket* socket) { delete socket; }

}  // namespace

const appserver_socket_table kSocketTable = {host_function<connect>, host_function<set_timeout>,
                                             host_function<read>, host_function<write>, host_function<close>};

}  // namespace plugin
