#include "runtime/timeout_list.hpp"

#include <string>

#include "catch.hpp"
#include "runtime/parking.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

namespace {

struct Item : runtime::TimeoutHook {
  explicit Item(char item_name) : name(item_name) {}
  char name;
};

struct Note {
  std::string* names;
  void operator()(Item& item) const { *names += item.name; }
};

}  // namespace

TEST_CASE("items expire in the order in which they were started last") {
  on_worker_thread([](WorkerThread& worker) {
    std::string expired;
    runtime::TimeoutList<Item, Note> list(worker.reactor, 10ms, Note{&expired});
    Item a('a'), b('b'), c('c');
    list.start(a);
    list.start(b);
    list.start(c);
    list.start(a);
    runtime::sleep_until(runtime::Clock::now() + 40ms);
    CHECK(expired == "bca");
  });
}

TEST_CASE("an item that was stopped, or has ended, does not expire") {
  on_worker_thread([](WorkerThread& worker) {
    std::string expired;
    runtime::TimeoutList<Item, Note> list(worker.reactor, 5ms, Note{&expired});
    Item a('a'), c('c');
    {
      Item b('b');
      list.start(a);
      list.start(b);
      list.start(c);
    }
    list.stop(a);
    runtime::sleep_until(runtime::Clock::now() + 30ms);
    CHECK(expired == "c");
  });
}

TEST_CASE("a list without a limit never expires") {
  on_worker_thread([](WorkerThread& worker) {
    std::string expired;
    runtime::TimeoutList<Item, Note> list(worker.reactor, runtime::Duration::zero(), Note{&expired});
    Item a('a');
    list.start(a);
    runtime::sleep_until(runtime::Clock::now() + 10ms);
    CHECK(expired.empty());
  });
}

TEST_CASE("a new limit counts for all items from now") {
  on_worker_thread([](WorkerThread& worker) {
    std::string expired;
    runtime::TimeoutList<Item, Note> list(worker.reactor, 1h, Note{&expired});
    Item a('a'), b('b'), c('c');
    list.start(a);
    list.start(b);
    list.restart(5ms);
    list.start(c);
    runtime::sleep_until(runtime::Clock::now() + 30ms);
    CHECK(expired == "abc");
  });
}
