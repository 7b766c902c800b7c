// POST or PUT /echo: sends the body back as it arrives, a piece at a time, with its content type.
#include <appserver/plugin.hpp>

using namespace appserver;

namespace {

Response echo(Request& request) {
  const auto type = request.header("Content-Type").value_or("application/octet-stream");
  return stream(std::string(type), [&body = request.body()](ResponseStream& out) {
    while (const auto piece = body.read()) out.write(*piece);
  });
}

}  // namespace

APPSERVER_PLUGIN(app) { app.name("echo").post("/echo", echo).put("/echo", echo); }
