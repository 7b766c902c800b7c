#include "runtime/watch.hpp"

#include <sys/epoll.h>

#include "runtime/reactor.hpp"

namespace runtime {

Watch::Watch(Reactor& reactor, int fd, ReadinessObserver* observer, Trigger trigger)
    : reactor_(reactor), observer_(observer), fd_(fd) {
  reactor.add(*this, fd,
              trigger == Trigger::level ? std::uint32_t{EPOLLIN} : EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

Watch::~Watch() { reactor_.remove(*this, fd_); }

void Watch::handle(std::uint32_t events) {
  const bool was_well = !hung_up_ && !broken_;
  if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) hung_up_ = true;
  if (events & (EPOLLHUP | EPOLLERR)) broken_ = true;
  if (broken_ || (events & EPOLLOUT)) writer_.unpark();
  if (!hung_up_ && !(events & EPOLLIN)) return;
  readable_ = true;
  const bool reader_waited = reader_.occupied();
  reader_.unpark();
  // That the peer has gone is for the observer too: the reader may have had all it wanted to read.
  const bool is_news = was_well && hung_up_;
  if (observer_ && (!reader_waited || is_news)) observer_->on_readable();  // may end this: nothing after it
}

}  // namespace runtime
