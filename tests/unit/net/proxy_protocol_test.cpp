// Bytes in, verdicts out: haproxy's doc/proxy-protocol.txt, sections 2.1 and 2.2.
#include "net/proxy_protocol.hpp"

#include <string>

#include "catch.hpp"

using net::Peer;
using net::ProxyHeader;
using net::ProxyProtocol;
using net::read_proxy_header;

namespace {

constexpr auto kV1 = ProxyProtocol::v1, kV2 = ProxyProtocol::v2, kAuto = ProxyProtocol::automatic;

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

// A header of version 2 with what follows the sixteen bytes.
std::string version_2(int version_and_command, int family, const std::string& rest) {
  return "\r\n\r\n" + std::string(1, '\0') + "\r\nQUIT\n" +
         bytes({version_and_command, family, static_cast<int>(rest.size() >> 8),
                static_cast<int>(rest.size() & 255)}) +
         rest;
}

const std::string kTcp4 = bytes({192, 0, 2, 1, 198, 51, 100, 7, 0xdc, 0x04, 0x01, 0xbb});
const std::string kTcp6 = bytes({0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}) +
                          std::string(16, '\2') + bytes({0, 80, 1, 0xbb});

// `192.0.2.1:56324`, `unknown`, `own` (the proxy's), or `wait`, or `fault`.
std::string verdict(const std::string& text, ProxyProtocol wanted) {
  const ProxyHeader header = read_proxy_header(text, wanted);
  if (!header.fault.empty()) return "fault";
  if (header.size == 0) return "wait";
  CHECK(header.size <= text.size());
  if (!header.source) return "own";
  if (header.source->kind != Peer::Kind::ip) return "unknown";
  return header.source->text() + ":" + std::to_string(header.source->port);
}

}  // namespace

TEST_CASE("a line of version 1 is what section 2.1 says") {
  struct Row {
    std::string line, verdict;
  };
  const auto [line, expected] =
      GENERATE(Row{"PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n", "192.0.2.1:56324"},
               Row{"PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535"},
               Row{"PROXY TCP4 192.0.2.1 198.51.100.7 0 0\r\n", "192.0.2.1:0"},
               Row{"PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n", "2001:db8::1:56324"},
               Row{"PROXY TCP6 2001:DB8::A ::1 1 2\r\n", "2001:db8::a:1"},
               Row{"PROXY UNKNOWN\r\n", "unknown"}, Row{"PROXY UNKNOWN ffff::1 whatever\r\n", "unknown"},
               Row{"PROXY UNKNOWNS\r\n", "fault"}, Row{"PROXY\r\n", "fault"}, Row{"PROXY \r\n", "fault"},
               Row{"proxy TCP4 192.0.2.1 198.51.100.7 1 2\r\n", "fault"},
               Row{"PROXY tcp4 192.0.2.1 198.51.100.7 1 2\r\n", "fault"},
               Row{"PROXY TCP5 192.0.2.1 198.51.100.7 1 2\r\n", "fault"},
               Row{"PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n", "fault"},
               Row{"PROXY TCP6 192.0.2.1 198.51.100.7 1 2\r\n", "fault"},
               Row{"PROXY TCP4 192.0.2.1 198.51.100.7 1\r\n", "fault"},
               Row{"PROXY TCP4 192.0.2.1 198.51.100.7 1 2 3\r\n", "fault"},
               Row{"PROXY TCP4 192.0.2.1 198.51.100.7 1 2 \r\n", "fault"},
               Row{"PROXY TCP4  192.0.2.1 198.51.100.7 1 2\r\n", "fault"},
               Row{"PROXY TCP4 192.0.2.1\t198.51.100.7 1 2\r\n", "fault"},
               Row{"PROXY TCP4 192.0.2.1 198.51.100.7 65536 2\r\n", "fault"},
               Row{"PROXY TCP4 192.0.2.1 198.51.100.7 01 2\r\n", "fault"},
               Row{"PROXY TCP4 192.0.2.1 198.51.100.7 +1 2\r\n", "fault"},
               Row{"PROXY TCP4 192.0.2.1 198.51.100.7 -1 2\r\n", "fault"},
               Row{"PROXY TCP4 192.0.2.01 198.51.100.7 1 2\r\n", "fault"},
               Row{"PROXY TCP4 192.0.2 198.51.100.7 1 2\r\n", "fault"}, Row{"GET / HTTP/1.1\r\n", "fault"},
               Row{"", "wait"}, Row{"PRO", "wait"}, Row{"PROXY TCP4 192.0.2.1", "wait"},
               Row{"PROXY TCP4 192.0.2.1 198.51.100.7 1 2\r", "wait"},
               Row{"PROXY TCP4 192.0.2.1 198.51.100.7 1 2\n", "wait"});
  CAPTURE(line);
  CHECK(verdict(line, kV1) == expected);
  CHECK(verdict(line, kAuto) == expected);
}

TEST_CASE("a line of version 1 ends within 107 bytes") {
  const std::string begin = "PROXY UNKNOWN ";
  CHECK(verdict(begin + std::string(105 - begin.size(), 'x') + "\r\n", kV1) == "unknown");
  CHECK(verdict(begin + std::string(106 - begin.size(), 'x') + "\r\n", kV1) == "fault");
  CHECK(verdict(begin + std::string(106 - begin.size(), 'x'), kV1) == "wait");
  CHECK(verdict(begin + std::string(107 - begin.size(), 'x'), kV1) == "fault");
}

TEST_CASE("a header of version 2 is what section 2.2 says") {
  struct Row {
    const char* what;
    std::string text, verdict;
  };
  const auto [what, text, expected] =
      GENERATE(Row{"TCP over IPv4", version_2(0x21, 0x11, kTcp4), "192.0.2.1:56324"},
               Row{"TCP over IPv6", version_2(0x21, 0x21, kTcp6), "2001:db8::1:80"},
               Row{"TLVs are skipped", version_2(0x21, 0x11, kTcp4 + bytes({4, 0, 1, 0})), "192.0.2.1:56324"},
               Row{"LOCAL is the proxy itself", version_2(0x20, 0x00, ""), "own"},
               Row{"LOCAL, whatever else is said", version_2(0x20, 0x11, kTcp4), "own"},
               Row{"LOCAL, of any family", version_2(0x20, 0xff, "x"), "own"},
               Row{"UNSPEC", version_2(0x21, 0x00, ""), "unknown"},
               Row{"UNSPEC with something behind it", version_2(0x21, 0x00, "abc"), "unknown"},
               Row{"a unix socket's", version_2(0x21, 0x31, std::string(216, 'x')), "unknown"},
               Row{"another version", version_2(0x11, 0x11, kTcp4), "fault"},
               Row{"an unknown command", version_2(0x22, 0x11, kTcp4), "fault"},
               Row{"UDP", version_2(0x21, 0x12, kTcp4), "fault"},
               Row{"an unknown family", version_2(0x21, 0x41, kTcp4), "fault"},
               Row{"IPv4 without a transport", version_2(0x21, 0x10, kTcp4), "fault"},
               Row{"too short for IPv4", version_2(0x21, 0x11, kTcp4.substr(1)), "fault"},
               Row{"too short for IPv6", version_2(0x21, 0x21, kTcp4), "fault"},
               Row{"too short for a unix socket's", version_2(0x21, 0x31, kTcp6), "fault"});
  CAPTURE(what);
  CHECK(verdict(text, kV2) == expected);
  CHECK(verdict(text, kAuto) == expected);
}

TEST_CASE("a header that is not whole is waited for, and what follows it is left alone") {
  const std::string v1 = "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n", v2 = version_2(0x21, 0x11, kTcp4);
  for (const std::string& header : {v1, v2}) {
    for (std::size_t size = 0; size < header.size(); ++size)
      CHECK(verdict(header.substr(0, size), kAuto) == "wait");
    CHECK(read_proxy_header(header + "GET / HTTP/1.1\r\n", kAuto).size == header.size());
  }
}

TEST_CASE("a header of the other version is as bad as none") {
  CHECK(verdict("PROXY UNKNOWN\r\n", kV2) == "fault");
  CHECK(verdict(version_2(0x20, 0x00, ""), kV1) == "fault");
  CHECK(verdict("G", kAuto) == "fault");
  CHECK(verdict("\r\n\r\n\r", kAuto) == "fault");
}
