#include "observe/loaded_object.hpp"

#include <link.h>

namespace observe {
namespace {

struct Search {
  std::uintptr_t address;
  std::optional<LoadedObject> found;
};

int visit(dl_phdr_info* object, std::size_t, void* argument) {
  auto& search = *static_cast<Search*>(argument);
  for (unsigned i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    const std::uintptr_t begin = object->dlpi_addr + segment.p_vaddr;
    if (search.address < begin || search.address - begin >= segment.p_memsz) continue;
    search.found = {object->dlpi_name, object->dlpi_addr, object->dlpi_subs};
    return 1;  // ends the iteration
  }
  return 0;
}

}  // namespace

std::optional<LoadedObject> find_loaded_object(std::uintptr_t address) {
  Search search{address, {}};
  ::dl_iterate_phdr(visit, &search);
  return search.found;
}

}  // namespace observe
