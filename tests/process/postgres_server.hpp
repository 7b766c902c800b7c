// A PostgreSQL of the test's own: a fresh database cluster, which takes half a second to make, so that a test
// program has one for all its cases. At a unix socket, and at a loopback address with and without TLS.
#pragma once

#include <string>

#include "foreign_server.hpp"

class PostgresServer {
 public:
  // The test program's, from the first call on. It runs, unless a test has stopped it.
  static PostgresServer& shared();

  // Makes the cluster and starts the server. It takes 150 connections at once.
  PostgresServer();

  // What libpq calls a connection string.
  std::string by_socket() const;
  std::string by_tcp() const;
  std::string by_tls() const;

  void execute(const std::string& sql);

  void stop() { server_.stop(); }
  void start();

 private:
  ForeignServer server_;
};
