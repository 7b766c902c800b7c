// What is too large by the limits that the server has unless told otherwise (RFC 9112 section 3, RFC 9110
// sections 5.4 and 15.5, RFC 6585 section 5).
#include "wire_cases.hpp"

namespace {

std::string x(std::size_t size) { return std::string(size, 'x'); }

std::string fields(int count, const std::string& value = "b") {
  std::string text;
  for (int i = 0; i < count; ++i) text += "A: " + value + "\r\n";
  return text;
}

std::string trailed(const std::string& trailers) {
  return post("Transfer-Encoding: chunked\r\n", "5\r\nHello\r\n0\r\n" + trailers + "\r\n");
}

}  // namespace

std::vector<WireCase> limit_cases() {
  const Verdict fine = reads("GET / a");
  return {
      {"9112 3: a request line of 8000 bytes", line("GET /" + x(7986) + " HTTP/1.1"),
       reads("GET /" + x(7986) + " a")},
      {"9110 15.5.15: a target that is too long", line("GET /" + x(8190) + " HTTP/1.1"), refused(414)},
      {"9110 15.5.15: a target that is far too long", line("GET /" + x(100'000) + " HTTP/1.1"), refused(414)},
      {"9112 3: a request line without a method", line(x(8191) + " / HTTP/1.1"), refused(400)},
      {"9110 5.4: a field of 8190 bytes", get("A: " + x(8187) + "\r\n"), fine},
      {"6585 5: one that is longer", get("A: " + x(8188) + "\r\n"), refused(431)},
      {"6585 5: a name that is longer", get(x(8189) + ": b\r\n"), refused(431)},
      {"6585 5: a hundred fields", get(fields(99)), fine},
      {"6585 5: one more", get(fields(100)), refused(431)},
      {"6585 5: many more", get(fields(10'000)), refused(431)},
      {"9110 5.4: eight fields of 8000 bytes", get(fields(8, x(7997))), fine},
      {"6585 5: one more is too long a head", get(fields(9, x(7997))), refused(431)},
      {"9110 6.5: a hundred trailers", trailed(fields(100)), reads("POST / a Hello")},
      {"9110 6.5: one more", trailed(fields(101)), refused(400)},
      {"9110 6.5: a trailer that is too long", trailed("A: " + x(8188) + "\r\n"), refused(400)},
      {"9110 6.5: eight trailers of 8000 bytes", trailed(fields(8, x(7997))), reads("POST / a Hello")},
      {"9110 6.5: one more", trailed(fields(9, x(7997))), refused(400)},
      {"9110 8.6: lengths that a signed number can't hold",
       post("Content-Length: 9223372036854775808\r\n", "5\r\nHello\r\n0\r\n\r\n"), refused(413)},
      {"9110 8.6: lengths that a signed number can't hold",
       post("Content-Length: 18446744073709551615\r\n", "5\r\nHello\r\n0\r\n\r\n"), refused(413)},
      {"9110 15.5.14: a body that is too long", post("Content-Length: 8388609\r\n", "Hello"), refused(413)},
  };
}
