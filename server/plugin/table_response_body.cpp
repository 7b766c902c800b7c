// Answers of a known length, and from files, for handlers.
#include <sys/stat.h>

#include "plugin/call.hpp"
#include "plugin/tables.hpp"

namespace plugin {
namespace {

http::ResponseWriter& response_of(appserver_exchange* exchange) {
  return Call::of(exchange).exchange().response;
}

int32_t set_length(appserver_exchange* exchange, uint64_t length) {
  return result_of(response_of(exchange).set_length(length));
}

// What can be known of the file before any of the answer goes out: after that it can only be cut.
int32_t check(const runtime::FilePart& part) {
  struct stat status {};
  if (::fstat(part.file, &status) != 0) return -errno;
  if (!S_ISREG(status.st_mode)) return -EINVAL;
  const auto size = static_cast<std::uint64_t>(status.st_size);
  return part.offset > size || part.size > size - part.offset ? -ENODATA : 0;
}

int32_t send_file(appserver_exchange* exchange, int file, uint64_t offset, uint64_t size) {
  if (!may_suspend()) return -EPERM;
  return guarded([&] {
    const runtime::FilePart part{file, offset, size};
    if (const int32_t refusal = check(part)) return refusal;
    return result_of(response_of(exchange).send_file(part, Call::of(exchange).disk()));
  });
}

}  // namespace

const appserver_response_body_table kResponseBodyTable = {host_function<set_length>,
                                                          host_function<send_file>};

}  // namespace plugin
