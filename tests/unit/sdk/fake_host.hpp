// A host without a server: the tables of abi.h over plain data. Tests start a plugin in it, put requests to
// its routes and look at what the plugin did.
#pragma once

#include <appserver/abi.h>

#include <appserver/app.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using Fields = std::vector<std::pair<std::string, std::string>>;

// A request and the answer to it.
struct appserver_exchange {
  std::string method = "GET";
  std::string path = "/";
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> parameters;
  std::string client_address;  // "": not known
  std::string scheme = "http";
  std::string host = "example.org";
  Fields headers;
  Fields trailers;               // known once `body` is empty
  std::deque<std::string> body;  // the pieces that come, then body_result: 0 or what reading fails with
  std::int64_t body_length = 0;
  int body_result = 0;
  int send_result = 0;  // what send and write come to

  int result = 1;  // what the handler returned
  int status = 200;
  Fields answer_headers;
  std::optional<std::uint64_t> length;  // as it was announced
  std::vector<std::string>
      pieces;  // of the answer's body: one from send, any number from write and send_file
  bool begun = false;
  bool ended = false;
  int cancelled = 0;
  std::string failure;
  std::string whole_body;

  std::string text() const;                           // the answer's body
  std::string header(const std::string& name) const;  // of the answer; "" where there is none
};

struct FakeHost : appserver_host {
  struct Route {
    std::string method;
    std::string pattern;
    appserver_handler handler;
    void* context;
    std::uint32_t flags = 0;
    std::uint64_t body_limit = 0;
    std::int64_t timeout_ns = 0;
  };

  FakeHost();
  ~FakeHost();
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  // Starts a plugin, and gives what its start returned.
  int start(const appserver_plugin_descriptor& descriptor);
  int start(std::function<void(appserver::App&)> define);
  void stop();

  // Runs the handler whose pattern is the exchange's path, to the letter.
  void call(appserver_exchange& exchange) const;
  appserver_exchange get(std::string path, std::map<std::string, std::string> query = {}) const;

  std::map<std::string, std::string> settings;
  std::string missing_table;

  std::string name;
  std::vector<Route> routes;
  std::string failure;
  std::vector<std::pair<int, std::string>> log;

 private:
  const appserver_plugin_descriptor* started_ = nullptr;
  void* state_ = nullptr;
};

// What the fiber, socket and offload tables did last, and what they shall do. They have no host to keep it
// in.
struct FakeNetwork {
  std::int64_t slept = -1;
  int connect_result = 0;
  std::deque<std::string> incoming;  // the pieces that are read, then read_result
  int read_result = 0;
  std::string connected_to;
  std::int64_t timeout = -1;
  std::string written;
  int open = 0;
  int offload_result = 0;
};
extern FakeNetwork network;
