// A PROXY header is found where it ends, however its bytes come: no byte behind it changes it, and what is
// wrong with it stays wrong.
#include <initializer_list>

#include "fuzz.hpp"
#include "net/proxy_protocol.hpp"

namespace {

using net::ProxyHeader;
using net::ProxyProtocol;

void check(std::string_view input, ProxyProtocol wanted) {
  const ProxyHeader whole = net::read_proxy_header(input, wanted);
  expect(whole.size <= input.size(), "a header is part of what was read");
  expect(whole.fault.empty() || whole.size == 0, "a header that is wrong is not taken");
  expect(!whole.source || (whole.source->kind == net::Peer::Kind::ip) == whole.source->address.has_value(),
         "an address is known or not");
  bool was_faulty = false;
  for (std::size_t size = 0; size < input.size(); ++size) {
    const ProxyHeader begun = net::read_proxy_header(input.substr(0, size), wanted);
    expect(begun.size == 0 || begun.size == whole.size, "what comes behind a header does not change it");
    expect((begun.size == 0) == (whole.size == 0 || size < whole.size), "a header is there when it is whole");
    expect(!was_faulty || !begun.fault.empty(), "what is wrong stays wrong");
    was_faulty = !begun.fault.empty();
  }
  expect(!was_faulty || !whole.fault.empty(), "what is wrong stays wrong");
}

}  // namespace

void fuzz(std::string_view input) {
  input = input.substr(0, 600);
  for (const auto wanted : {ProxyProtocol::v1, ProxyProtocol::v2, ProxyProtocol::automatic})
    check(input, wanted);
}
