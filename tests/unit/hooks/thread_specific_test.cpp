#include <pthread.h>
#include <threads.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "request_fibers.hpp"

namespace {

void* pointer(std::intptr_t value) { return reinterpret_cast<void*>(value); }

class Key {
 public:
  explicit Key(void (*destructor)(void*) = nullptr) { ::pthread_key_create(&key_, destructor); }
  ~Key() { ::pthread_key_delete(key_); }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;

  operator pthread_key_t() const { return key_; }

 private:
  pthread_key_t key_ = 0;
};

std::vector<std::intptr_t> destroyed;
pthread_key_t of_destructor;
int rounds;

}  // namespace

TEST_CASE("each request has a value of its own under a key, over a wait") {
  const Key key;
  int not_null = 0;
  int right = 0;
  on_request_fibers(100, [&](int i) {
    if (::pthread_getspecific(key)) ++not_null;
    ::pthread_setspecific(key, pointer(i + 1));
    ::usleep(1'000);
    if (::pthread_getspecific(key) == pointer(i + 1)) ++right;
  });
  CHECK(not_null == 0);
  CHECK(right == 100);
}

TEST_CASE("real threads have their own values, one started by a request as well") {
  const Key key;
  ::pthread_setspecific(key, pointer(7));
  void* in_thread = pointer(1);
  void* in_fiber = nullptr;
  on_request_fibers(1, [&](int) {
    ::pthread_setspecific(key, pointer(8));
    std::thread([&] { in_thread = ::pthread_getspecific(key); }).join();
    in_fiber = ::pthread_getspecific(key);
  });
  CHECK(in_thread == nullptr);
  CHECK(in_fiber == pointer(8));
  CHECK(::pthread_getspecific(key) == pointer(7));
}

TEST_CASE("a key that was deleted and made again has no old value") {
  void* value = pointer(1);
  bool same_number = false;
  int deleted = 0;
  on_request_fibers(1, [&](int) {
    pthread_key_t first = 0;
    pthread_key_t second = 0;
    ::pthread_key_create(&first, nullptr);
    ::pthread_setspecific(first, pointer(5));
    ::pthread_key_delete(first);
    deleted = ::pthread_setspecific(first, pointer(6));
    ::pthread_key_create(&second, nullptr);
    same_number = first == second;
    value = ::pthread_getspecific(second);
    ::pthread_key_delete(second);
  });
  CHECK(same_number);
  CHECK(value == nullptr);
  CHECK(deleted == EINVAL);
  CHECK(::pthread_setspecific(PTHREAD_KEYS_MAX, nullptr) == EINVAL);
}

TEST_CASE("a key's destructor runs at the request's end, as the request, and may wait") {
  destroyed.clear();
  static pthread_t destroyer;
  const Key key([](void* value) {
    ::usleep(1'000);
    destroyer = ::pthread_self();
    destroyed.push_back(reinterpret_cast<std::intptr_t>(value));
  });
  pthread_t request = 0;
  const auto time = on_request_fibers(50, [&](int i) {
    request = ::pthread_self();
    ::pthread_setspecific(key, i % 2 == 0 ? pointer(i + 1) : nullptr);
  });
  CHECK(destroyed.size() == 25);
  CHECK(destroyer % 2 == 1);
  CHECK(time < std::chrono::milliseconds(500));
}

TEST_CASE("destructors that leave values are called again, but not for ever") {
  rounds = 0;
  const Key key([](void* value) {
    ++rounds;
    ::pthread_setspecific(of_destructor, value);
  });
  of_destructor = key;
  on_request_fibers(1, [&](int) { ::pthread_setspecific(key, pointer(1)); });
  CHECK(rounds == PTHREAD_DESTRUCTOR_ITERATIONS);
}

TEST_CASE("C11's thread-specific storage is the request's too") {
  static int dropped;
  dropped = 0;
  tss_t key;
  REQUIRE(::tss_create(&key, [](void*) { ++dropped; }) == thrd_success);
  int right = 0;
  on_request_fibers(10, [&](int i) {
    if (::tss_set(key, pointer(i + 1)) != thrd_success) return;
    ::usleep(1'000);
    if (::tss_get(key) == pointer(i + 1)) ++right;
  });
  ::tss_delete(key);
  CHECK(right == 10);
  CHECK(dropped == 10);
}
