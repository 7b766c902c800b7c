#include <appserver/form_stream.hpp>
#include <cerrno>

#include "catch.hpp"
#include "form_wire.hpp"

using namespace appserver;

namespace {

// All of a form, a line for each part: name (filename) [type]: body
std::string read_form(FormRequest& sent) {
  std::string seen;
  FormStream form(sent.request());
  while (Part* const part = form.next()) {
    seen += part->name();
    if (part->filename()) seen += " (" + *part->filename() + ")";
    if (part->content_type() != "text/plain") seen += " [" + part->content_type() + "]";
    seen += ": " + part->all(1 << 20) + "\n";
  }
  CHECK(form.next() == nullptr);
  return seen;
}

std::string read_form(const std::string& type, const std::string& body) {
  FormRequest sent(type, body);
  return read_form(sent);
}

// A part with nothing but a name.
std::string field(const std::string& name, const std::string& value) {
  return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

// A part whose head is these lines.
std::string with_head(const std::string& head) { return "--B\r\n" + head + "\r\n\r\nx\r\n--B--\r\n"; }

std::string name_of(const std::string& disposition) {
  return read_form(kMultipart, with_head("Content-Disposition: form-data; " + disposition));
}

// The status and the text that a form is refused with.
std::string refusal(const std::string& type, const std::string& body) {
  try {
    return "accepted: " + read_form(type, body);
  } catch (const HttpError& error) {
    return std::to_string(error.status()) + " " + error.what();
  }
}

const std::string kEverything =
    "a preamble --B\r\n"
    "\r\n--B \t\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n"
    "--B\r\ncontent-disposition:form-data;name=photo;filename=\"a.png\"\r\nContent-Type: image/png \r\n"
    "X-Other: \xff\r\n\r\n\r\n--A\r\r\n-\r\n--\r\n\r\n--B\r\n"
    "Content-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--B-- \r\nan epilogue\r\n--B\r\n";
const std::string kEverythingRead =
    "text: hello\nphoto (a.png) [image/png]: \r\n--A\r\r\n-\r\n--\r\n\nempty: \n";

}  // namespace

TEST_CASE("a multipart form is read part by part") {
  CHECK(read_form(kMultipart, field("a", "1") + field("b", "two\r\nlines") + "--B--\r\n") ==
        "a: 1\nb: two\r\nlines\n");
  CHECK(read_form(kMultipart, field("a", "") + "--B--") == "a: \n");
  CHECK(read_form(kMultipart, "--B--\r\n").empty());
  CHECK(read_form("Multipart/Form-Data; charset=x; boundary=\"B\"", field("a", "1") + "--B--\r\n") ==
        "a: 1\n");
}

TEST_CASE("a multipart form is the same wherever it is cut into pieces") {
  const std::string& body = kEverything;
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    CAPTURE(cut);
    FormRequest sent(kMultipart, body.substr(0, cut));
    sent.send(body.substr(cut));
    CHECK(read_form(sent) == kEverythingRead);
  }
  FormRequest byte_by_byte(kMultipart);
  for (const char c : body) byte_by_byte.send(std::string(1, c));
  CHECK(read_form(byte_by_byte) == kEverythingRead);
}

TEST_CASE("a multipart form that is cut off is refused at every byte") {
  const std::string body = "preamble\r\n" + field("a", "1\r\n-") + field("b", "2") + "--B--";
  for (std::size_t cut = 0; cut < body.size(); ++cut) {
    CAPTURE(cut);
    const std::string said = refusal(kMultipart, body.substr(0, cut));
    CHECK(said.substr(0, 4) == "400 ");
  }
  CHECK(refusal(kMultipart, body) == "accepted: a: 1\r\n-\nb: 2\n");
  CHECK(refusal(kMultipart, "") == "400 the multipart form ends before its closing boundary");
}

TEST_CASE("a multipart form ends parts where the RFC says, and nowhere else") {
  const auto verdict = [](const std::string& body) { return refusal(kMultipart, body); };
  const std::string followed = "400 the multipart form has a boundary that is followed by more than CRLF";
  CHECK(verdict(field("a", "1") + "--B--x") == followed);
  CHECK(verdict(field("a", "1\r\n--Bx") + "--B--\r\n") == followed);
  CHECK(verdict(field("a", "1\r\n--B-") + "--B--\r\n") == followed);
  CHECK(verdict("--B\nContent-Disposition: form-data; name=\"a\"\n\nx\n--B--\n") == followed);
  CHECK(verdict(field("a", "1\n--B\n--B--\n") + "--B--\r\n") == "accepted: a: 1\n--B\n--B--\n\n");
  CHECK(verdict(field("a", " --B--") + "--B--\r\n") == "accepted: a:  --B--\n");
  CHECK(verdict(field("a", "1") + "--B--\r\n" + field("b", "2") + "--B--\r\n") == "accepted: a: 1\n");
}

TEST_CASE("a part must have a head that says its name, once") {
  const auto verdict = [](const std::string& head) { return refusal(kMultipart, with_head(head)); };
  const std::string part = "400 part 1 of the multipart form ";
  const std::string named = "Content-Disposition: form-data; name=\"a\"";
  CHECK(verdict(named) == "accepted: a: x\n");
  CHECK(verdict("Content-Type: text/css") == part + "has no Content-Disposition header");
  CHECK(refusal(kMultipart, "--B\r\n\r\nx\r\n--B--") == part + "has no Content-Disposition header");
  CHECK(verdict(named + "\r\n" + named) == part + "has two Content-Disposition headers");
  CHECK(verdict(named + "\r\nContent-Type: a/b\r\ncontent-type: a/c") ==
        part + "has two Content-Type headers");
  const std::string unnamed = part + "has a Content-Disposition that is not form-data with a name";
  CHECK(verdict("Content-Disposition: form-data") == unnamed);
  CHECK(verdict("Content-Disposition: attachment; name=\"a\"") == unnamed);
  CHECK(verdict("Content-Disposition: form-data; name*=utf-8''a") == unnamed);
  const std::string malformed = part + "has a malformed Content-Disposition header";
  CHECK(verdict(named + "; name=\"b\"") == malformed);
  CHECK(verdict("Content-Disposition: form-data; name=\"a") == malformed);
  CHECK(verdict("Content-Disposition: form-data; name=\"a\" b") == malformed);
  CHECK(verdict("Content-Disposition: form-data; name=") == malformed);
  CHECK(verdict(named + "\r\n folded: 1") == part + "has a line in its head that is no header");
  CHECK(verdict(named + "\r\nX : 1") == part + "has a line in its head that is no header");
  const std::string control =
      part + "has a control character in its head, or a line that does not end with CRLF";
  CHECK(verdict(named + "\nX: 1") == control);
  CHECK(verdict(named + std::string("\r\nX: \0", 6)) == control);
  CHECK(refusal(kMultipart, "--B\r\n" + named + "\r\n--B: x\r\n\r\nx\r\n--B--") ==
        part + "has no empty line behind its head");
  CHECK(verdict(named + "\r\nContent-Transfer-Encoding: BINARY") == "accepted: a: x\n");
  CHECK(verdict(named + "\r\nContent-Transfer-Encoding: base64") ==
        part + "has a Content-Transfer-Encoding other than binary, 8bit or 7bit");
}

TEST_CASE("names are unquoted as clients quote them") {
  CHECK(name_of("name=\"a\"; filename=\"say %22hi%22%0D%0A.txt\"") ==
        "a (say \"hi\"\r\n.txt): x\n");  // browsers
  CHECK(name_of(R"(name="a"; filename="say \"hi\" \\.txt")") ==
        "a (say \"hi\" \\.txt): x\n");  // Go, old curl
  CHECK(name_of(R"(name="a"; filename="C:\new\a.txt")") == "a (C:\\new\\a.txt): x\n");
  CHECK(name_of("name=\"a;b=c\"; filename=\"100%.txt\"") == "a;b=c (100%.txt): x\n");
  CHECK(name_of("name=\"na\xc3\xafve\"") == "na\xc3\xafve: x\n");
  CHECK(name_of("name=\"\"; filename=\"\"") == " (): x\n");
  CHECK(name_of("NAME=a;;filename=b ; x=\"y\";") == "a (b): x\n");
  CHECK(name_of("name=\"a\"; filename*=utf-8''b") == "a: x\n");
}

TEST_CASE("a part has a charset where its type names one") {
  const auto charset_of = [](const std::string& type) {
    FormRequest sent(kMultipart,
                     with_head("Content-Disposition: form-data; name=\"a\"\r\nContent-Type: " + type));
    FormStream form(sent.request());
    return form.next()->charset().value_or("none");
  };
  CHECK(charset_of("text/plain; charset=ISO-8859-1") == "ISO-8859-1");
  CHECK(charset_of("text/plain; Charset=\"utf-8\"") == "utf-8");
  CHECK(charset_of("text/plain") == "none");
  CHECK(charset_of("what/ever is not one") == "none");
}

TEST_CASE("an urlencoded form is read field by field") {
  CHECK(read_form(kUrlencoded, "a=1&b=two+words%21&&c&=d&e=f=g&%61%26=") ==
        "a: 1\nb: two words!\nc: \n: d\ne: f=g\na&: \n");
  CHECK(read_form("Application/X-WWW-Form-Urlencoded; charset=UTF-8", "a=%zz%4&b=%C3%A9%") ==
        "a: %zz%4\nb: \xc3\xa9%\n");
  CHECK(read_form(kUrlencoded, "").empty());
  CHECK(read_form(kUrlencoded, "&&").empty());
}

TEST_CASE("an urlencoded form is the same wherever it is cut into pieces") {
  const std::string body = "&a=1&b%20%=two+w%C3%A9%zords&&%&c=%4";
  const std::string whole = read_form(kUrlencoded, body);
  CHECK(whole == "a: 1\nb %: two w\xc3\xa9%zords\n%: \nc: %4\n");
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    CAPTURE(cut);
    FormRequest sent(kUrlencoded, body.substr(0, cut));
    sent.send(body.substr(cut));
    CHECK(read_form(sent) == whole);
  }
  FormRequest byte_by_byte(kUrlencoded);
  for (const char c : body) byte_by_byte.send(std::string(1, c));
  CHECK(read_form(byte_by_byte) == whole);
}

TEST_CASE("a part comes as its bytes come, and what is not read of it is skipped") {
  for (const char* type : {kMultipart, kUrlencoded}) {
    const bool multipart = type == kMultipart;
    FormRequest sent(type,
                     multipart ? "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none" : "a=one");
    FormStream form(sent.request());
    Part* part = form.next();
    REQUIRE(part);
    CHECK(part->read() == "one");
    sent.send("two");
    CHECK(part->read() == "two");
    sent.send(std::string(100'000, 'x'));
    sent.send(multipart ? "\r\n" + field("b", "2") + "--B--" : "&b=2");
    part = form.next();
    REQUIRE(part);
    CHECK(part->name() == "b");
    CHECK(part->read() == "2");
    CHECK_FALSE(part->read());
    CHECK_FALSE(part->read());
    CHECK(form.next() == nullptr);
  }
}

TEST_CASE("what is no form is refused with 415, and a boundary that is none with 400") {
  const std::string no_form =
      "415 a form is expected: multipart/form-data or application/x-www-form-urlencoded";
  for (const char* type : {"", "text/plain", "multipart/mixed; boundary=B", "multipart", "nonsense;"}) {
    CAPTURE(type);
    CHECK(refusal(type, "") == no_form);
  }
  const std::string multipart = "multipart/form-data";
  const std::string no_boundary =
      "400 the Content-Type multipart/form-data has no boundary, or one that is malformed";
  for (const char* parameter : {"", "; boundary=\"\"", "; boundary=\"B \"", "; boundary=\"B\\\"\""}) {
    CAPTURE(parameter);
    CHECK(refusal(multipart + parameter, "--B--") == no_boundary);
  }
  CHECK(refusal(multipart + "; boundary=" + std::string(71, 'b'), "") == no_boundary);
  for (const char* parameter :
       {"; boundary=", "; boundary=B; boundary=C", "; boundary=\"B", ", boundary=B"}) {
    CAPTURE(parameter);
    CHECK(refusal(multipart + parameter, "--B--") == "400 the Content-Type of the form is malformed");
  }
  const std::string longest(70, 'b');
  CHECK(refusal(multipart + "; boundary=" + longest, "--" + longest + "--") == "accepted: ");
  CHECK(refusal(multipart + "; boundary=\"a b:='()?\"", "--a b:='()?--") == "accepted: ");
}

TEST_CASE("a form is held to limits, with 413") {
  std::string parts;
  for (int i = 0; i < 3; ++i) parts += field("a", "1");
  for (const auto& [type, body] :
       {std::pair(kMultipart, parts + "--B--"), std::pair(kUrlencoded, std::string("a&b&c"))}) {
    FormRequest sent(type, body);
    FormStream form(sent.request(), 2);
    CHECK(form.next());
    CHECK(form.next());
    CHECK_THROWS_WITH(form.next(), "the form has more than 2 parts");
  }
  CHECK(refusal(kMultipart, with_head("X: " + std::string(9000, 'x'))) ==
        "413 the head of part 1 of the form is longer than 8192 bytes");
  std::string lines = "X: 1";
  for (int i = 0; i < 3000; ++i) lines += "\r\nX: 1";
  CHECK(refusal(kMultipart, with_head(lines)) ==
        "413 the head of part 1 of the form is longer than 8192 bytes");
  CHECK(refusal(kUrlencoded, std::string(9000, 'a') + "=") ==
        "413 the name of a form field is longer than 8192 bytes");
  FormRequest long_field(kUrlencoded, "a=12345");
  FormStream form(long_field.request());
  CHECK_THROWS_WITH(form.next()->all(4), "the form field is longer than 4 bytes");
}

TEST_CASE("a form whose body fails, fails as the body does") {
  for (const char* type : {kMultipart, kUrlencoded}) {
    FormRequest long_one(type, "--B");
    try {
      read_form(long_one.break_off(-EMSGSIZE));
      FAIL("it was read");
    } catch (const HttpError& error) {
      CHECK(error.status() == 413);
    }
    FormRequest gone(type, "--B");
    CHECK_THROWS_AS(read_form(gone.break_off(-ECONNRESET)), ClientGone);
  }
}
