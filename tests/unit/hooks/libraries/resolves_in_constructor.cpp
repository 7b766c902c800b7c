// Asks for a name while it is loaded.
#include <netdb.h>

namespace {

struct Lookup {
  Lookup() : result(::getaddrinfo("name", nullptr, nullptr, &list)) {
    if (result == 0) ::freeaddrinfo(list);
  }
  addrinfo* list = nullptr;
  int result;
} lookup;

}  // namespace

extern "C" int result_of_lookup() { return lookup.result; }
