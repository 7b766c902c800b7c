// One call of a plugin's handler: the request and the answer as the plugin sees them, its
// `appserver_exchange`. Lives on the stack of the request's fiber.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "appserver/abi.h"
#include "base/log.hpp"
#include "http/exchange.hpp"
#include "observe/request_board.hpp"
#include "plugin/overtime.hpp"
#include "plugin/percent.hpp"
#include "plugin/router.hpp"
#include "runtime/offload.hpp"
#include "runtime/task.hpp"
#include "runtime/thread_state.hpp"

namespace plugin {

class Call final : public runtime::Task, public runtime::TimeoutHook, private http::ClientObserver {
 public:
  // Why a call is cancelled: APPSERVER_CANCELLED_...
  enum class Cause : std::int32_t {
    none = 0,
    timed_out = APPSERVER_CANCELLED_TIMED_OUT,
    client_gone = APPSERVER_CANCELLED_CLIENT_GONE,
  };

  // `values` are the route's parameters; where they were decoded, they lie in `store`.
  Call(http::Exchange& exchange, const Route& route, std::vector<std::string_view> values, TextStore store,
       observe::RequestBoard& board, Overtime& overtime, std::uint32_t number);
  ~Call();

  // The call whose handler runs now, or null. It is the only kind of task that fibers of a worker have.
  static Call* current() { return static_cast<Call*>(Task::current()); }

  // Runs the handler, and answers for it where it fails. [worker, may suspend]
  void run();

  http::Exchange& exchange() { return exchange_; }
  const http::Exchange& exchange() const { return exchange_; }
  TextStore& store() { return store_; }

  // Ends it before its time: all that it waits in, and will wait in, fails at once. One that has taken too
  // long is answered here and now, as nobody knows what its handler does next. `limit` is what it has reached
  // then. In the reactor.
  void cancel(Cause cause, runtime::Duration limit = {}) noexcept;

  // Why it has been cancelled, if it has. [any thread]
  Cause cause() const noexcept { return cause_.load(std::memory_order_relaxed); }

  // Logs `what` of a call that has been cancelled with the stack of its fiber, once that wakes to tell it. In
  // the reactor.
  void tell_where(base::LogLevel level, const std::string& what);

  // The value of a parameter of the route, or null.
  const std::string_view* parameter(std::string_view name) const;

  // The whole body, read at the first call. [worker, may suspend]
  std::error_code whole_body(std::string_view& body);

  // The threads that wait for the disk on its behalf.
  runtime::ThreadPool& disk() const;

  void fail(std::string_view reason) { failure_ = reason; }

  // `pid-number`: no other request of this server has it.
  const std::string& id();

  // For the log: `GET /slow [123-7]`; the same behind the plugin's name, and with the route where the path
  // does not tell it.
  std::string description() const;
  std::string who() const;

  appserver_exchange* handle() { return reinterpret_cast<appserver_exchange*>(this); }
  static Call& of(appserver_exchange* handle) { return *reinterpret_cast<Call*>(handle); }
  static const Call& of(const appserver_exchange* handle) { return *reinterpret_cast<const Call*>(handle); }

 private:
  void resumed() noexcept override { board_.running(entry_); }
  void suspended() noexcept override { board_.running(observe::RequestBoard::kUnnamed); }
  void interrupted() noexcept override;
  void on_client_gone() noexcept override;

  // Not kept: the reactor asks too, while an offloaded function may ask for id().
  std::string make_id() const;

  bool run_handler();
  std::int32_t call_handler();

  http::Exchange& exchange_;
  const Route& route_;
  const std::vector<std::string_view> values_;
  observe::RequestBoard& board_;
  Overtime& overtime_;
  const std::uint32_t number_;
  const int entry_;

  TextStore store_;
  std::optional<std::string> body_;
  runtime::ThreadState thread_state_;
  std::string id_;
  std::string failure_;
  std::atomic<Cause> cause_ = Cause::none;
  bool answered_ = false;  // when it was cancelled
  struct Untold {
    base::LogLevel level;
    std::string text;
  };
  std::optional<Untold> untold_;  // until its fiber can tell where it is
};

}  // namespace plugin
