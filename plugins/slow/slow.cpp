// GET /slow?time=SECONDS: answers when so much time has passed, and lets every other request go on meanwhile.
#include <appserver/plugin.hpp>

using namespace appserver;

namespace {

Response slow(Request& request) {
  const auto seconds = request.query("time").as<double>(0, 3600).value_or(5);
  sleep_for(Seconds(seconds));
  return text("Slept for {} seconds.", seconds);
}

}  // namespace

APPSERVER_PLUGIN(app) { app.name("slow").get("/slow", slow); }
