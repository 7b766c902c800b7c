#include "plugin/overtime.hpp"

#include <utility>

#include "base/duration_text.hpp"
#include "base/log.hpp"
#include "plugin/call.hpp"

namespace plugin {
namespace {

// Enough for what has to be cleaned up.
constexpr runtime::Duration kSoon = std::chrono::seconds(1);

}  // namespace

Overtime::Overtime(runtime::Reactor& reactor, runtime::Duration request_timeout,
                   runtime::Duration graceful_timeout, Replace replace)
    : reactor_(reactor),
      request_timeout_(request_timeout),
      replace_(std::move(replace)),
      cancelled_(reactor, kSoon, Expired{*this, &Overtime::note_stubborn, kSoon}),
      stubborn_(reactor, graceful_timeout, Expired{*this, &Overtime::give_up, graceful_timeout}) {}

void Overtime::begin(Call& call, const std::optional<runtime::Duration>& own) {
  const runtime::Duration limit = own.value_or(request_timeout_);
  if (limit == runtime::Duration::zero()) return;
  running_.try_emplace(limit, reactor_, limit, Expired{*this, &Overtime::cancel, limit})
      .first->second.start(call);
}

void Overtime::end(Call& call) { Calls::stop(call); }

void Overtime::await_end(Call& call) { cancelled_.start(call); }

void Overtime::cancel(Call& call, runtime::Duration limit) { call.cancel(Call::Cause::timed_out, limit); }

void Overtime::note_stubborn(Call& call, runtime::Duration limit) {
  call.tell_where(base::LogLevel::warning,
                  "goes on " + base::duration_text(limit) + " after it was cancelled; if it does so for " +
                      base::duration_text(stubborn_.limit()) + " more, its worker is replaced");
  stubborn_.start(call);
}

void Overtime::give_up(Call& call, runtime::Duration limit) {
  replace_(call.who() + " has gone on for " + base::duration_text(limit + kSoon) + " after it was cancelled");
}

}  // namespace plugin
