#include "postgres_server.hpp"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>

namespace {

namespace fs = std::filesystem;

// PATH with PostgreSQL's programs, which Debian and Ubuntu keep in a folder for each version: the newest.
std::string path_variable() {
  const char* const path = ::getenv("PATH");
  const std::string usual = path ? path : "/usr/bin:/bin";
  int newest = 0;
  std::error_code none_there;
  for (const fs::directory_entry& version : fs::directory_iterator("/usr/lib/postgresql", none_there)) {
    if (fs::exists(version.path() / "bin/postgres"))
      newest = std::max(newest, std::atoi(version.path().filename().c_str()));
  }
  return newest == 0 ? "PATH=" + usual
                     : "PATH=/usr/lib/postgresql/" + std::to_string(newest) + "/bin:" + usual;
}

}  // namespace

PostgresServer& PostgresServer::shared() {
  static PostgresServer one;
  return one;
}

PostgresServer::PostgresServer() : server_({path_variable()}) {
  server_.run({"initdb", "--pgdata=data", "--username=appserver", "--auth=trust", "--encoding=UTF8",
               "--no-locale", "--no-sync"});
  server_.run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
               "-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", "data/server.key", "-out",
               "data/server.crt"});
  start();
}

void PostgresServer::start() {
  server_.start({"postgres", "-D", "data", "-c", "unix_socket_directories=" + server_.folder().string(), "-c",
                 "listen_addresses=" + ForeignServer::loopback(), "-c", "ssl=on", "-c", "max_connections=150",
                 "-c", "fsync=off"},
                "ready to accept connections");
}

void PostgresServer::execute(const std::string& sql) {
  server_.run({"psql", "--quiet", "--no-psqlrc", "--dbname=" + by_socket(), "--command=" + sql});
}

std::string PostgresServer::by_socket() const {
  return "dbname=postgres user=appserver host=" + server_.folder().string();
}

std::string PostgresServer::by_tcp() const {
  return "dbname=postgres user=appserver sslmode=disable host=" + ForeignServer::loopback();
}

std::string PostgresServer::by_tls() const {
  return "dbname=postgres user=appserver sslmode=require host=" + ForeignServer::loopback();
}
