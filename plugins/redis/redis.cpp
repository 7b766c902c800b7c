// Asks Redis by hiredis, whose every call waits for the answer:
//
//   GET /redis/get/{key}                the value, or 404
//   PUT /redis/set/{key}                sets it to the body
//   POST /redis/incr/{key}              counts up: the new value
//   POST /redis/push/{list}             appends the body: how long the list is now
//   POST /redis/pop/{list}?time=SECONDS takes the first, and waits so long for one; 404 if none came
//
//   [redis]
//   address = 127.0.0.1:6379            or unix:PATH
//   timeout = 10s                       to connect, and the longest wait for an answer
#include <hiredis/hiredis.h>
#include <sys/time.h>

#include <appserver/plugin.hpp>
#include <chrono>
#include <initializer_list>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

using namespace appserver;
using namespace std::chrono_literals;

namespace {

timeval to_timeval(Seconds time) {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  return {static_cast<time_t>(microseconds / 1000000), static_cast<suseconds_t>(microseconds % 1000000)};
}

struct Free {
  void operator()(redisContext* context) const { redisFree(context); }
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Context = std::unique_ptr<redisContext, Free>;
using Reply = std::unique_ptr<redisReply, Free>;

class Redis {
 public:
  explicit Redis(const App& app) {
    const auto address = app.setting("address");
    address_ = address.as<std::string>().value_or("127.0.0.1:6379");
    if (address_.rfind("unix:", 0) == 0) {
      path_ = address_.substr(5);
    } else if (const auto tcp = TcpAddress::parse(address_)) {
      tcp_ = *tcp;
    } else {
      address.refuse("is not an address such as 127.0.0.1:6379 or unix:/run/redis.sock");
    }
    timeout_ = app.setting("timeout").as<Seconds>(1ms, 1h).value_or(10s);
  }

  // The answer to one command, over a connection of its own. Redis may take `busy` longer than others do.
  Reply ask(std::initializer_list<std::string_view> words, Seconds busy = {}) const {
    const Context context = connect();
    redisSetTimeout(context.get(), to_timeval(timeout_ + busy));

    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const auto word : words) {
      texts.push_back(word.data());
      sizes.push_back(word.size());
    }
    Reply reply(static_cast<redisReply*>(
        redisCommandArgv(context.get(), static_cast<int>(words.size()), texts.data(), sizes.data())));
    if (!reply) fail(502, context->errstr);
    if (reply->type == REDIS_REPLY_ERROR) fail(500, reply->str);
    return reply;
  }

 private:
  Context connect() const {
    const auto timeout = to_timeval(timeout_);
    Context context(path_.empty() ? redisConnectWithTimeout(tcp_.host.c_str(), tcp_.port, timeout)
                                  : redisConnectUnixWithTimeout(path_.c_str(), timeout));
    if (!context) throw std::bad_alloc();
    if (context->err != 0) fail(502, context->errstr);
    return context;
  }

  // In the library's or the server's words, to the log and to the client.
  [[noreturn]] void fail(int status, const std::string& why) const {
    const auto line = "Redis at " + address_ + ": " + why;
    log_error("{}", line);
    throw HttpError(status, line);
  }

  std::string address_;
  std::string path_;  // of a unix socket, or empty
  TcpAddress tcp_;
  Seconds timeout_{};
};

std::string string_of(const redisReply& reply) { return {reply.str, reply.len}; }

}  // namespace

APPSERVER_PLUGIN(app) {
  app.name("redis");
  const Redis redis(app);

  app.get("/redis/get/{key}", [redis](Request& request) {
    const auto key = request.parameter("key").required<std::string>();
    const auto reply = redis.ask({"GET", key});
    if (reply->type == REDIS_REPLY_NIL) throw NotFound("There is no " + key + ".");
    return text(string_of(*reply));
  });
  app.put("/redis/set/{key}", [redis](Request& request) {
    redis.ask({"SET", request.parameter("key").required<std::string>(), request.body().all()});
    return text("Set.");
  });
  app.post("/redis/incr/{key}", [redis](Request& request) {
    const auto reply = redis.ask({"INCR", request.parameter("key").required<std::string>()});
    return text("{}", reply->integer);
  });
  app.post("/redis/push/{list}", [redis](Request& request) {
    const auto list = request.parameter("list").required<std::string>();
    return text("{}", redis.ask({"RPUSH", list, request.body().all()})->integer);
  });
  app.post("/redis/pop/{list}", [redis](Request& request) {
    const auto list = request.parameter("list").required<std::string>();
    // To BLPOP, 0 would be for ever.
    const auto seconds = request.query("time").as<double>(0.001, 3600).value_or(5);
    const auto reply = redis.ask({"BLPOP", list, std::to_string(seconds)}, Seconds(seconds));
    if (reply->type == REDIS_REPLY_NIL) throw NotFound("Nothing came to " + list + ".");
    return text(string_of(*reply->element[1]));
  });
}
