// The chunked coding (RFC 9112 section 7.1).
#include "wire_cases.hpp"

using namespace std::string_literals;

namespace {

std::string chunks(const std::string& body) { return post("Transfer-Encoding: chunked\r\n", body); }

// `Hello` in a chunk whose size is written so.
std::string sized(const std::string& size) { return chunks(size + "\r\nHello\r\n0\r\n\r\n"); }

// `Hello` with this trailer section.
std::string trailed(const std::string& trailers) { return chunks("5\r\nHello\r\n0\r\n" + trailers + "\r\n"); }

}  // namespace

std::vector<WireCase> chunk_cases() {
  const Verdict hello = reads("POST / a Hello");
  const std::string end = "0\r\n\r\n";
  return {
      {"9112 7.1: no chunk but the last", chunks(end), reads("POST / a")},
      {"9112 7.1: several", chunks("2\r\nHe\r\n3\r\nllo\r\n" + end), hello},
      {"9112 7.1: hexadecimal, in any case of letters",
       chunks("a\r\n0123456789\r\nA\r\n0123456789\r\n" + end), reads("POST / a 01234567890123456789")},
      {"9112 7.1: zeros in front", sized("0005"), hello},
      {"9112 7.1: the last is of any number of zeros", chunks("5\r\nHello\r\n000\r\n\r\n"), hello},
      {"9112 7.1: its data may look like anything", chunks("5\r\n0\r\n\r\n\r\n" + end),
       reads("POST / a 0\r\n\r\n")},
      {"9112 7.1: digits alone", sized("0x5"), refused(400)},
      {"9112 7.1: digits alone", sized("+5"), refused(400)},
      {"9112 7.1: digits alone", sized("-5"), refused(400)},
      {"9112 7.1: digits alone", sized("1_0"), refused(400)},
      {"9112 7.1: digits alone", sized("Z"), refused(400)},
      {"9112 7.1: at least one", sized(""), refused(400)},
      {"9112 7.1: at least one", sized(";a"), refused(400)},
      {"9112 7.1: no white space before it", sized(" 5"), refused(400)},
      {"9112 7.1: none behind it", sized("5 "), refused(400)},
      {"9112 7.1: none behind it", sized("5\t"), refused(400)},
      {"9112 7.1: nothing else behind it", sized("5 x"), refused(400)},
      {"9112 7.1: no overflow", sized("10000000000000005"), refused(400)},
      {"9112 7.1: no overflow", sized("fffffffffffffffff"), refused(400)},
      {"9112 7.1: CRLF behind the size", chunks("5\nHello\r\n" + end), refused(400)},
      {"9112 7.1: CRLF behind the size", chunks("5\rHello\r\n" + end), refused(400)},
      {"9112 7.1: CRLF behind the data", chunks("5\r\nHello\n" + end), refused(400)},
      {"9112 7.1: CRLF behind the data", chunks("5\r\nHello" + end), refused(400)},
      {"9112 7.1: data that is too long", chunks("5\r\nHello!\r\n" + end), refused(400)},
      {"9112 7.1: data that is too short", chunks("5\r\nHell\r\n" + end), refused(400)},
      {"9112 7.1: CRLF behind the last", chunks("0\n\n"), refused(400)},
      {"9112 7.1: and an empty line", chunks("0\r\n\n"), refused(400)},

      {"9112 7.1.1: an extension is ignored", sized("5;a"), hello},
      {"9112 7.1.1: with its value", sized("5;a=b"), hello},
      {"9112 7.1.1: or a string", sized("5;a=\"b;\\\"c\""), hello},
      {"9112 7.1.1: several", sized("5;a;b=c;d=\"e\""), hello},
      {"9112 7.1.1: bad white space", sized("5 ; a = b\t;\tc"), hello},
      {"9112 7.1.1: it has a name", sized("5;"), refused(400)},
      {"9112 7.1.1: it has a name", sized("5;;a"), refused(400)},
      {"9112 7.1.1: it has a name", sized("5;=a"), refused(400)},
      {"9112 7.1.1: that is a token", sized("5;a[]"), refused(400)},
      {"9112 7.1.1: and a value, if it has", sized("5;a="), refused(400)},
      {"9112 7.1.1: nothing behind them", sized("5;a b"), refused(400)},
      {"9112 7.1.1: nothing behind them", sized("5;a "), refused(400)},
      {"9112 7.1.1: no LF", sized("5;a\nb"), refused(400)},
      {"9112 7.1.1: no LF", sized("5;a=\"\n\""), refused(400)},
      {"9112 7.1.1: no CR", sized("5;a\rb"), refused(400)},
      {"9112 7.1.1: no NUL", sized("5;a\0b"s), refused(400)},
      {"9112 7.1.1: not without bound", sized("5;" + std::string(64 * 1024, 'a')), refused(400)},

      {"9112 7.1.2: a trailer section", trailed("A: b\r\nC:\r\n"), hello},
      {"9110 6.5.1: none frames the message", trailed("Content-Length: 9\r\nTransfer-Encoding: x\r\n"),
       hello},
      {"9110 6.5.1: none says where to", trailed("Host: b\r\n"), hello},
      {"9112 5: a name is a token", trailed("A b: c\r\n"), refused(400)},
      {"9112 5: a name is not empty", trailed(": c\r\n"), refused(400)},
      {"9112 5.1: no white space before the colon", trailed("A : b\r\n"), refused(400)},
      {"9112 5: a line has a colon", trailed("A\r\n"), refused(400)},
      {"9112 5.2: no folded lines", trailed("A: b\r\n c\r\n"), refused(400)},
      {"9112 5.2: no folded lines", trailed(" A: b\r\n"), refused(400)},
      {"9110 5.5: no control characters", trailed("A: b\x01\r\n"), refused(400)},
      {"9112 7.1.2: CRLF behind each", trailed("A: b\n"), refused(400)},
      {"9112 7.1.2: a request is no trailer", trailed("GET / HTTP/1.1\r\nHost: a\r\n"), refused(400)},
  };
}
