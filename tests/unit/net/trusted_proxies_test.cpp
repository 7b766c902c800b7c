#include "net/trusted_proxies.hpp"

#include <stdexcept>

#include "catch.hpp"

using Catch::Matchers::ContainsSubstring;
using net::Peer;
using net::TrustedProxies;

namespace {

bool trusts(const char* list, const char* address) {
  return TrustedProxies::parse(list).contains({Peer::Kind::ip, 0, net::IpAddress::parse(address)});
}

}  // namespace

TEST_CASE("addresses and networks are trusted, and nobody else") {
  CHECK(trusts("127.0.0.1,::1", "::1"));
  CHECK(trusts("127.0.0.1, 10.0.0.0/8 ,2001:db8::/32", "10.200.0.1"));
  CHECK(trusts("127.0.0.1, 10.0.0.0/8 ,2001:db8::/32", "2001:db8:ffff::1"));
  CHECK_FALSE(trusts("127.0.0.1,10.0.0.0/8", "127.0.0.2"));
  CHECK_FALSE(trusts("10.0.0.0/8", "11.0.0.0"));
  CHECK(trusts("*", "8.8.8.8"));
  CHECK(trusts("127.0.0.1,*", "2001:db8::1"));
  CHECK_FALSE(trusts("", "127.0.0.1"));
}

TEST_CASE("whoever comes by a unix socket is trusted, and who is not known never is") {
  CHECK(TrustedProxies().contains({Peer::Kind::unix_socket, 0, {}}));
  CHECK_FALSE(TrustedProxies::parse("*").contains({Peer::Kind::unknown, 0, {}}));
}

TEST_CASE("a list of proxies that is wrong says where, and what is right") {
  struct Row {
    const char *list, *said;
  };
  const Row row = GENERATE(
      Row{"127.0.0.1,localhost", "'localhost' is not an IP address"},
      Row{"127.0.0.1,", "'' is not an IP address"}, Row{"10.0.0.0/33", "bits from 0 to 32 behind the '/'"},
      Row{"2001:db8::/129", "bits from 0 to 128"}, Row{"10.0.0.0/", "bits from 0 to 32"},
      Row{"10.0.0.0/+8", "bits from 0 to 32"}, Row{"10.0.0.0/8/8", "bits from 0 to 32"},
      Row{"10.0.0.1/8", "'10.0.0.1/8' has bits set behind its first 8"},
      Row{"10.0.0.0/255.0.0.0", "bits from 0 to 32"}, Row{"**", "'**' is not an IP address"});
  CAPTURE(row.list);
  CHECK_THROWS_WITH(TrustedProxies::parse(row.list),
                    ContainsSubstring(row.said) && ContainsSubstring("10.0.0.0/8, or *"));
}
