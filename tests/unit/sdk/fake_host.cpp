#include "fake_host.hpp"

#include <strings.h>
#include <unistd.h>

#include <algorithm>
#include <appserver/detail/entry.hpp>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <thread>

FakeNetwork network;

namespace {

using Exchange = appserver_exchange;

std::string to_string(appserver_string text) { return {text.data, text.size}; }
appserver_string view(const std::string& text) { return {text.data(), text.size()}; }

FakeHost& of(const appserver_host* host) {
  return static_cast<FakeHost&>(*const_cast<appserver_host*>(host));  // tables get it as they gave it out
}

int find(const std::map<std::string, std::string>& values, appserver_string name, appserver_string* value) {
  const auto found = values.find(to_string(name));
  if (found == values.end()) return 0;
  *value = view(found->second);
  return 1;
}

// Takes up to `size` bytes off the first of `pieces`.
std::int64_t take(std::deque<std::string>& pieces, void* data, std::size_t size) {
  auto& piece = pieces.front();
  const auto count = std::min(size, piece.size());
  std::memcpy(data, piece.data(), count);
  piece.erase(0, count);
  if (piece.empty()) pieces.pop_front();
  return static_cast<std::int64_t>(count);
}

std::int32_t add_route(FakeHost& host, const FakeHost::Route& route) {
  if (route.pattern.empty() || route.pattern.front() != '/') return -EINVAL;
  for (const auto& other : host.routes) {
    if (other.method == route.method && other.pattern == route.pattern) return -EEXIST;
  }
  host.routes.push_back(route);
  return 0;
}

const appserver_route_table route_table = {
    [](const appserver_host* host, const appserver_route* route) -> std::int32_t {
      return add_route(of(host), {to_string(route->method), to_string(route->pattern), route->handler,
                                  route->context, route->flags, route->body_limit, route->timeout_ns});
    },
};

const appserver_cancellation_table cancellation_table = {
    [](const Exchange* exchange) -> std::int32_t { return exchange->cancelled; },
};

const appserver_plugin_table plugin_table = {
    [](const appserver_host* host, appserver_string name) -> std::int32_t {
      of(host).name = to_string(name);
      return of(host).name.find(' ') == std::string::npos ? 0 : -EINVAL;
    },
    [](const appserver_host* host, appserver_string method, appserver_string pattern,
       appserver_handler handler, void* context) -> std::int32_t {
      return add_route(of(host), {to_string(method), to_string(pattern), handler, context});
    },
    [](const appserver_host* host, appserver_string key, appserver_string* value) -> std::int32_t {
      return find(of(host).settings, key, value);
    },
    [](const appserver_host* host, appserver_string reason) { of(host).failure = to_string(reason); },
};

const appserver_worker_table worker_table = {
    [](const appserver_host*) -> std::uint32_t { return 3; },
    [](const appserver_host*) -> std::uint64_t { return 7; },
};

const appserver_log_table log_table = {
    [](const appserver_host* host, std::int32_t level, appserver_string text) -> std::int32_t {
      of(host).log.emplace_back(level, to_string(text));
      return 0;
    },
};

const appserver_request_table request_table = {
    [](const Exchange* exchange) { return view(exchange->method); },
    [](const Exchange* exchange) { return view(exchange->path); },
    [](const Exchange*) {
      return appserver_string{"raw=query", 9};
    },
    [](Exchange* exchange, appserver_string name, appserver_string* value) -> std::int32_t {
      return find(exchange->query, name, value);
    },
    [](Exchange* exchange, appserver_string name, appserver_string* value) -> std::int32_t {
      return find(exchange->parameters, name, value);
    },
    [](const Exchange* exchange, appserver_string name, appserver_string* value) -> std::int32_t {
      for (const auto& [field, text] : exchange->headers) {
        if (::strcasecmp(field.c_str(), to_string(name).c_str()) == 0) return *value = view(text), 1;
      }
      return 0;
    },
    [](const Exchange* exchange) { return exchange->headers.size(); },
    [](const Exchange* exchange, std::size_t index, appserver_string* name,
       appserver_string* value) -> std::int32_t {
      if (index >= exchange->headers.size()) return -ERANGE;
      *name = view(exchange->headers[index].first);
      *value = view(exchange->headers[index].second);
      return 0;
    },
    [](const Exchange* exchange) { return exchange->body_length; },
    [](Exchange* exchange, void* data, std::size_t size) -> std::int64_t {
      return exchange->body.empty() ? exchange->body_result : take(exchange->body, data, size);
    },
    [](Exchange* exchange, appserver_string* body) -> std::int32_t {
      for (const auto& piece : exchange->body) exchange->whole_body += piece;
      exchange->body.clear();
      *body = view(exchange->whole_body);
      return exchange->body_result;
    },
    [](Exchange*) {
      return appserver_string{"42-1", 4};
    },
};

const appserver_trailers_table trailers_table = {
    [](const Exchange* exchange) -> std::int64_t {
      return exchange->body.empty() ? static_cast<std::int64_t>(exchange->trailers.size()) : -EAGAIN;
    },
    [](const Exchange* exchange, std::size_t index, appserver_string* name,
       appserver_string* value) -> std::int32_t {
      *name = view(exchange->trailers.at(index).first);
      *value = view(exchange->trailers.at(index).second);
      return 0;
    },
    [](const Exchange* exchange, appserver_string name, appserver_string* value) -> std::int32_t {
      if (!exchange->body.empty()) return -EAGAIN;
      for (const auto& [field, text] : exchange->trailers) {
        if (field == to_string(name)) return *value = view(text), 1;
      }
      return 0;
    },
};

const appserver_response_table response_table = {
    [](Exchange* exchange, std::int32_t status) -> std::int32_t {
      if (exchange->begun) return -EALREADY;
      if (status < 200 || status > 599) return -EINVAL;
      exchange->status = status;
      return 0;
    },
    [](Exchange* exchange, appserver_string name, appserver_string value) -> std::int32_t {
      if (exchange->begun) return -EALREADY;
      if (to_string(name) == "Content-Length" || to_string(value).find('\n') != std::string::npos)
        return -EINVAL;
      exchange->answer_headers.emplace_back(to_string(name), to_string(value));
      return 0;
    },
    [](Exchange* exchange, appserver_string body) -> std::int32_t {
      if (exchange->begun) return -EALREADY;
      if (exchange->send_result < 0) return exchange->send_result;
      exchange->begun = exchange->ended = true;
      exchange->pieces.push_back(to_string(body));
      return 0;
    },
    [](Exchange* exchange, appserver_string piece) -> std::int32_t {
      if (exchange->ended) return -EALREADY;
      if (exchange->send_result < 0) return exchange->send_result;
      if (exchange->length && exchange->text().size() + piece.size > *exchange->length) return -EMSGSIZE;
      exchange->begun = true;
      exchange->pieces.push_back(to_string(piece));
      return 0;
    },
    [](Exchange* exchange, appserver_string reason) { exchange->failure = to_string(reason); },
};

const appserver_fiber_table fiber_table = {
    [](std::int64_t nanoseconds) -> std::int32_t {
      network.slept = nanoseconds;
      return 0;
    },
};

appserver_socket* const only_socket =
    reinterpret_cast<appserver_socket*>(&network);  // a name, never looked into

const appserver_socket_table socket_table = {
    [](const appserver_host*, appserver_string name, std::uint16_t port, std::int64_t timeout,
       appserver_socket** socket) -> std::int32_t {
      network.connected_to = to_string(name) + " " + std::to_string(port);
      network.timeout = timeout;
      if (network.connect_result < 0) return network.connect_result;
      ++network.open;
      *socket = only_socket;
      return 0;
    },
    [](appserver_socket*, std::int64_t timeout) { network.timeout = timeout; },
    [](appserver_socket*, void* data, std::size_t size) -> std::int64_t {
      return network.incoming.empty() ? network.read_result : take(network.incoming, data, size);
    },
    [](appserver_socket*, appserver_string data) -> std::int32_t {
      network.written += to_string(data);
      return 0;
    },
    [](appserver_socket* socket) {
      if (socket != nullptr) --network.open;
    },
};

const appserver_offload_table offload_table = {
    [](const appserver_host*, void (*function)(void*), void* argument) -> std::int32_t {
      if (network.offload_result < 0) return network.offload_result;
      std::thread(function, argument).join();
      return 0;
    },
};

const appserver_response_body_table response_body_table = {
    [](Exchange* exchange, std::uint64_t length) -> std::int32_t {
      if (exchange->begun) return -EALREADY;
      exchange->length = length;
      return 0;
    },
    [](Exchange* exchange, int file, std::uint64_t offset, std::uint64_t size) -> std::int32_t {
      std::string piece(size, '\0');
      const ssize_t got = ::pread(file, piece.data(), size, static_cast<off_t>(offset));
      if (got < 0) return -errno;
      if (static_cast<std::uint64_t>(got) < size) return -ENODATA;
      return response_table.write(exchange, view(piece));
    },
};

const appserver_client_table client_table = {
    [](Exchange* exchange, appserver_string* address, std::uint16_t* port) -> std::int32_t {
      if (exchange->client_address.empty()) return 0;
      *address = view(exchange->client_address);
      *port = 4711;
      return 1;
    },
    [](Exchange* exchange, appserver_string* scheme, appserver_string* host) -> std::int32_t {
      *scheme = view(exchange->scheme);
      *host = view(exchange->host);
      return exchange->host.empty() ? 0 : 1;
    },
};

const void* find_table(const appserver_host* host, const char* id) {
  static const std::map<std::string, const void*> tables = {
      {APPSERVER_PLUGIN_TABLE, &plugin_table},     {APPSERVER_WORKER_TABLE, &worker_table},
      {APPSERVER_LOG_TABLE, &log_table},           {APPSERVER_REQUEST_TABLE, &request_table},
      {APPSERVER_RESPONSE_TABLE, &response_table}, {APPSERVER_FIBER_TABLE, &fiber_table},
      {APPSERVER_SOCKET_TABLE, &socket_table},     {APPSERVER_OFFLOAD_TABLE, &offload_table},
      {APPSERVER_ROUTE_TABLE, &route_table},       {APPSERVER_CANCELLATION_TABLE, &cancellation_table},
      {APPSERVER_TRAILERS_TABLE, &trailers_table}, {APPSERVER_RESPONSE_BODY_TABLE, &response_body_table},
      {APPSERVER_CLIENT_TABLE, &client_table}};
  return id == of(host).missing_table ? nullptr : tables.at(id);
}

std::function<void(appserver::App&)> definition;
void define(appserver::App& app) { definition(app); }

constexpr appserver_plugin_descriptor defined_by_the_test = {sizeof(appserver_plugin_descriptor),
                                                             APPSERVER_ABI_MAJOR,
                                                             APPSERVER_ABI_MINOR,
                                                             appserver::detail::start<define>,
                                                             appserver::detail::stop,
                                                             0,
                                                             0};
}  // namespace

std::string appserver_exchange::text() const {
  std::string all;
  for (const auto& piece : pieces) all += piece;
  return all;
}

std::string appserver_exchange::header(const std::string& name) const {
  for (const auto& [field, value] : answer_headers) {
    if (field == name) return value;
  }
  return "";
}

FakeHost::FakeHost() : appserver_host{find_table} { network = {}; }
FakeHost::~FakeHost() { stop(); }

int FakeHost::start(const appserver_plugin_descriptor& descriptor) {
  const int result = descriptor.start(this, &state_);
  if (result == 0) started_ = &descriptor;
  return result;
}

int FakeHost::start(std::function<void(appserver::App&)> define_app) {
  definition = std::move(define_app);
  return start(defined_by_the_test);
}

void FakeHost::stop() {
  if (started_ != nullptr && started_->stop != nullptr) started_->stop(state_);
  started_ = nullptr;
}

void FakeHost::call(appserver_exchange& exchange) const {
  for (const auto& route : routes) {
    if (route.method != exchange.method || route.pattern != exchange.path) continue;
    exchange.result = route.handler(&exchange, route.context);
    return;
  }
  throw std::logic_error("no route for " + exchange.method + " " + exchange.path);
}

appserver_exchange FakeHost::get(std::string path, std::map<std::string, std::string> query) const {
  appserver_exchange exchange;
  exchange.path = std::move(path);
  exchange.query = std::move(query);
  call(exchange);
  return exchange;
}
