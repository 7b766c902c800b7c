#include <appserver/plugin.hpp>

using namespace appserver;

APPSERVER_PLUGIN(app) {
  app.get("/greet/{name}", [](Request& request) {
    return text("Hi, {}!", request.parameter("name").required<std::string>());
  });
}
