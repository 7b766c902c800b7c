// Deadlines that all lie the same time ahead, as those of idle connections do: a list in order of expiry and
// one timer for the whole of it, so that starting and stopping one costs two pointers and no allocation.
#pragma once

#include <boost/intrusive/list.hpp>
#include <utility>

#include "runtime/clock.hpp"
#include "runtime/reactor.hpp"
#include "runtime/timer.hpp"

namespace runtime {

// What a list of timeouts is made of: an Item derives from it. Leaves its list when it ends.
struct TimeoutHook
    : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  TimePoint expiry = kNever;
};

// Calls `expired(item)`, in the reactor, for each item whose time is up; the item has then left the list.
template <typename Item, typename Expired>
class TimeoutList {
 public:
  // A `limit` of zero or less never expires.
  TimeoutList(Reactor& reactor, Duration limit, Expired expired)
      : reactor_(reactor),
        expired_(std::move(expired)),
        limit_(limit),
        timer_(reactor, [this] { expire(); }) {}

  void start(Item& item) {
    stop(item);
    if (limit_ <= Duration::zero()) return;
    hook(item).expiry = reactor_.now() + limit_;
    items_.push_back(hook(item));
    if (!timer_.runs()) timer_.expire_at(items_.front().expiry);
  }

  // Changes the limit, and starts every item's time anew.
  void restart(Duration limit) {
    limit_ = limit;
    for (TimeoutHook& item : items_) item.expiry = reactor_.now() + limit_;
    if (!items_.empty()) timer_.expire_at(items_.front().expiry);
  }

  Duration limit() const { return limit_; }

  bool empty() const { return items_.empty(); }

  // Takes out the one that has waited longest; null where there is none.
  Item* take_first() {
    if (items_.empty()) return nullptr;
    TimeoutHook& first = items_.front();
    items_.pop_front();
    return &static_cast<Item&>(first);
  }

  static void stop(Item& item) {
    if (hook(item).is_linked()) hook(item).unlink();
  }

 private:
  static TimeoutHook& hook(Item& item) { return item; }

  // The timer is not set back when items leave: it finds nothing due, and looks at the first again.
  void expire() {
    const TimePoint now = Clock::now();
    while (!items_.empty() && items_.front().expiry <= now) {
      TimeoutHook& due = items_.front();
      items_.pop_front();
      expired_(static_cast<Item&>(due));
    }
    if (!items_.empty()) timer_.expire_at(items_.front().expiry);
  }

  Reactor& reactor_;
  Expired expired_;

  Duration limit_;
  Timer timer_;
  boost::intrusive::list<TimeoutHook, boost::intrusive::constant_time_size<false>> items_;
};

}  // namespace runtime
