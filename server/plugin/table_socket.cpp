// TCP connections, for plugins.
#include <boost/asio/post.hpp>
#include <string>

#include "plugin/plugin.hpp"
#include "plugin/tables.hpp"
#include "runtime/connect.hpp"
#include "runtime/scheduler.hpp"

struct appserver_socket {
  runtime::Reactor& reactor;
  std::unique_ptr<runtime::Stream> stream;
  runtime::Duration timeout{};
};

namespace plugin {
namespace {

int32_t connect(const appserver_host* host, appserver_string name, uint16_t port, int64_t timeout_ns,
                appserver_socket** socket) {
  if (!may_suspend()) return -EPERM;
  return guarded([&] {
    const Surroundings& here = static_cast<const Plugin*>(host)->surroundings();
    auto result = runtime::connect(here.reactor, here.pools.names, std::string(view(name)), port,
                                   runtime::deadline_after(std::chrono::nanoseconds(timeout_ns)));
    if (!result.stream) return result_of(result.error);
    *socket = new appserver_socket{here.reactor, std::move(result.stream)};
    return 0;
  });
}

void set_timeout(appserver_socket* socket, int64_t timeout_ns) {
  socket->timeout = std::chrono::nanoseconds(timeout_ns);
}

int64_t read(appserver_socket* socket, void* data, size_t size) {
  if (!may_suspend()) return -EPERM;
  if (size == 0) return 0;
  return guarded([&]() -> std::int64_t {
    const auto result =
        socket->stream->read({static_cast<char*>(data), size}, runtime::deadline_after(socket->timeout));
    return result.error ? result_of(result.error) : static_cast<std::int64_t>(result.size);
  });
}

int32_t write(appserver_socket* socket, appserver_string data) {
  if (!may_suspend()) return -EPERM;
  return guarded([&] {
    iovec piece{const_cast<char*>(data.data), data.size};
    return result_of(socket->stream->write({&piece, 1}, socket->timeout));
  });
}

// One that ends with a function that was offloaded is closed on the worker's thread all the same: the reactor
// knows it.
void close(appserver_socket* socket) {
  if (!socket) return;
  guarded([socket] {
    if (runtime::Scheduler::runs_here()) {
      delete socket;
    } else {
      boost::asio::post(socket->reactor.io(), [socket] { delete socket; });
    }
    return 0;
  });
}

}  // namespace

const appserver_socket_table kSocketTable = {host_function<connect>, host_function<set_timeout>,
                                             host_function<read>, host_function<write>, host_function<close>};

}  // namespace plugin
