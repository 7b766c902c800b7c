// One call of a plugin's handler: the request and the answer as the plugin sees them, its
// `appserver_exchange`. Lives on the stack of the request's fiber.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "appserver/abi.h"
#include "http/exchange.hpp"
#include "observe/request_board.hpp"
#include "plugin/percent.hpp"
#include "plugin/router.hpp"
#include "runtime/offload.hpp"
#include "runtime/task.hpp"
#include "runtime/thread_state.hpp"

namespace plugin {

class Call final : public runtime::Task {
 public:
  // `values` are the route's parameters; where they were decoded, they lie in `store`.
  Call(http::Exchange& exchange, const Route& route, std::vector<std::string_view> values, TextStore store,
       observe::RequestBoard& board, std::uint32_t number);
  ~Call();

  // The call whose handler runs now, or null. It is the only kind of task that fibers of a worker have.
  static Call* current() { return static_cast<Call*>(Task::current()); }

  // Runs the handler, and answers for it where it fails. [worker, may suspend]
  void run();

  http::Exchange& exchange() { return exchange_; }
  const http::Exchange& exchange() const { return exchange_; }
  TextStore& store() { return store_; }

  // The value of a parameter of the route, or null.
  const std::string_view* parameter(std::string_view name) const;

  // The whole body, read at the first call. [worker, may suspend]
  std::error_code whole_body(std::string_view& body);

  // The threads that wait for the disk on its behalf.
  runtime::ThreadPool& disk() const;

  void fail(std::string_view reason) { failure_ = reason; }

  // `pid-number`: no other request of this server has it.
  const std::string& id();

  // `GET /slow [123-7]`, for the log.
  std::string description();

  appserver_exchange* handle() { return reinterpret_cast<appserver_exchange*>(this); }
  static Call& of(appserver_exchange* handle) { return *reinterpret_cast<Call*>(handle); }
  static const Call& of(const appserver_exchange* handle) { return *reinterpret_cast<const Call*>(handle); }

 private:
  void resumed() noexcept override { board_.running(entry_); }
  void suspended() noexcept override { board_.running(observe::RequestBoard::kUnnamed); }

  bool run_handler();
  std::int32_t call_handler();

  http::Exchange& exchange_;
  const Route& route_;
  const std::vector<std::string_view> values_;
  observe::RequestBoard& board_;
  const std::uint32_t number_;
  const int entry_;

  TextStore store_;
  std::optional<std::string> body_;
  runtime::ThreadState thread_state_;
  std::string id_;
  std::string failure_;
};

}  // namespace plugin
