// Moving data through sockets: recv(2), send(2) and their kin.
#include "hooks/gate.hpp"
#include "hooks/readiness.hpp"
#include "hooks/real.hpp"

using namespace hooks;

extern "C" {

ssize_t recv(int socket, void* data, size_t size, int flags) {
  ThreadState* const state = waiter();
  if (!state || flags & MSG_DONTWAIT) return real::recv(socket, data, size, flags);
  return until_done(*state, socket, Direction::reading,
                    [=] { return real::recv(socket, data, size, flags | MSG_DONTWAIT); });
}

ssize_t send(int socket, const void* data, size_t size, int flags) {
  ThreadState* const state = waiter();
  if (!state || flags & MSG_DONTWAIT) return real::send(socket, data, size, flags);
  return until_done(*state, socket, Direction::writing,
                    [=] { return real::send(socket, data, size, flags | MSG_DONTWAIT); });
}

}  // extern "C"
