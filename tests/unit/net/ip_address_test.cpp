#include "net/ip_address.hpp"

#include "catch.hpp"

using net::IpAddress;

TEST_CASE("an address is read and written in numbers") {
  for (const char* text : {"192.0.2.1", "0.0.0.0", "2001:db8::1", "::", "::1"}) {
    const auto address = IpAddress::parse(text);
    REQUIRE(address);
    CHECK(address->text() == text);
  }
  CHECK(IpAddress::parse("2001:DB8:0:0:0:0:0:1")->text() == "2001:db8::1");
}

TEST_CASE("what is no address is none") {
  for (const char* text : {"", "localhost", "192.0.2", "192.0.2.256", "192.0.2.01", "192.0.2.1 ", "[::1]",
                           "::1%lo", "1::2::3", "2130706433", "0x7f.0.0.1", "192.0.2.1:80"}) {
    CAPTURE(text);
    CHECK_FALSE(IpAddress::parse(text));
  }
  CHECK_FALSE(IpAddress::parse(std::string_view("127.0.0.1\0", 10)));
  CHECK_FALSE(IpAddress::parse(std::string(1000, '1')));
}

TEST_CASE("an IPv4 address that IPv6 has mapped is the same address") {
  CHECK(IpAddress::parse("::ffff:192.0.2.1") == IpAddress::parse("192.0.2.1"));
  CHECK(IpAddress::parse("::ffff:192.0.2.1")->text() == "192.0.2.1");
  CHECK(IpAddress::parse("::192.0.2.1") != IpAddress::parse("192.0.2.1"));
}

TEST_CASE("an address is in a network of its family whose first bits it has") {
  struct Row {
    const char *address, *network;
    unsigned prefix;
    bool in;
  };
  const Row row = GENERATE(
      Row{"10.1.2.3", "10.0.0.0", 8, true}, Row{"11.1.2.3", "10.0.0.0", 8, false},
      Row{"192.0.2.127", "192.0.2.0", 25, true}, Row{"192.0.2.128", "192.0.2.0", 25, false},
      Row{"192.0.2.1", "192.0.2.1", 32, true}, Row{"192.0.2.0", "192.0.2.1", 32, false},
      Row{"8.8.8.8", "0.0.0.0", 0, true}, Row{"2001:db8:1::", "2001:db8::", 32, true},
      Row{"2001:db9::", "2001:db8::", 32, false}, Row{"::1", "::", 0, true}, Row{"::1", "0.0.0.0", 0, false},
      Row{"8.8.8.8", "::", 0, false}, Row{"::ffff:10.1.2.3", "10.0.0.0", 8, true});
  CAPTURE(row.address, row.network, row.prefix);
  CHECK(IpAddress::parse(row.address)->is_in(*IpAddress::parse(row.network), row.prefix) == row.in);
}
