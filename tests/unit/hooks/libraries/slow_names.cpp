// A source of names for libc, "hooks_slow" (glibc manual, section 30.3, Extending NSS): it knows every host,
// and takes a tenth of a second to say that it is this machine.
#include <netdb.h>
#include <netinet/in.h>
#include <nss.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

extern "C" nss_status _nss_hooks_slow_gethostbyname4_r(const char* name, gaih_addrtuple** list, char* buffer,
                                                       std::size_t size, int* error, int* host_error,
                                                       std::int32_t*) {
  ::usleep(100'000);
  void* place = buffer;
  const std::size_t length = std::strlen(name) + 1;
  if (!std::align(alignof(gaih_addrtuple), sizeof(gaih_addrtuple) + length, place, size)) {
    *error = ERANGE;
    *host_error = NETDB_INTERNAL;
    return NSS_STATUS_TRYAGAIN;
  }
  auto* const found = static_cast<gaih_addrtuple*>(place);
  char* const own_name = reinterpret_cast<char*>(found + 1);
  std::memcpy(own_name, name, length);
  *found = {nullptr, own_name, AF_INET, {::htonl(INADDR_LOOPBACK)}, 0};
  if (*list) {
    **list = *found;
  } else {
    *list = found;
  }
  return NSS_STATUS_SUCCESS;
}
