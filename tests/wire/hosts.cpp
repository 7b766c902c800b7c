// Host (RFC 9112 section 3.2, RFC 9110 section 7.2, RFC 3986 section 3.2).
#include "wire_cases.hpp"

namespace {

std::string host(const std::string& value) { return "GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n"; }

Verdict is(const std::string& host) { return reads("GET / " + host); }

}  // namespace

std::vector<WireCase> host_cases() {
  return {
      {"9112 3.2: it is there", "GET / HTTP/1.1\r\n\r\n", refused(400)},
      {"9112 3.2: but for HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", reads_last("GET /")},
      {"9112 3.2: once", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", refused(400)},
      {"9112 3.2: even where both are the same", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n",
       refused(400)},
      {"9112 3.2: in HTTP/1.0 too", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", refused(400)},
      {"9110 5.3: two in one line are two", host("a, b"), refused(400)},
      {"9110 5.3: two in one line are two", host("a,b"), refused(400)},
      {"9112 3.3: an http URI has a host; it may be refused", host(""), refused(400)},
      {"9112 3.3: an http URI has a host; it may be refused", host(":80"), refused(400)},
      {"9110 5.5: white space around it", host("\t a\t"), is("a")},

      {"3986 3.2.2: a name", host("A.b-c_d~1"), is("A.b-c_d~1")},
      {"3986 3.2.2: with sub-delims", host("a!$&'()*+;=b"), is("a!$&'()*+;=b")},
      {"3986 3.2.2: with escapes", host("a%2Db"), is("a%2Db")},
      {"3986 2.1: of two digits", host("a%2"), refused(400)},
      {"3986 3.2.2: an IPv4 address", host("127.0.0.1:80"), is("127.0.0.1:80")},
      {"3986 3.2.2: an IPv6 address", host("[::1]"), is("[::1]")},
      {"3986 3.2.2: with an IPv4 address in it", host("[2001:db8::192.0.2.1]:80"),
       is("[2001:db8::192.0.2.1]:80")},
      {"3986 3.2.2: one of the future", host("[v1F.a:b]"), is("[v1F.a:b]")},
      {"3986 3.2.2: which has a version", host("[v.a]"), refused(400)},
      {"3986 3.2.2: and an address", host("[v1.]"), refused(400)},
      {"3986 3.2.2: brackets are closed", host("[::1"), refused(400)},
      {"3986 3.2.2: brackets are opened", host("::1]"), refused(400)},
      {"3986 3.2.2: brackets are there", host("::1"), refused(400)},
      {"3986 3.2.2: an address is in them", host("[]"), refused(400)},
      {"3986 3.2.2: of IPv6", host("[127.0.0.1]"), refused(400)},
      {"3986 3.2.2: that is one", host("[1::2::3]"), refused(400)},
      {"3986 3.2.2: that is one", host("[1:2:3:4:5:6:7:8:9]"), refused(400)},
      {"3986 3.2.2: without a zone", host("[fe80::1%25eth0]"), refused(400)},
      {"3986 3.2: nothing behind them but a port", host("[::1]a"), refused(400)},

      {"3986 3.2.3: a port", host("a:65535"), is("a:65535")},
      {"3986 3.2.3: may be empty", host("a:"), is("a:")},
      {"3986 3.2.3: is a number", host("a:80a"), refused(400)},
      {"3986 3.2.3: is a number", host("a:-80"), refused(400)},
      {"3986 3.2.3: of a port", host("a:65536"), refused(400)},
      {"3986 3.2.3: there is one", host("a:80:80"), refused(400)},

      {"9110 7.2: no user", host("u@a"), refused(400)},
      {"9110 7.2: no path", host("a/p"), refused(400)},
      {"9110 7.2: no query", host("a?q"), refused(400)},
      {"9110 7.2: no fragment", host("a#f"), refused(400)},
      {"9110 7.2: no URI", host("http://a"), refused(400)},
      {"9110 7.2: no space", host("a b"), refused(400)},
      {"9110 7.2: no backslash", host("a\\b"), refused(400)},
      {"9110 7.2: no byte above ASCII", host("a\xc3\xa9"), refused(400)},
  };
}
