// A connection with both its ends in the test: the server's as a Stream, the client's as bytes.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "catch.hpp"
#include "http/input_buffer.hpp"
#include "http/limits.hpp"
#include "runtime/stream.hpp"
#include "worker_thread.hpp"

struct Wire {
  explicit Wire(WorkerThread& worker) : Wire(worker, ends()) {}

  void client_sends(std::string_view bytes) {
    REQUIRE(::send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
  }
  void client_leaves() { client.reset(); }

  // What the server has sent by now.
  std::string client_received() {
    std::string text(65536, '\0');
    const ssize_t size = ::recv(client.get(), text.data(), text.size(), MSG_DONTWAIT);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }

  // Puts bytes where the connection has what it read behind a head.
  void buffered(std::string_view bytes) { input.append(bytes); }

  base::UniqueFd client;
  runtime::Stream server;
  http::BlockPool blocks;
  http::InputBuffer input{blocks};
  http::Limits limits{.request_line = 8190,
                      .fields = 100,
                      .field_size = 8190,
                      .request_body = 1000,
                      .connections = 1,
                      .header_timeout = std::chrono::seconds(5),
                      .body_timeout = std::chrono::seconds(5),
                      .write_timeout = std::chrono::seconds(5),
                      .keep_alive = std::chrono::seconds(5)};

 private:
  struct Ends {
    int server, client;
  };
  static Ends ends() {
    int both[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both) == 0);
    return {both[0], both[1]};
  }
  Wire(WorkerThread& worker, Ends ends)
      : client(ends.client), server(worker.reactor, base::UniqueFd(ends.server)) {}
};
