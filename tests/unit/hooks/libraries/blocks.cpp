// Blocks, throws, and keeps things by thread: what plugins and their libraries do.
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace {

int destroyed = 0;

struct Counter {
  Counter() = default;
  ~Counter() { ++destroyed; }
  alignas(64) int count = 40;
};

thread_local Counter counter;
thread_local int zero;

}  // namespace

extern "C" {

void nap() { ::usleep(1'000); }

int throws(const char* what) {
  try {
    throw std::runtime_error(what);
  } catch (const std::runtime_error& error) {
    return static_cast<int>(std::string(error.what()).size());
  }
}

// The thread's own, and each call's one more.
int count() { return ++counter.count + zero; }

bool is_aligned() { return reinterpret_cast<unsigned long>(&counter) % 64 == 0; }

int counters_destroyed() { return destroyed; }

}  // extern "C"
