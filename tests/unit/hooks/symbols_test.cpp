#include "hooks/symbols.hpp"

#include <dlfcn.h>

#include <set>
#include <string>

#include "catch.hpp"

TEST_CASE("every hook stands in front of a real function, and is what libraries find") {
  for (const hooks::Symbol& symbol : hooks::symbols()) {
    CAPTURE(symbol.name);
    CHECK(::dlsym(RTLD_DEFAULT, symbol.name) == symbol.hook);
    void* const real = ::dlsym(RTLD_NEXT, symbol.name);
    CHECK(real != nullptr);
    CHECK(real != symbol.hook);
  }
}

TEST_CASE("the table names each hook once, family by family") {
  std::set<std::string> names;
  std::set<std::string> families;
  std::string family;
  for (const hooks::Symbol& symbol : hooks::symbols()) {
    CAPTURE(symbol.name);
    CHECK(names.insert(symbol.name).second);
    if (symbol.family == family) continue;
    family = symbol.family;
    CHECK(families.insert(family).second);
  }
  const std::string text = hooks::table_text();
  CHECK(text.find("sleep: clock_nanosleep nanosleep") != text.npos);
  for (const std::string& name : names) CHECK(text.find(" " + name) != text.npos);
}
