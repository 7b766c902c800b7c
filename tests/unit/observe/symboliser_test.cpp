#include "observe/symboliser.hpp"

#include <cstdlib>

#include "catch.hpp"
#include "observe/loaded_object.hpp"

namespace {

[[gnu::noinline]] int well_known(int value) { return value + 1; }

std::uintptr_t address(int (*function)(int)) { return reinterpret_cast<std::uintptr_t>(function); }

bool has(const std::string& line, const std::string& text) { return line.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("an address of our own is told by function, file and line") {
  observe::Symboliser symboliser({});
  const std::string line = symboliser.line(address(well_known));
  CAPTURE(line);
  CHECK(has(line, "well_known(int) at "));
  CHECK(has(line, "symboliser_test.cpp:10 (appserver)"));
}

TEST_CASE("a library goes by its file's name, or by the name that it was given") {
  const std::uintptr_t in_libc = address(::abs);
  const auto library = observe::find_loaded_object(in_libc);
  REQUIRE(library);
  CHECK(has(observe::Symboliser({}).line(in_libc), "(libc.so.6)"));
  const std::string line = observe::Symboliser({{library->file, "greet.so"}}).line(in_libc);
  CHECK(has(line, "(greet.so)"));
  CHECK(has(line, "abs"));
}

TEST_CASE("an address in no file is told as such") {
  int local = 0;
  CHECK(observe::Symboliser({}).line(reinterpret_cast<std::uintptr_t>(&local)) == "code in no file");
}
