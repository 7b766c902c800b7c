// The request's target in its four forms (RFC 9112 section 3.2).
#include "wire_cases.hpp"

using namespace std::string_literals;

namespace {

// A GET of this target, whose Host is `a`.
std::string to(const std::string& target) { return line("GET " + target + " HTTP/1.1"); }

}  // namespace

std::vector<WireCase> target_cases() {
  return {
      {"9112 3.2.1: origin form", to("/a/b?c=d&e"), reads("GET /a/b?c=d&e a")},
      {"9112 3.2.1: an empty segment is one", to("//a//"), reads("GET //a// a")},
      {"9112 3.2: no form", to("foo"), refused(400)},
      {"9112 3.2: no form", to("?a"), refused(400)},
      {"9112 3.2: no space in it", to("/a b"), refused(400)},
      {"3986 3.3: visible ASCII alone",
       to("/a\x01"
          "b"),
       refused(400)},
      {"3986 3.3: visible ASCII alone", to("/a\0b"s), refused(400)},
      {"3986 3.3: visible ASCII alone", to("/a\x7f"), refused(400)},
      {"3986 3.3: visible ASCII alone", to("/\xc3\xa9"), refused(400)},
      {"3986 3.3: visible ASCII alone", to("/\xc0\xaf"), refused(400)},
      {"3986 3.5: a fragment is not sent", to("/a#b"), refused(400)},
      {"3986 2.1: an escape has two digits", to("/%"), refused(400)},
      {"3986 2.1: an escape has two digits", to("/%4"), refused(400)},
      {"3986 2.1: of hexadecimal", to("/%zz"), refused(400)},
      {"3986 2.1: in the query too", to("/?a=%g0"), refused(400)},
      {"3986 2.2: an escape is for the handler to decode", to("/a%2Fb%00%0d%0a"),
       reads("GET /a%2Fb%00%0d%0a a")},
      {"3986 6.2.2.3: dot segments are for the handler too", to("/a/../b"), reads("GET /a/../b a")},
      {"WHATWG URL 1.3: browsers send these as they are", to("/a|b[c]?{\"d\":'\\^`<>'}"),
       reads("GET /a|b[c]?{\"d\":'\\^`<>'} a")},

      {"9112 3.2.2: absolute form; its host counts, not Host's", to("http://b:80/c?d"),
       reads("GET /c?d b:80")},
      {"9112 3.2.2: of an IPv6 address", to("http://[::1]/c"), reads("GET /c [::1]")},
      {"3986 3.1: a scheme's case does not count", to("HTTP://b/c"), reads("GET /c b")},
      {"9110 4.2.3: an empty path is /", to("http://b"), reads("GET / b")},
      {"9110 4.2.3: an empty path is /", to("http://b?c"), reads("GET /?c b")},
      {"9112 3.2: with an invalid Host all the same", "GET http://b/ HTTP/1.1\r\nHost: u@a\r\n\r\n",
       refused(400)},
      {"9112 3.2: without Host all the same", "GET http://b/ HTTP/1.1\r\n\r\n", refused(400)},
      {"9112 3.2.2: an empty Host is ignored", "GET http://b/ HTTP/1.1\r\nHost:\r\n\r\n", reads("GET / b")},
      {"9112 3.2.2: HTTP/1.0 needs no Host", "GET http://b/ HTTP/1.0\r\n\r\n", reads_last("GET / b")},
      {"9110 4.2.1: the host is not empty", to("http:///a"), refused(400)},
      {"9110 4.2.1: the host is not empty", to("http://:80/a"), refused(400)},
      {"9110 4.2.4: no user", to("http://u@b/"), refused(400)},
      {"9110 4.2.4: no user", to("http://u:p@b/"), refused(400)},
      {"3986 3.2.3: a port is a number", to("http://b:x/"), refused(400)},
      {"3986 3.2.3: of a port", to("http://b:65536/"), refused(400)},
      {"3986 3.2.2: an IPv6 address", to("http://[::g]/"), refused(400)},
      {"3986 3.1: a scheme begins with a letter", to("1http://b/"), refused(400)},
      {"3986 4.3: no authority", to("http:/b"), refused(400)},
      {"9110 7.4: https is not served without TLS", to("https://a/"), refused(421)},
      {"9110 7.4: nor is any other scheme", to("ftp://a/"), refused(421)},

      {"9112 3.2.4: asterisk form", line("OPTIONS * HTTP/1.1"), reads("OPTIONS * a")},
      {"9112 3.2.4: is for OPTIONS", to("*"), refused(400)},
      {"9112 3.2.4: an asterisk alone", line("OPTIONS *a HTTP/1.1"), refused(400)},
      {"9112 3.2.4: said in the absolute form", line("OPTIONS http://b HTTP/1.1"), reads("OPTIONS * b")},
      {"9112 3.2.4: which this is not", line("OPTIONS http://b/ HTTP/1.1"), reads("OPTIONS / b")},

      {"9112 3.2.3: authority form is for CONNECT", to("a:80"), refused(400)},
      {"9110 9.3.6: CONNECT is not implemented", line("CONNECT b:443 HTTP/1.1"), refused(501)},
      {"9110 9.3.6: CONNECT names a port", line("CONNECT b HTTP/1.1"), refused(400)},
      {"9110 9.3.6: that is not empty", line("CONNECT b: HTTP/1.1"), refused(400)},
      {"9110 9.3.6: and is one", line("CONNECT b:99999 HTTP/1.1"), refused(400)},
      {"9112 3.2.3: CONNECT has the authority form", line("CONNECT / HTTP/1.1"), refused(400)},
      {"9112 3.2.3: CONNECT has the authority form", line("CONNECT u@b:443 HTTP/1.1"), refused(400)},
  };
}
