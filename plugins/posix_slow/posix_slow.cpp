// GET /posix_slow?time=SECONDS: what `slow` does, by nanosleep(2), as code does that knows of no server.
#include <time.h>

#include <appserver/plugin.hpp>
#include <cerrno>
#include <cmath>
#include <system_error>

using namespace appserver;

namespace {

Response posix_slow(Request& request) {
  const auto seconds = request.query("time").as<double>(0, 3600).value_or(5);
  timespec time{};
  time.tv_sec = static_cast<time_t>(seconds);
  time.tv_nsec = static_cast<long>((seconds - std::floor(seconds)) * 1e9);
  if (::nanosleep(&time, nullptr) != 0) throw std::system_error(errno, std::generic_category(), "nanosleep");
  return text("Slept for {} seconds.", seconds);
}

}  // namespace

APPSERVER_PLUGIN(app) { app.name("posix_slow").get("/posix_slow", posix_slow); }
