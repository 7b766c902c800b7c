#include "runtime/name_lookup.hpp"

#include <sys/socket.h>

#include <utility>

namespace runtime {
namespace {

Addresses ask(const std::string& host, const std::string& port, int flags) {
  addrinfo hints{};
  hints.ai_flags = flags | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return nullptr;
  return Addresses(found);
}

}  // namespace

Addresses look_up(ThreadPool& names, const std::string& host, std::uint16_t port, TimePoint deadline) {
  if (host.empty()) return nullptr;  // which getaddrinfo would take for this machine
  if (Addresses numeric = ask(host, std::to_string(port), AI_NUMERICHOST)) return numeric;
  auto found = names.run_until(deadline, [=] { return ask(host, std::to_string(port), 0); });
  return found ? std::move(*found) : nullptr;
}

}  // namespace runtime
