#include <appserver/form.hpp>

#include "catch.hpp"
#include "form_wire.hpp"

using namespace appserver;

TEST_CASE("a small form is there by the names of its fields") {
  FormRequest sent(kUrlencoded, "name=Ada&age=36&name=Grace");
  const Form form(sent.request());
  CHECK(form.field("name").required<std::string>() == "Ada");
  CHECK(form.field("age").as<int>(0, 150) == 36);
  CHECK_FALSE(form.field("email").has());
  REQUIRE(form.fields().size() == 3);
  CHECK(form.fields()[2].value == "Grace");
  CHECK_THROWS_WITH(form.field("email").required<std::string>(), "form field 'email' is missing");
  CHECK_THROWS_AS(form.field("name").as<int>(), BadRequest);
}

TEST_CASE("a small form has its files in memory") {
  FormRequest sent(kMultipart,
                   "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n"
                   "Content-Type: text/css\r\n\r\nbytes\r\n--B--\r\n");
  const Form form(sent.request());
  REQUIRE(form.fields().size() == 1);
  CHECK(form.fields()[0].filename == "a.txt");
  CHECK(form.fields()[0].content_type == "text/css");
  CHECK(form.field("f").required<std::string>() == "bytes");
}

TEST_CASE("a form that is not small is refused with 413") {
  FormRequest fits(kUrlencoded, "ab=" + std::string(40'000, 'x'));
  CHECK(Form(fits.request(), 40'012).field("ab").required<std::string>().size() == 40'000);
  FormRequest longer(kUrlencoded, "ab=" + std::string(40'001, 'x'));
  try {
    Form(longer.request(), 40'012);
    FAIL("it was read");
  } catch (const HttpError& error) {
    CHECK(error.status() == 413);
    CHECK(std::string(error.what()) == "the form is longer than 40012 bytes");
  }
  FormRequest many(kUrlencoded, "a&a&a");
  CHECK_THROWS_WITH(Form(many.request(), 1000, 2), "the form has more than 2 parts");
}
