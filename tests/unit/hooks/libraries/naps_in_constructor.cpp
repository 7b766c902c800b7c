// Waits while it is loaded.
#include <unistd.h>

namespace {

struct Nap {
  Nap() { ::usleep(20'000); }
} nap;

}  // namespace
