// Asking for names, where an answer may be as far as a server's: hosts, services, users and groups, and what
// the DNS has. A thread of those kept for it asks; glibc's own waits inside of that can't be reached.
#include <arpa/inet.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <resolv.h>

#include <array>
#include <cerrno>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "hooks/deadline.hpp"
#include "hooks/gate.hpp"
#include "hooks/offload.hpp"
#include "hooks/real.hpp"
#include "runtime/name_lookup.hpp"

namespace {

using namespace hooks;

// What is a number needs nobody to ask.
bool is_number(const char* host) {
  std::array<unsigned char, sizeof(in6_addr)> address;
  return ::inet_pton(AF_INET, host, address.data()) == 1 || ::inet_pton(AF_INET6, host, address.data()) == 1;
}

// Makes `call` of the real function with `arguments`: on a names thread if a request's plugin is what calls.
template <typename Result, typename... Parameters, typename... Arguments>
Result ask(Result failed, Result (*call)(Parameters...), Arguments... arguments) {
  ThreadState* const state = waiter();
  if (!state) return call(arguments...);
  return on_names_thread(*state, failed, [&] { return call(arguments...); });
}

// The one question whose answer is not the caller's to keep room for: so a request that is cancelled leaves
// it, and what comes of it, to itself.
struct Question {
  struct Answer {
    int result;
    int error;
    runtime::Addresses addresses;
  };

  Answer operator()() const {
    addrinfo* found = nullptr;
    const int result = real::getaddrinfo(host.c_str(), service ? service->c_str() : nullptr,
                                         hints ? &*hints : nullptr, &found);
    return {result, errno, runtime::Addresses(result == 0 ? found : nullptr)};
  }

  std::string host;
  std::optional<std::string> service;
  std::optional<addrinfo> hints;
};

int ask_for_addresses(ThreadState& state, const char* host, const char* service, const addrinfo* hints,
                      addrinfo*& result) {
  state.waits();
  const runtime::HostCode gate_closed;
  try {
    Question question{host, service ? std::optional<std::string>(service) : std::nullopt,
                      hints ? std::optional(*hints) : std::nullopt};
    auto answer = state.pools().names.run_until(kNever, std::move(question));
    if (!answer) {
      errno = ECANCELED;
      return EAI_SYSTEM;
    }
    if (answer->result == 0) result = answer->addresses.release();
    if (answer->result == EAI_SYSTEM) errno = answer->error;
    return answer->result;
  } catch (const runtime::NoThread&) {
    errno = EAGAIN;
    return EAI_SYSTEM;
  } catch (const std::bad_alloc&) {
    return EAI_MEMORY;
  }
}

}  // namespace

extern "C" {

int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** result) {
  ThreadState* const state = waiter();
  if (!state) return real::getaddrinfo(host, service, hints, result);
  if (!host || is_number(host)) {
    const runtime::HostCode gate_closed;
    return real::getaddrinfo(host, service, hints, result);
  }
  return ask_for_addresses(*state, host, service, hints, *result);
}

int getnameinfo(const sockaddr* address, socklen_t size, char* host, socklen_t host_size, char* service,
                socklen_t service_size, int flags) {
  return ask(EAI_SYSTEM, real::getnameinfo, address, size, host, host_size, service, service_size, flags);
}

int gethostbyname_r(const char* name, hostent* entry, char* buffer, size_t size, hostent** result,
                    int* error) {
  return ask(EAGAIN, real::gethostbyname_r, name, entry, buffer, size, result, error);
}

int gethostbyname2_r(const char* name, int family, hostent* entry, char* buffer, size_t size,
                     hostent** result, int* error) {
  return ask(EAGAIN, real::gethostbyname2_r, name, family, entry, buffer, size, result, error);
}

int gethostbyaddr_r(const void* address, socklen_t length, int family, hostent* entry, char* buffer,
                    size_t size, hostent** result, int* error) {
  return ask(EAGAIN, real::gethostbyaddr_r, address, length, family, entry, buffer, size, result, error);
}

int getservbyname_r(const char* name, const char* protocol, servent* entry, char* buffer, size_t size,
                    servent** result) {
  return ask(EAGAIN, real::getservbyname_r, name, protocol, entry, buffer, size, result);
}

int getservbyport_r(int port, const char* protocol, servent* entry, char* buffer, size_t size,
                    servent** result) {
  return ask(EAGAIN, real::getservbyport_r, port, protocol, entry, buffer, size, result);
}

int getpwnam_r(const char* name, passwd* entry, char* buffer, size_t size, passwd** result) {
  return ask(EAGAIN, real::getpwnam_r, name, entry, buffer, size, result);
}

int getpwuid_r(uid_t user, passwd* entry, char* buffer, size_t size, passwd** result) {
  return ask(EAGAIN, real::getpwuid_r, user, entry, buffer, size, result);
}

int getgrnam_r(const char* name, group* entry, char* buffer, size_t size, group** result) {
  return ask(EAGAIN, real::getgrnam_r, name, entry, buffer, size, result);
}

int getgrgid_r(gid_t id, group* entry, char* buffer, size_t size, group** result) {
  return ask(EAGAIN, real::getgrgid_r, id, entry, buffer, size, result);
}

int getgrouplist(const char* user, gid_t first, gid_t* groups, int* count) {
  return ask(-1, real::getgrouplist, user, first, groups, count);
}

// With the settings of the thread that asks, which are those of /etc/resolv.conf, in place of the caller's
// _res.
int res_query(const char* name, int of_class, int type, unsigned char* answer, int size) noexcept {
  return ask(-1, real::res_query, name, of_class, type, answer, size);
}

int res_search(const char* name, int of_class, int type, unsigned char* answer, int size) noexcept {
  return ask(-1, real::res_search, name, of_class, type, answer, size);
}

int res_querydomain(const char* name, const char* domain, int of_class, int type, unsigned char* answer,
                    int size) noexcept {
  return ask(-1, real::res_querydomain, name, domain, of_class, type, answer, size);
}

int res_send(const unsigned char* query, int length, unsigned char* answer, int size) noexcept {
  return ask(-1, real::res_send, query, length, answer, size);
}

int res_nquery(res_state state, const char* name, int of_class, int type, unsigned char* answer,
               int size) noexcept {
  return ask(-1, real::res_nquery, state, name, of_class, type, answer, size);
}

int res_nsearch(res_state state, const char* name, int of_class, int type, unsigned char* answer,
                int size) noexcept {
  return ask(-1, real::res_nsearch, state, name, of_class, type, answer, size);
}

int res_nquerydomain(res_state state, const char* name, const char* domain, int of_class, int type,
                     unsigned char* answer, int size) noexcept {
  return ask(-1, real::res_nquerydomain, state, name, domain, of_class, type, answer, size);
}

int res_nsend(res_state state, const unsigned char* query, int length, unsigned char* answer,
              int size) noexcept {
  return ask(-1, real::res_nsend, state, query, length, answer, size);
}

}  // extern "C"
