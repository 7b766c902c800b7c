#include "runtime/timer.hpp"

#include "runtime/reactor.hpp"

namespace runtime {

void Timer::expire_at(TimePoint when) noexcept {
  if (is_linked()) unlink();
  when_ = when;
  reactor_.timers().running_.insert(*this);
}

void Timers::run_due(TimePoint now) noexcept {
  while (next() <= now) {
    Timer& due = *running_.begin();
    running_.erase(running_.begin());
    due.expired_();
  }
}

}  // namespace runtime
