#include "net/unix_socket.hpp"

#include <system_error>

#include "catch.hpp"
#include "temporary_folder.hpp"

using Catch::Matchers::ContainsSubstring;
using net::bind_unix_socket;

TEST_CASE("a path too long for a unix socket is refused with the longest that fits") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(bind_unix_socket(folder / std::string(200, 'x')), ContainsSubstring("may have 107"));
  std::string fits = folder / "";
  fits.resize(107, 'x');
  CHECK(bind_unix_socket(fits));
  CHECK(std::filesystem::is_socket(fits));
}

TEST_CASE("a path in a folder that does not exist is refused") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(bind_unix_socket(folder / "none/app.sock"), std::system_error);
}

TEST_CASE("a socket of another type that somebody holds is in use") {
  const TemporaryFolder folder;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = folder / "log.sock";
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const base::UniqueFd datagrams(::socket(AF_UNIX, SOCK_DGRAM, 0));
  REQUIRE(::bind(datagrams.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  CHECK(net::path_of(address) == path);
  try {
    bind_unix_socket(path);
    FAIL("the socket was replaced");
  } catch (const std::system_error& error) {
    CHECK(error.code() == std::errc::address_in_use);
  }
}
