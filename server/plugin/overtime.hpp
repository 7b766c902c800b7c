// How long calls may take: cancels those that run past their limit, names those that go on regardless, and
// where one can't be got rid of has the worker replaced. Part of the application.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "runtime/timeout_list.hpp"

namespace plugin {

class Call;

class Overtime {
 public:
  using Replace = std::function<void(const std::string& reason)>;

  // `request_timeout` is for routes without a limit of their own; zero: none. `replace` is called when a call
  // that has been cancelled has not ended `graceful_timeout` after the log has named it for that.
  Overtime(runtime::Reactor& reactor, runtime::Duration request_timeout, runtime::Duration graceful_timeout,
           Replace replace);

  // A call begins, of a route with the limit `own`, if it has one. Counted until the call ends.
  void begin(Call& call, const std::optional<runtime::Duration>& own);

  // Its handler has ended.
  static void end(Call& call);

  // A call has been cancelled, and should end soon.
  void await_end(Call& call);

 private:
  struct Expired {
    void operator()(Call& call) const { (overtime.*then)(call, limit); }
    Overtime& overtime;
    void (Overtime::*then)(Call&, runtime::Duration limit);
    runtime::Duration limit;
  };
  using Calls = runtime::TimeoutList<Call, Expired>;

  void cancel(Call& call, runtime::Duration limit);
  void note_stubborn(Call& call, runtime::Duration limit);
  void give_up(Call& call, runtime::Duration limit);

  runtime::Reactor& reactor_;
  const runtime::Duration request_timeout_;
  const Replace replace_;

  std::map<runtime::Duration, Calls> running_;  // by their limits: of those, routes have few
  Calls cancelled_;                             // and still running
  Calls stubborn_;                              // and named
};

}  // namespace plugin
