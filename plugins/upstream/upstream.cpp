// GET /upstream: asks another HTTP server and hands on what it answers. Its settings:
//
//   [upstream]
//   address = 127.0.0.1:9000    HOST:PORT; there is no default
//   path = /                    what to ask for
//   timeout = 10s               to connect, and the longest wait between two pieces of the answer
#include <appserver/plugin.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "answer.hpp"

using namespace appserver;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kLongestAnswer = 8 << 20;

class Upstream {
 public:
  explicit Upstream(const App& app) {
    const auto address = app.setting("address");
    const auto parsed = TcpAddress::parse(address.required<std::string_view>());
    if (!parsed) address.refuse("is not an address such as 127.0.0.1:9000");
    address_ = *parsed;

    const auto path = app.setting("path");
    path_ = path.as<std::string>().value_or("/");
    if (path_.empty() || path_.front() != '/') path.refuse("does not begin with /");
    for (const char c : path_) {
      if (c <= ' ' || c > '~') path.refuse("has a character that a URL must write as %XX");
    }

    timeout_ = app.setting("timeout").as<Seconds>(1ms, 1h).value_or(10s);
  }

  Response operator()(Request&) const {
    auto answer = ask();
    auto response = answer.content_type.empty() ? Response({}, std::move(answer.body))
                                                : bytes(answer.content_type, std::move(answer.body));
    return std::move(response).status(answer.status);
  }

 private:
  Answer ask() const {
    try {
      auto stream = TcpStream::connect(address_, timeout_);
      stream.write("GET " + path_ + " HTTP/1.0\r\nHost: " + address_.text() + "\r\n\r\n");
      return Answer::parse(stream.read_all(kLongestAnswer));
    } catch (const std::system_error& error) {
      log_warning("{}", error.what());
      if (error.code() == std::errc::timed_out)
        throw HttpError(504, "The upstream server did not answer in time.");
      if (error.code() == std::errc::message_size)
        throw HttpError(502, "The upstream server answered too much.");
      throw HttpError(502, "The upstream server could not be reached, or broke off.");
    } catch (const std::runtime_error& error) {
      throw HttpError(502, std::string("The upstream server gave a bad answer: ") + error.what() + ".");
    }
  }

  TcpAddress address_;
  std::string path_;
  Seconds timeout_{};
};

}  // namespace

APPSERVER_PLUGIN(app) {
  app.name("upstream");
  app.get("/upstream", Upstream(app));
}
