// Where a body ends (RFC 9112 section 6): in one way, or not at all.
#include "wire_cases.hpp"

using namespace std::string_literals;

namespace {

std::string of_length(const std::string& length) {
  return post("Content-Length: " + length + "\r\n", "Hello");
}

std::string in_coding(const std::string& coding) {
  return post("Transfer-Encoding: " + coding + "\r\n", "5\r\nHello\r\n0\r\n\r\n");
}

}  // namespace

std::vector<WireCase> framing_cases() {
  const Verdict hello = reads("POST / a Hello");
  return {
      {"9112 6.2: a length", of_length("5"), hello},
      {"9110 8.6: 1*DIGIT", of_length("005"), hello},
      {"9110 5.5: white space around it", of_length("\t5 \t"), hello},
      {"9112 6.3: of zero", post("Content-Length: 0\r\n"), reads("POST / a")},
      {"9112 6.3: no length is no body", post(""), reads("POST / a")},
      {"9110 9.3.1: GET may have a body", get("Content-Length: 5\r\n") + "Hello", reads("GET / a Hello")},
      {"9110 9.3.2: HEAD too", "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nHello",
       reads("HEAD / a Hello")},
      {"9110 9.3.7: OPTIONS too", line("OPTIONS / HTTP/1.1\r\nContent-Length: 5") + "Hello",
       reads("OPTIONS / a Hello")},
      {"9112 6.3: which is no request", get("Content-Length: 15\r\n") + "GET / HTTP/1.1\n",
       reads("GET / a GET / HTTP/1.1\n")},
      {"9110 8.6: digits alone", of_length("+5"), refused(400)},
      {"9110 8.6: digits alone", of_length("-5"), refused(400)},
      {"9110 8.6: digits alone", of_length("-0"), refused(400)},
      {"9110 8.6: digits alone", of_length("0x5"), refused(400)},
      {"9110 8.6: digits alone", of_length("0o5"), refused(400)},
      {"9110 8.6: digits alone", of_length("0_5"), refused(400)},
      {"9110 8.6: digits alone", of_length("5.0"), refused(400)},
      {"9110 8.6: digits alone", of_length("five"), refused(400)},
      {"9110 8.6: digits alone", of_length("5;"), refused(400)},
      {"9110 8.6: digits alone", of_length("0 5"), refused(400)},
      {"9110 8.6: at least one", of_length(""), refused(400)},
      {"9110 8.6: no overflow", of_length("18446744073709551621"), refused(400)},
      {"9110 8.6: the same one twice may be refused", of_length("5\r\nContent-Length: 5"), refused(400)},
      {"9110 8.6: the same one twice may be refused", of_length("5, 5"), refused(400)},
      {"9110 8.6: the same one twice may be refused", of_length("5,"), refused(400)},
      {"9112 6.3: two that differ", of_length("5\r\ncontent-length: 6"), refused(400)},
      {"9112 6.3: two that differ", of_length("5, 6"), refused(400)},

      {"9112 6.1: chunks", in_coding("chunked"), hello},
      {"9112 7: codings in any case of letters", in_coding("\tChunKed "), hello},
      {"9110 5.6.1: empty elements count for nothing", in_coding(", chunked"), hello},
      {"9110 5.6.1: empty elements count for nothing", in_coding("chunked,,"), hello},
      {"9112 6.1: a coding that is not served", in_coding("gzip, chunked"), refused(501)},
      {"9112 6.1: a coding that is not served", in_coding("gzip;a=b , chunked"), refused(501)},
      {"9112 6.1: a coding that is not served", in_coding("gzip\r\nTransfer-Encoding: chunked"),
       refused(501)},
      {"9112 6.1: identity is none any more", in_coding("identity, chunked"), refused(501)},
      {"9112 6.3: chunked comes last", in_coding("chunked, gzip"), refused(400)},
      {"9112 6.3: chunked comes last", in_coding("chunked\r\nTransfer-Encoding: gzip"), refused(400)},
      {"9112 6.3: chunked comes last", in_coding("gzip"), refused(400)},
      {"9112 6.3: chunked comes last", in_coding("identity"), refused(400)},
      {"9112 6.3: chunked comes last", in_coding("xchunked"), refused(400)},
      {"9112 6.3: chunked comes last", in_coding(""), refused(400)},
      {"9112 6.3: chunked comes last", in_coding(","), refused(400)},
      {"9112 6.1: chunked comes once", in_coding("chunked, chunked"), refused(400)},
      {"9112 6.1: chunked comes once", in_coding("chunked, gzip, chunked"), refused(400)},
      {"9112 7.1: chunked has no parameters", in_coding("chunked;a=b"), refused(400)},
      {"9112 7: a coding is a token", in_coding("\"chunked\""), refused(400)},
      {"9112 7: a coding is a token", in_coding("g(zip, chunked"), refused(400)},
      {"9112 7: a coding is a token", in_coding("chunked x"), refused(400)},
      {"9110 5.5: no control characters",
       in_coding("\x0b"
                 "chunked"),
       refused(400)},
      {"9110 5.5: no control characters", in_coding("chunked\0"s), refused(400)},
      {"9112 6.1: not in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       refused(400)},
      {"9112 6.1: not in HTTP/1.0",
       "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       refused(400)},
      {"9112 6.3: not with a length",
       post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), refused(400)},
      {"9112 6.3: not with a length",
       post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nG"), refused(400)},
      {"9112 6.3: not with a length", post("Content-Length: 5\r\nTransfer-Encoding: identity\r\n", "Hello"),
       refused(400)},
      {"9112 6.3: not with a length", post("Content-Length: 5\r\nTransfer-Encoding:\r\n", "Hello"),
       refused(400)},
  };
}
