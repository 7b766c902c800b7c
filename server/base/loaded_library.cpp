#include "base/loaded_library.hpp"

#include <algorithm>
#include <array>

namespace base {
namespace {

// By hand, as what a sanitizer has put between a library's constants is read too.
[[gnu::no_sanitize_address]] const char* find(const char* begin, const char* end, const char* bytes,
                                              std::size_t size) {
  for (; begin + size <= end; ++begin) {
    std::size_t same = 0;
    while (same < size && begin[same] == bytes[same]) ++same;
    if (same == size) return begin;
  }
  return nullptr;
}

}  // namespace

LoadedLibrary::LoadedLibrary(const dl_phdr_info& info)
    : path_(info.dlpi_name),
      address_(info.dlpi_addr),
      segments_(info.dlpi_phdr, info.dlpi_phnum),
      tls_module_(info.dlpi_tls_modid) {}

std::vector<LoadedLibrary> LoadedLibrary::all() {
  std::vector<LoadedLibrary> libraries;
  const auto add = [](dl_phdr_info* info, std::size_t, void* all) {
    static_cast<std::vector<LoadedLibrary>*>(all)->push_back(LoadedLibrary(*info));
    return 0;
  };
  ::dl_iterate_phdr(add, &libraries);
  return libraries;
}

bool LoadedLibrary::holds(const void* address) const {
  const auto offset = reinterpret_cast<std::uintptr_t>(address) - address_;
  return std::ranges::any_of(segments_, [&](const Segment& segment) {
    return segment.p_type == PT_LOAD && offset - segment.p_vaddr < segment.p_memsz;
  });
}

const LoadedLibrary::Segment* LoadedLibrary::segment(ElfW(Word) type) const {
  const auto found = std::ranges::find(segments_, type, &Segment::p_type);
  return found == segments_.end() ? nullptr : &*found;
}

std::span<const std::byte> LoadedLibrary::bytes_of(const Segment& segment) const {
  return {reinterpret_cast<const std::byte*>(address_ + segment.p_vaddr), segment.p_filesz};
}

std::size_t LoadedLibrary::dynamic_number(ElfW(Sxword) tag) const {
  const Segment* const dynamic = segment(PT_DYNAMIC);
  if (!dynamic) return 0;
  const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(address_ + dynamic->p_vaddr);
  while (entry->d_tag != DT_NULL && entry->d_tag != tag) ++entry;
  return entry->d_tag == tag ? entry->d_un.d_val : 0;
}

std::uintptr_t LoadedLibrary::dynamic_address(ElfW(Sxword) tag) const {
  const std::uintptr_t address = dynamic_number(tag);
  // glibc has added where the library was loaded, but for those that it could not write to.
  return address == 0 || address >= address_ ? address : address_ + address;
}

void LoadedLibrary::for_each_relocation(const std::function<void(const Relocation&)>& visit) const {
  const auto* const symbols = reinterpret_cast<const ElfW(Sym)*>(dynamic_address(DT_SYMTAB));
  const auto* const names = reinterpret_cast<const char*>(dynamic_address(DT_STRTAB));
  if (!symbols || !names) return;
  constexpr std::array<std::pair<ElfW(Sxword), ElfW(Sxword)>, 2> kTables = {
      {{DT_RELA, DT_RELASZ}, {DT_JMPREL, DT_PLTRELSZ}}};
  for (const auto& [table, size] : kTables) {
    const auto* const first = reinterpret_cast<const ElfW(Rela)*>(dynamic_address(table));
    for (const ElfW(Rela) & entry : std::span(first, dynamic_number(size) / sizeof(ElfW(Rela)))) {
      visit({.type = static_cast<unsigned>(ELF64_R_TYPE(entry.r_info)),
             .symbol = names + symbols[ELF64_R_SYM(entry.r_info)].st_name,
             .place = reinterpret_cast<const std::uintptr_t*>(address_ + entry.r_offset),
             .addend = entry.r_addend});
    }
  }
}

bool LoadedLibrary::has_constant(std::string_view bytes) const {
  const auto* const names = reinterpret_cast<const char*>(dynamic_address(DT_STRTAB));
  const char* const names_end = names + dynamic_number(DT_STRSZ);
  return std::ranges::any_of(segments_, [&](const Segment& segment) {
    if (segment.p_type != PT_LOAD || segment.p_flags & PF_W || !(segment.p_flags & PF_R)) return false;
    const auto content = bytes_of(segment);
    const auto* at = reinterpret_cast<const char*>(content.data());
    const char* const end = at + content.size();
    while ((at = find(at, end, bytes.data(), bytes.size()))) {
      if (at < names || at >= names_end) return true;
      ++at;
    }
    return false;
  });
}

}  // namespace base
