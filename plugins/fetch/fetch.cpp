// GET /fetch?path=/PATH: asks another HTTP server by libcurl, whose one call waits for all of the answer, and
// hands that on. Its settings:
//
//   [fetch]
//   url = http://127.0.0.1:9000    where the paths begin; there is no default
//   timeout = 10s                  for the whole of an answer
#include <curl/curl.h>

#include <appserver/plugin.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <utility>

using namespace appserver;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kLongestAnswer = 8 << 20;

// For CURLOPT_WRITEFUNCTION: anything but `size` makes libcurl give up.
std::size_t append(const char* bytes, std::size_t, std::size_t size, void* answer) noexcept {
  auto& body = *static_cast<std::string*>(answer);
  if (body.size() + size > kLongestAnswer) return 0;
  body.append(bytes, size);
  return size;
}

class Fetch {
 public:
  explicit Fetch(const App& app) {
    const auto url = app.setting("url");
    url_ = url.required<std::string>();
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
    if (curl_url_set(parsed.get(), CURLUPART_URL, url_.c_str(), 0) != CURLUE_OK) {
      url.refuse("is not a URL such as http://127.0.0.1:9000");
    }
    if (url_.back() == '/') url_.pop_back();
    timeout_ = app.setting("timeout").as<Seconds>(1ms, 1h).value_or(10s);
  }

  Response operator()(Request& request) const {
    const auto path = request.query("path");
    const auto target = url_ + path.as<std::string>().value_or("/");
    if (target.size() > url_.size() && target[url_.size()] != '/') path.refuse("does not begin with /");

    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
    if (!curl) throw std::bad_alloc();
    std::string body;
    char why[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(curl.get(), CURLOPT_URL, target.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ / 1ms));
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
    if (const auto result = curl_easy_perform(curl.get()); result != CURLE_OK) fail(result, why);

    long status = 0;
    const char* type = nullptr;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl.get(), CURLINFO_CONTENT_TYPE, &type);
    if (status < 200 || status > 599)
      throw HttpError(502, "The other server answered a status that is none.");
    auto response = type ? bytes(type, std::move(body)) : Response({}, std::move(body));
    return std::move(response).status(static_cast<int>(status));
  }

 private:
  // In the library's words, to the log and to the client.
  [[noreturn]] void fail(CURLcode result, std::string why) const {
    if (why.empty()) why = curl_easy_strerror(result);
    if (result == CURLE_URL_MALFORMAT) throw BadRequest(why);
    log_error("{}: {}", url_, why);
    throw HttpError(result == CURLE_OPERATION_TIMEDOUT ? 504 : 502, why);
  }

  std::string url_;
  Seconds timeout_{};
};

}  // namespace

APPSERVER_PLUGIN(app) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  app.on_stop(curl_global_cleanup);
  app.name("fetch");
  app.get("/fetch", Fetch(app));
}
