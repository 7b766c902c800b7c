#include "plugin/call.hpp"

#include <unistd.h>

#include <exception>
#include <utility>

#include "base/duration_text.hpp"
#include "base/log.hpp"
#include "plugin/plugin.hpp"

namespace plugin {

Call::Call(http::Exchange& exchange, const Route& route, std::vector<std::string_view> values,
           TextStore store, observe::RequestBoard& board, Overtime& overtime, std::uint32_t number)
    : exchange_(exchange),
      route_(route),
      values_(std::move(values)),
      board_(board),
      overtime_(overtime),
      number_(number),
      entry_(board.begin(route.plugin->name(), exchange.head.method, exchange.head.path, number)),
      store_(std::move(store)),
      thread_state_(route.plugin->surroundings().reactor, route.plugin->surroundings().pools,
                    route.plugin->thread_locals()) {}

Call::~Call() {
  exchange_.client_observer = nullptr;
  board_.end(entry_);
}

void Call::run() {
  bool done;
  overtime_.begin(*this, route_.timeout);
  exchange_.client_observer = this;
  {
    const Running running(*this);
    done = run_handler();
  }
  exchange_.client_observer = nullptr;
  Overtime::end(*this);  // what is left of the answer has its own limits
  if (untold_) base::log(untold_->level, untold_->text, ", and has ended");
  http::ResponseWriter& response = exchange_.response;
  if (answered_) return;
  if (done && response.lacks() == 0) return;
  if (done)
    failure_ = "its answer lacks " + std::to_string(response.lacks()) + " bytes of the length announced";
  if (cause() == Cause::timed_out) return response.cut();  // as has been said
  if (response.client_gone() || exchange_.body.client_gone() || cause() == Cause::client_gone) {
    base::log_debug(route_.plugin->name(), ": ", description(), " ended without its client: ", failure_);
    if (response.begun() || !exchange_.body.ended_early()) return response.cut();
    response.restart();
    return http::answer_with_text(exchange_, 400, "The request's body has ended before its end.");
  }
  const bool cut = response.begun();
  base::log_error(route_.plugin->name(), ": ", description(), " failed: ", failure_,
                  cut ? "; its answer had begun, and is cut" : "");
  if (cut) return response.cut();
  response.restart();
  http::answer_with_text(exchange_, 500, "Internal Server Error");
}

bool Call::run_handler() {
  const runtime::PluginCode code(thread_state_);
  const std::int32_t result = call_handler();
  if (runtime::ThreadState::in_forked_child()) {
    runtime::ThreadState::end_forked_child("has returned from the handler of " + description());
  }
  thread_state_.end();
  return result >= 0;
}

std::int32_t Call::call_handler() {
  try {
    const std::int32_t result = route_.handler(handle(), route_.context);
    if (result < 0 && failure_.empty()) failure_ = "its handler returned " + std::to_string(result);
    return result;
  } catch (const std::exception& error) {  // from a handler that does not keep to the contract
    failure_ = error.what();
  } catch (...) {
    failure_ = "its handler threw something that is no std::exception";
  }
  return -1;
}

void Call::cancel(Cause cause, runtime::Duration limit) noexcept {
  if (this->cause() != Cause::none) return;
  cause_.store(cause, std::memory_order_relaxed);
  overtime_.await_end(*this);
  try {
    const bool timed_out = cause == Cause::timed_out;
    if (timed_out && !exchange_.response.begun()) {
      answered_ = true;
      exchange_.response.send_at_once(503, "The request has taken too long.\n");
    }
    tell_where(timed_out ? base::LogLevel::warning : base::LogLevel::debug,
               timed_out ? "is cancelled after " + base::duration_text(limit)
                         : "is cancelled, as its client has gone");
  } catch (const std::bad_alloc&) {  // then nobody hears of it, but it ends
    exchange_.response.cut();
    cancellation().request();
  }
}

void Call::on_client_gone() noexcept {
  if (!route_.outlives_client) cancel(Cause::client_gone);
}

void Call::tell_where(base::LogLevel level, const std::string& what) {
  if (base::logs(level)) untold_ = Untold{level, who() + " " + what};
  cancellation().request();
}

// On its fiber, in a wait.
void Call::interrupted() noexcept {
  if (!untold_) return;
  const runtime::HostCode host;
  observe::StackTrace stack;
  stack.capture();
  try {
    route_.plugin->surroundings().log_with_stack(untold_->level, untold_->text + "; it waits here:", stack);
  } catch (const std::bad_alloc&) {  // then nobody hears of it
  }
  untold_.reset();
}

const std::string_view* Call::parameter(std::string_view name) const {
  std::size_t i = 0;
  for (const auto& segment : route_.pattern.segments) {
    if (segment.kind == RoutePattern::Kind::literal) continue;
    if (segment.text == name) return &values_[i];
    ++i;
  }
  return nullptr;
}

runtime::ThreadPool& Call::disk() const { return route_.plugin->surroundings().pools.disk; }

std::error_code Call::whole_body(std::string_view& body) {
  if (!body_) {
    std::string whole;
    if (const auto error = exchange_.body.read_all(whole)) return error;
    body_ = std::move(whole);
  }
  body = *body_;
  return {};
}

const std::string& Call::id() {
  if (id_.empty()) id_ = make_id();
  return id_;
}

std::string Call::make_id() const { return std::to_string(::getpid()) + "-" + std::to_string(number_); }

std::string Call::who() const {
  std::string text = route_.plugin->name() + ": " + description();
  if (const std::string pattern = route_.pattern.text(); pattern != exchange_.head.path) {
    text += " of route " + route_.method + " " + pattern;
  }
  return text;
}

std::string Call::description() const {
  const http::RequestHead& head = exchange_.head;
  return std::string(head.method) + " " + std::string(head.path) + " [" + make_id() + "]";
}

}  // namespace plugin
