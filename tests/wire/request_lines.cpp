// The request line but for its target (RFC 9112 sections 2.2, 2.3, 3 and 3.1).
#include "wire_cases.hpp"

using namespace std::string_literals;

std::vector<WireCase> request_line_cases() {
  return {
      {"9112 3: method SP target SP version", line("GET /a HTTP/1.1"), reads("GET /a a")},
      {"9112 3: one space", line("GET  / HTTP/1.1"), refused(400)},
      {"9112 3: one space", line("GET /  HTTP/1.1"), refused(400)},
      {"9112 3: a space, not a tab", line("GET\t/ HTTP/1.1"), refused(400)},
      {"9112 3: a space, not a tab", line("GET /\tHTTP/1.1"), refused(400)},
      {"9112 3: no white space before it", line(" GET / HTTP/1.1"), refused(400)},
      {"9112 3: none behind it", line("GET / HTTP/1.1 "), refused(400)},
      {"9112 3: no target", line("GET HTTP/1.1"), refused(400)},
      {"9112 3: no target", line("GET  HTTP/1.1"), refused(400)},
      {"9112 3: no space", line("GET/ HTTP/1.1"), refused(400)},
      {"9112 3: not a request", "hello\r\n\r\n", refused(400)},
      {"9112 3: white space alone", "   \r\n\r\n", refused(400)},

      {"9112 3.1: a method is a token", line("G(T / HTTP/1.1"), refused(400)},
      {"9112 3.1: of at least one character", line(" / HTTP/1.1"), refused(400)},
      {"9112 3.1: NUL is in no token", line("GE\0T / HTTP/1.1"s), refused(400)},
      {"9112 3.1: nor is a byte above ASCII", line("G\xc3\x8bT / HTTP/1.1"), refused(400)},

      {"9112 2.3: HTTP-name is case-sensitive", line("GET / http/1.1"), refused(400)},
      {"9112 2.3: DIGIT \".\" DIGIT", line("GET / HTTP/1.11"), refused(400)},
      {"9112 2.3: DIGIT \".\" DIGIT", line("GET / HTTP/01.1"), refused(400)},
      {"9112 2.3: DIGIT \".\" DIGIT", line("GET / HTTP/1"), refused(400)},
      {"9112 2.3: DIGIT \".\" DIGIT", line("GET / HTTP/1."), refused(400)},
      {"9112 2.3: DIGIT \".\" DIGIT", line("GET / HTTP/.1"), refused(400)},
      {"9112 2.3: DIGIT \".\" DIGIT", line("GET / HTTP/1,1"), refused(400)},
      {"9112 2.3: no space within", line("GET / HTTP/ 1.1"), refused(400)},
      {"9112 2.3: another protocol", line("GET / ICY/1.1"), refused(400)},
      {"9112 2.3: HTTP/0.9 has no version, and is gone", "GET /\r\n\r\n", refused(400)},
      {"9110 2.5: a later minor version is read as 1.1", line("GET / HTTP/1.2"), reads("GET / a")},
      {"9110 2.5: a later minor version is read as 1.1", line("GET / HTTP/1.9"), reads("GET / a")},
      {"9110 15.6.6: another major version", line("GET / HTTP/2.0"), refused(505)},
      {"9110 15.6.6: another major version", line("GET / HTTP/9.9"), refused(505)},
      {"9110 15.6.6: another major version", line("GET / HTTP/0.9"), refused(505)},
      {"9113 3.4: the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", refused(505)},

      {"9112 2.2: one empty line is skipped", "\r\n" + line("GET / HTTP/1.1"), reads("GET / a")},
      {"9112 2.2: two are no slip", "\r\n\r\n" + line("GET / HTTP/1.1"), refused(400)},
      {"9112 2.2: an LF alone is no line's end", "\n" + line("GET / HTTP/1.1"), refused(400)},
      {"9112 2.2: an LF alone is no line's end", "GET / HTTP/1.1\nHost: a\r\n\r\n", refused(400)},
      {"9112 2.2: an LF alone is no line's end", "GET / HTTP/1.1\nHost: a\n\n", refused(400)},
      {"9112 2.2: a CR alone is none either", "GET / HTTP/1.1\rHost: a\r\n\r\n", refused(400)},
      {"9112 2.2: a CR alone is none either", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", refused(400)},
  };
}
