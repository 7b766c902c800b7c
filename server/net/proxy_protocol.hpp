// The PROXY protocol, by which a proxy that passes bytes on says whose they are: one header at the beginning
// of a connection, of version 1 (a line) or 2 (binary), as haproxy's doc/proxy-protocol.txt has it. A
// worker's.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "net/peer.hpp"

namespace net {

// Which header a connection has to begin with. `automatic` takes either version, not none: to guess whether
// there is one would let a client bring its own (section 2 there).
enum class ProxyProtocol { off, v1, v2, automatic };

struct ProxyHeader {
  std::size_t size = 0;        // bytes that it took; 0: not whole yet
  std::string_view fault;      // what is wrong with it, constant text; empty: nothing so far
  std::optional<Peer> source;  // of the connection that it speaks of; none: the proxy's own (LOCAL)
};

// Reads the header that `bytes` begin with. Asked again as more come, it goes on saying "not whole yet" for
// at most the 107 bytes of version 1 or the 64 KiB of version 2. What behind the addresses is (TLVs) is
// skipped.
ProxyHeader read_proxy_header(std::string_view bytes, ProxyProtocol wanted);

}  // namespace net
