// A Redis of the test's own, at a unix socket and a loopback address. It keeps nothing on disk.
#pragma once

#include <string>

#include "foreign_server.hpp"

class RedisServer {
 public:
  // The test program's, from the first call on.
  static RedisServer& shared() {
    static RedisServer one;
    return one;
  }

  RedisServer() {
    // Protected mode lets only 127.0.0.1 in.
    server_.start({"redis-server", "--unixsocket", "redis.sock", "--bind", ForeignServer::loopback(),
                   "--port", "6379", "--protected-mode", "no", "--save", ""},
                  "eady to accept connections");
  }

  // As the plugin takes them.
  std::string by_socket() const { return "unix:" + (server_.folder() / "redis.sock").string(); }
  std::string by_tcp() const { return ForeignServer::loopback() + ":6379"; }

 private:
  ForeignServer server_;
};
