// Small words that several tests share.
#pragma once

#include <signal.h>

#include <chrono>
#include <string>

#include "http_client.hpp"
#include "server.hpp"

// The bytes of a plain GET.
inline std::string get_request(const std::string& target, const std::string& headers = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n";
}

// A request that stays in flight for `seconds` in the probe plugin: the worker has begun to answer it.
inline HttpClient lingering(const Server& server, const std::string& seconds) {
  HttpClient client = server.connect();
  client.send(get_request("/linger?time=" + seconds));
  client.receive_until("begun\n");
  return client;
}

// What is left of lingering()'s answer came whole: the last piece and the end of the chunks.
inline bool ends_well(HttpClient& client) {
  return client.receive_until("0\r\n\r\n").find("ended\n") != std::string::npos;
}

// Serves the plugin with these lines in its section of the configuration file.
inline void serve(Server& server, const std::string& plugin, const std::string& settings) {
  server.put_plugin(plugin + ".so", plugin + ".so");
  server.write_file("appserver.conf", "plugin = " + plugin + ".so\n[" + plugin + "]\n" + settings);
  server.start({});
}

// Where a server at a TCP port is to be found.
inline std::string url_of(const Server& server) {
  return "http://127.0.0.1:" + std::to_string(server.address().port);
}

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};
