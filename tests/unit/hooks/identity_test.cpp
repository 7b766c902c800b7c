#include <pthread.h>
#include <threads.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <set>
#include <string>
#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"

TEST_CASE("each request's fiber is a thread of its own, and stays it over a wait") {
  std::set<pthread_t> seen;
  int changed = 0;
  int unequal = 0;
  on_request_fibers(100, [&](int) {
    const pthread_t self = ::pthread_self();
    seen.insert(self);
    ::usleep(1'000);
    if (!pthread_equal(self, ::pthread_self())) ++changed;
    if (!::thrd_equal(self, ::thrd_current())) ++unequal;
  });
  CHECK(seen.size() == 100);
  CHECK(changed == 0);
  CHECK(unequal == 0);
}

TEST_CASE("a real thread that a request starts has an identity that is no request's") {
  pthread_t fiber = 0;
  pthread_t thread = 0;
  on_request_fibers(1, [&](int) {
    fiber = ::pthread_self();
    std::thread([&] { thread = ::pthread_self(); }).join();
  });
  CHECK(fiber % 2 == 1);
  CHECK(thread % 2 == 0);
}

TEST_CASE("what is asked of a request's thread is answered for the worker's") {
  std::array<int, 9> results{};
  clockid_t clock = 0;
  timespec used{};
  on_request_fibers(1, [&](int) {
    const pthread_t self = ::pthread_self();
    int policy = 0;
    sched_param parameters{};
    cpu_set_t cpus;
    results = {::pthread_kill(self, 0),
               ::pthread_getcpuclockid(self, &clock),
               ::clock_gettime(clock, &used),
               ::pthread_getschedparam(self, &policy, &parameters),
               ::pthread_setschedparam(self, policy, &parameters),
               ::pthread_setschedprio(self, parameters.sched_priority),
               ::pthread_getaffinity_np(self, sizeof cpus, &cpus),
               ::pthread_setaffinity_np(self, sizeof cpus, &cpus),
               ::pthread_kill(self, -1)};
  });
  CHECK(results == std::array{0, 0, 0, 0, 0, 0, 0, 0, EINVAL});
  CHECK(used.tv_sec + used.tv_nsec > 0);
}

TEST_CASE("a request's thread can neither be joined, detached nor cancelled") {
  std::array<int, 7> results{};
  pthread_t other = 0;
  on_request_fibers({[&] {
                       other = ::pthread_self();
                       ::usleep(20'000);
                     },
                     [&] {
                       const pthread_t self = ::pthread_self();
                       results = {::pthread_join(self, nullptr),
                                  ::pthread_join(other, nullptr),
                                  ::pthread_tryjoin_np(other, nullptr),
                                  ::pthread_detach(self),
                                  ::pthread_cancel(self),
                                  ::thrd_detach(self),
                                  ::thrd_join(other, nullptr)};
                     }});
  CHECK(results == std::array<int, 7>{EDEADLK, EINVAL, EINVAL, EINVAL, ENOTSUP, thrd_error, thrd_error});
}

TEST_CASE("the stack that a request is told of is its fiber's") {
  int held = 0;
  std::set<void*> bottoms;
  on_request_fibers(20, [&](int) {
    pthread_attr_t attributes;
    void* bottom = nullptr;
    std::size_t size = 0;
    if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) return;
    ::pthread_attr_getstack(&attributes, &bottom, &size);
    ::pthread_attr_destroy(&attributes);
    bottoms.insert(bottom);
    const char* const here = static_cast<char*>(__builtin_frame_address(0));
    const char* const end = static_cast<char*>(bottom) + size;
    if (here > bottom && here < end && size < runtime::StackPool::kDefaultSize) ++held;
    ::usleep(1'000);  // so that none has a stack that another has left
  });
  CHECK(held == 20);
  CHECK(bottoms.size() == 20);
}

TEST_CASE("a request's thread has a name of its own, and the worker keeps its") {
  std::array<std::string, 3> names;
  int too_long = 0;
  int too_small = 0;
  std::string of_worker;
  on_worker_thread([&](WorkerThread&) {
    std::array<char, 16> name{};
    ::pthread_getname_np(::pthread_self(), name.data(), name.size());
    of_worker = name.data();
  });
  on_request_fibers(2, [&](int i) {
    std::array<char, 16> name{};
    const auto read = [&] {
      ::pthread_getname_np(::pthread_self(), name.data(), name.size());
      return std::string(name.data());
    };
    if (i == 0) {
      names[0] = read();
      ::pthread_setname_np(::pthread_self(), "request");
      ::usleep(1'000);
      names[1] = read();
      too_long = ::pthread_setname_np(::pthread_self(), "sixteen letters!");
      too_small = ::pthread_getname_np(::pthread_self(), name.data(), 8);
    } else {
      names[2] = read();
    }
  });
  CHECK(names == std::array<std::string, 3>{of_worker, "request", of_worker});
  CHECK(too_long == ERANGE);
  CHECK(too_small == ERANGE);
}
