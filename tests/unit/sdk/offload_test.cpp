#include <appserver/offload.hpp>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include "catch.hpp"
#include "fake_host.hpp"

using namespace appserver;

namespace {

struct Started {
  Started() {
    REQUIRE(host.start([](App&) {}) == 0);
  }
  FakeHost host;
};

struct NoDefault {
  explicit NoDefault(int n) : number(n) {}
  int number;
};

int seven() { return 7; }

}  // namespace

TEST_CASE_METHOD(Started, "an offloaded function runs on another thread, and gives back any kind of value") {
  CHECK(offload([] { return std::this_thread::get_id(); }) != std::this_thread::get_id());
  CHECK(offload(seven) == 7);
  CHECK(*offload([] { return std::make_unique<int>(8); }) == 8);
  CHECK(offload([] { return NoDefault(9); }).number == 9);
  CHECK(offload([]() -> const std::string { return "const"; }) == "const");
  bool ran = false;
  offload([&ran] { ran = true; });
  CHECK(ran);
}

TEST_CASE_METHOD(Started, "a function that is moved in may use itself up") {
  auto once = [text = std::make_unique<std::string>("moved")]() mutable { return std::move(text); };
  CHECK(*offload(std::move(once)) == "moved");
}

TEST_CASE_METHOD(Started, "what an offloaded function throws is thrown to the caller, type and all") {
  CHECK_THROWS_AS(offload([]() -> int { throw std::out_of_range("far"); }), std::out_of_range);
  CHECK_THROWS_AS(offload([] { throw 5; }), int);
}

TEST_CASE_METHOD(Started, "where there is no thread the function is not run") {
  network.offload_result = -EAGAIN;
  bool ran = false;
  try {
    offload([&ran] { ran = true; });
    FAIL("offload() did not throw");
  } catch (const std::system_error& error) {
    CHECK(error.code() == std::errc::resource_unavailable_try_again);
    CHECK(std::string(error.what()).find("starting a thread") == 0);
  }
  CHECK_FALSE(ran);
}
