// A plugin that uses all of the SDK, built without any visibility flag: what hides the SDK's symbols is the
// SDK. Several of it are loaded into one process, each in another C++.
#include <appserver/plugin.hpp>
#include <chrono>
#include <string>

using namespace appserver;

namespace {

Response everything(Request& request) {
  const auto number = request.query("n").as<int>(0, 9).value_or(0);
  const auto wait = request.query("wait").as<Seconds>().value_or(Seconds(0.5));
  const bool loud = request.query("loud").as<bool>().value_or(true);
  for (const auto [name, value] : request.headers()) log_debug("{}: {}", name, value);
  if (number == 7) return text(Form(request).field("name").required<std::string>());
  if (number == 9) throw NotFound("nine");
  if (number == 8) return text(TcpStream::connect("localhost:1", wait).read_all(100));
  sleep_for(wait);
  offload([] { log_info("from a thread"); });
  log_info("worker {} {} {}", worker_index(), generation(), loud);
  return stream("text/plain", [&body = request.body()](ResponseStream& out) {
    while (const auto piece = body.read()) out.write(*piece);
  });
}

}  // namespace

APPSERVER_PLUGIN(app, stack_size<1 << 20>, thread_local_per_request) {
  app.name(app.setting("name").required<std::string>());
  app.get("/", everything).on_stop([] { log_info("stopped"); });
}
