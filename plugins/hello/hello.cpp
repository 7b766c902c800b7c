// GET /hello and GET /json: the smallest answers there are.
#include <appserver/plugin.hpp>

using namespace appserver;

APPSERVER_PLUGIN(app) {
  app.name("hello").get("/hello", [](Request&) { return text("Hello, World!"); }).get("/json", [](Request&) {
    return json(R"({"message":"Hello, World!"})");
  });
}
