// Asks PostgreSQL by libpq, whose every call waits for the database:
//
//   GET /pg/sleep?time=SECONDS    `select pg_sleep($1)`: the database takes its time
//   GET /pg/rows?value=TEXT       the rows of the query below, with the text for its $1, as JSON
//
//   [pg]
//   database = host=/run/postgresql dbname=shop    or postgresql://...; by default as PGHOST and its like say
//   query = select * from orders where customer = $1
//   connections = 10                               how many a worker has open at most
#include <libpq-fe.h>

#include <appserver/plugin.hpp>
#include <memory>
#include <string>

#include "pool.hpp"

using namespace appserver;

namespace {

constexpr const char* kSettings = "select name, setting from pg_settings where name like $1";

// In the library's words, to the log and to the client: 502 without a connection, 500 for a query that
// failed.
[[noreturn]] void fail(PGconn* connection) {
  std::string why = PQerrorMessage(connection);
  why.erase(why.find_last_not_of('\n') + 1);
  log_error("{}", why);
  throw HttpError(PQstatus(connection) == CONNECTION_OK ? 500 : 502, why);
}

// The one value that `query` answers.
std::string ask(Pool& pool, const std::string& query, const std::string& parameter) {
  const Pool::Lease connection(pool);
  if (PQstatus(connection.get()) != CONNECTION_OK) fail(connection.get());

  const char* const parameters[] = {parameter.c_str()};
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(
      PQexecParams(connection.get(), query.c_str(), 1, nullptr, parameters, nullptr, nullptr, 0), PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) fail(connection.get());
  return PQgetvalue(result.get(), 0, 0);
}

}  // namespace

APPSERVER_PLUGIN(app) {
  app.name("pg");
  const auto database = app.setting("database").as<std::string>().value_or("");
  const auto query = app.setting("query").as<std::string>().value_or(kSettings);
  const auto connections = app.setting("connections").as<std::size_t>(1, 1000).value_or(10);

  const auto pool = std::make_shared<Pool>(database, connections);  // of both routes
  const auto rows = "select coalesce(json_agg(row), '[]') from (" + query + ") as row";

  app.get("/pg/sleep", [pool](Request& request) {
    const auto seconds = request.query("time").as<double>(0, 3600).value_or(5);
    ask(*pool, "select pg_sleep($1)", std::to_string(seconds));
    return text("The database slept for {} seconds.", seconds);
  });
  app.get("/pg/rows", [pool, rows](Request& request) {
    return json(ask(*pool, rows, request.query("value").required<std::string>()));
  });
}
