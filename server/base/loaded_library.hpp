// A shared library of this process as the dynamic linker has it in memory: its segments and its relocations
// (elf(5); System V ABI, Dynamic Linking). Valid for as long as the library is loaded. [any thread]
#pragma once

#include <link.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

class LoadedLibrary {
 public:
  using Segment = ElfW(Phdr);

  // All of them, in the order in which they were loaded; the first is the executable.
  static std::vector<LoadedLibrary> all();

  // The path that it was loaded by.
  const std::string& path() const { return path_; }
  std::uintptr_t address() const { return address_; }

  bool holds(const void* address) const;

  // The linker's number for its thread_local variables; 0: it has none.
  std::size_t tls_module() const { return tls_module_; }

  // The first segment of a type (PT_TLS...), or null.
  const Segment* segment(ElfW(Word) type) const;

  // The bytes of a segment, as they are in the file and changed by relocation.
  std::span<const std::byte> bytes_of(const Segment& segment) const;

  // One place that the linker has filled in.
  struct Relocation {
    unsigned type;            // R_X86_64_JUMP_SLOT...
    std::string_view symbol;  // empty: none
    const std::uintptr_t* place;
    std::intptr_t addend;
  };
  void for_each_relocation(const std::function<void(const Relocation&)>& visit) const;

  // Whether its read-only segments have these bytes, outside of the names of its symbols.
  bool has_constant(std::string_view bytes) const;

 private:
  explicit LoadedLibrary(const dl_phdr_info& info);

  // What the dynamic section says under a tag, as an address.
  std::uintptr_t dynamic_address(ElfW(Sxword) tag) const;
  std::size_t dynamic_number(ElfW(Sxword) tag) const;

  std::string path_;
  std::uintptr_t address_;
  std::span<const Segment> segments_;
  std::size_t tls_module_;
};

}  // namespace base
