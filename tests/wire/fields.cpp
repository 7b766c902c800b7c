// Header fields in general (RFC 9112 section 5, RFC 9110 section 5), and those that speak of the connection
// or of what is expected (RFC 9112 section 9, RFC 9110 sections 7 and 10).
#include "wire_cases.hpp"

using namespace std::string_literals;

std::vector<WireCase> field_cases() {
  const Verdict fine = reads("GET / a");
  return {
      {"9112 5.1: no white space before the colon", get("A : b\r\n"), refused(400)},
      {"9112 5.1: no white space before the colon", get("A\t: b\r\n"), refused(400)},
      {"9112 5: a line has a colon", get("Bad\r\n"), refused(400)},
      {"9112 5: a name is not empty", get(": b\r\n"), refused(400)},
      {"9110 5.1: a name is a token", get("Bad[]: b\r\n"), refused(400)},
      {"9110 5.1: a name is a token", get("A B: c\r\n"), refused(400)},
      {"9110 5.1: a name is a token", get("A\0: b\r\n"s), refused(400)},
      {"9110 5.1: a name is a token", get("X-T\xc3\xab: b\r\n"), refused(400)},
      {"9110 5.1: a name is a token", post("Transfer-Encoding\xa0: chunked\r\nContent-Length: 3\r\n", "abc"),
       refused(400)},
      {"9110 5.1: another name is another field", get("Content_Length: 99\r\n"), fine},
      {"9110 5.1: another name is another field", get("Transfer_Encoding: chunked\r\n"), fine},

      {"9112 2.2: no white space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", refused(400)},
      {"9112 5.2: no folded lines", get("A: b\r\n c\r\n"), refused(400)},
      {"9112 5.2: no folded lines", get("A: b\r\n\tc\r\n"), refused(400)},
      {"9112 5.2: no folded lines", get("A:\r\n b\r\n"), refused(400)},
      {"9112 5.2: no folded lines", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), refused(400)},
      {"9112 5.2: nor white space alone in one", get(" \r\n"), refused(400)},

      {"9110 5.5: an empty value is one", get("A:\r\n"), fine},
      {"9110 5.5: white space around a value", get("A:\t b \t\r\n"), fine},
      {"9110 5.5: a tab within", get("A: b\tc\r\n"), fine},
      {"9110 5.5: bytes above ASCII are opaque", get("A: \xc3\xa9\r\n"), fine},
      {"9110 5.5: no NUL", get("A: b\0c\r\n"s), refused(400)},
      {"9110 5.5: no CR", get("A: b\rc\r\n"), refused(400)},
      {"9110 5.5: no CR", get("A: b\r\r\n"), refused(400)},
      {"9110 5.5: no other control characters", get("A: b\x01\r\n"), refused(400)},
      {"9110 5.5: no other control characters", get("A: b\x0b\r\n"), refused(400)},
      {"9110 5.5: no other control characters", get("A: b\x1f\r\n"), refused(400)},
      {"9110 5.5: no other control characters", get("A: b\x7f\r\n"), refused(400)},
      {"9112 2.2: an LF alone is no line's end", get("A: b\nC: d\r\n"), refused(400)},
      {"9112 2.2: an LF alone is no line's end", "GET / HTTP/1.1\r\nHost: a\r\n\n", refused(400)},
      {"9112 2.2: a CR alone is none either", "GET / HTTP/1.1\r\nHost: a\r\n\rA: b\r\n\r\n", refused(400)},
      {"9110 5.3: a field may come twice", get("If-Match: \"a\"\r\nIf-Match: \"b\"\r\n"), fine},
  };
}

std::vector<WireCase> connection_cases() {
  const Verdict kept = reads("GET / a"), last = reads_last("GET / a");
  const auto http10 = [](const std::string& fields) {
    return "GET / HTTP/1.0\r\nHost: a\r\n" + fields + "\r\n";
  };
  return {
      {"9112 9.3: HTTP/1.1 goes on", get(""), kept},
      {"9112 9.6: but for close", get("Connection: close\r\n"), last},
      {"9110 7.6.1: in any case of letters", get("Connection: Close\r\n"), last},
      {"9110 7.6.1: among others", get("Connection: Upgrade, close\r\n"), last},
      {"9110 5.6.1: among empty ones", get("Connection: ,, close ,\r\n"), last},
      {"9110 5.3: in a second line", get("Connection: keep-alive\r\nConnection: close\r\n"), last},
      {"9112 9.3: HTTP/1.0 does not go on", http10(""), last},
      {"9112 9.3: but for keep-alive", http10("Connection: Keep-Alive\r\n"), kept},
      {"9112 9.3: unless it closes too", http10("Connection: keep-alive, close\r\n"), last},
      {"9110 7.6.1: what else it names is for proxies", get("Connection: host, x\r\nX: y\r\n"), kept},
      {"9112 C.2.2: this is no field of ours", get("Proxy-Connection: close\r\n"), kept},
      {"9110 7.8: an upgrade may be ignored", get("Connection: Upgrade\r\nUpgrade: websocket\r\n"), kept},
      {"9110 7.8: an upgrade may be ignored", get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"),
       kept},
      {"9110 7.8: one without Connection has to be", get("Upgrade: websocket\r\n"), kept},
      {"9110 7.6.2: this is for proxies", line("OPTIONS / HTTP/1.1\r\nMax-Forwards: 0"),
       reads("OPTIONS / a")},

      {"9110 10.1.1: the body came without being waited for",
       post("Expect: 100-continue\r\nContent-Length: 5\r\n", "Hello"), reads("POST / a Hello")},
      {"9110 10.1.1: in any case of letters", get("Expect: 100-Continue\r\n"), kept},
      {"9110 10.1.1: another expectation", get("Expect: 200-ok\r\n"), refused(417)},
      {"9110 10.1.1: another beside it", get("Expect: 100-continue, x=y\r\n"), refused(417)},
      {"9110 10.1.1: ignored in HTTP/1.0", http10("Expect: 100-continue\r\n"), last},
  };
}
