// The executable and shared libraries in this process, as the loader tells of them (dl_iterate_phdr(3)). Any
// thread; never waits for a dlopen(3) that is under way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace observe {

struct LoadedObject {
  std::string file;     // the path that it was loaded from; "" for the executable itself
  std::uintptr_t bias;  // added to the addresses in the file
  unsigned long long
      epoch;  // another number once anything has been unloaded: addresses may mean something else
};

// What holds `address`, or nothing.
std::optional<LoadedObject> find_loaded_object(std::uintptr_t address);

}  // namespace observe
