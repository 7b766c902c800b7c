// The table of what is hooked. Constant.
#pragma once

#include <span>
#include <string>

namespace hooks {

struct Symbol {
  const char* family;
  const char* name;
  void* hook;  // what plugins and their libraries find under that name
};

std::span<const Symbol> symbols();

// The table for people: one line a family. [any thread]
std::string table_text();

}  // namespace hooks
