// Asking for names by the calls whose answer lies in a place of the library's, one for all threads: here,
// each request has its own, until its next such call or its end. gethostbyname(3), getservbyname(3),
// getpwnam(3), getgrnam(3) and their kin.
#include <cerrno>
#include <vector>

#include "hooks/gate.hpp"
#include "hooks/offload.hpp"
#include "hooks/prototypes.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

template <typename Entry>
struct Answer {
  Entry entry;
  std::vector<char> strings;
};

struct Answers final : ThreadState::Kept {
  Answer<hostent> host;
  Answer<servent> service;
  Answer<passwd> user;
  Answer<group> of_group;
};

Answers& answers_of(ThreadState& state) {
  auto& kept = state.kept();
  if (!kept) kept = std::make_unique<Answers>();
  return static_cast<Answers&>(*kept);
}

// Asks by the variant that is given where to put its answer, with as much room as it turns out to need.
// `call(entry, strings, size, result)` gives an error.
template <typename Entry, typename Call>
Entry* ask(ThreadState& state, Answer<Entry> Answers::*place, Call call) {
  const runtime::HostCode host;
  return on_names_thread(state, static_cast<Entry*>(nullptr), [&]() -> Entry* {
    Answer<Entry>& answer = answers_of(state).*place;
    if (answer.strings.empty()) answer.strings.resize(1024);
    for (;;) {
      Entry* result = nullptr;
      const int error = call(&answer.entry, answer.strings.data(), answer.strings.size(), &result);
      if (error != ERANGE) {
        if (error != 0) errno = error;
        return result;
      }
      answer.strings.resize(2 * answer.strings.size());
    }
  });
}

}  // namespace

extern "C" {

hostent* gethostbyname(const char* name) {
  ThreadState* const state = waiter();
  if (!state) return real::gethostbyname(name);
  return ask(*state, &Answers::host, [=](hostent* entry, char* strings, size_t size, hostent** result) {
    return real::gethostbyname_r(name, entry, strings, size, result, &h_errno);
  });
}

hostent* gethostbyname2(const char* name, int family) {
  ThreadState* const state = waiter();
  if (!state) return real::gethostbyname2(name, family);
  return ask(*state, &Answers::host, [=](hostent* entry, char* strings, size_t size, hostent** result) {
    return real::gethostbyname2_r(name, family, entry, strings, size, result, &h_errno);
  });
}

hostent* gethostbyaddr(const void* address, socklen_t length, int family) {
  ThreadState* const state = waiter();
  if (!state) return real::gethostbyaddr(address, length, family);
  return ask(*state, &Answers::host, [=](hostent* entry, char* strings, size_t size, hostent** result) {
    return real::gethostbyaddr_r(address, length, family, entry, strings, size, result, &h_errno);
  });
}

servent* getservbyname(const char* name, const char* protocol) {
  ThreadState* const state = waiter();
  if (!state) return real::getservbyname(name, protocol);
  return ask(*state, &Answers::service, [=](servent* entry, char* strings, size_t size, servent** result) {
    return real::getservbyname_r(name, protocol, entry, strings, size, result);
  });
}

servent* getservbyport(int port, const char* protocol) {
  ThreadState* const state = waiter();
  if (!state) return real::getservbyport(port, protocol);
  return ask(*state, &Answers::service, [=](servent* entry, char* strings, size_t size, servent** result) {
    return real::getservbyport_r(port, protocol, entry, strings, size, result);
  });
}

passwd* getpwnam(const char* name) {
  ThreadState* const state = waiter();
  if (!state) return real::getpwnam(name);
  return ask(*state, &Answers::user, [=](passwd* entry, char* strings, size_t size, passwd** result) {
    return real::getpwnam_r(name, entry, strings, size, result);
  });
}

passwd* getpwuid(uid_t user) {
  ThreadState* const state = waiter();
  if (!state) return real::getpwuid(user);
  return ask(*state, &Answers::user, [=](passwd* entry, char* strings, size_t size, passwd** result) {
    return real::getpwuid_r(user, entry, strings, size, result);
  });
}

group* getgrnam(const char* name) {
  ThreadState* const state = waiter();
  if (!state) return real::getgrnam(name);
  return ask(*state, &Answers::of_group, [=](group* entry, char* strings, size_t size, group** result) {
    return real::getgrnam_r(name, entry, strings, size, result);
  });
}

group* getgrgid(gid_t id) {
  ThreadState* const state = waiter();
  if (!state) return real::getgrgid(id);
  return ask(*state, &Answers::of_group, [=](group* entry, char* strings, size_t size, group** result) {
    return real::getgrgid_r(id, entry, strings, size, result);
  });
}

}  // extern "C"
