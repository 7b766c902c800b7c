#include "plugin/library.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <cstdint>
#include <cstring>
#include <fstream>

#include "plugin/load_error.hpp"

namespace plugin {
namespace {

constexpr const char* kSymbol = "appserver_plugin";

// Whether the file ends before what it says is to be loaded (elf(5)). The linker maps such a file all the
// same, and the first touch of what is missing is a SIGBUS.
bool is_cut_short(const std::string& image) {
  std::ifstream file(image, std::ios::binary);
  const auto size = static_cast<std::uint64_t>(file.seekg(0, std::ios::end).tellg());
  ElfW(Ehdr) head{};
  file.seekg(0).read(reinterpret_cast<char*>(&head), sizeof head);
  if (!file || std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
    return false;  // the linker has words for that
  file.seekg(static_cast<std::streamoff>(head.e_phoff));
  for (unsigned i = 0; i < head.e_phnum; ++i) {
    ElfW(Phdr) segment{};
    if (!file.read(reinterpret_cast<char*>(&segment), sizeof segment)) return true;
    if (segment.p_type == PT_LOAD && segment.p_offset + segment.p_filesz > size) return true;
  }
  return false;
}

std::string_view remedy_for(std::string_view reason) {
  if (reason.find("undefined symbol") != reason.npos) return "link the library that has it";
  if (reason.find("cannot open shared object file") != reason.npos) return "install the library it needs";
  return "it is no shared library, or not all of one";
}

// The linker's words, with the name that the operator knows in place of the snapshot's.
std::string linker_error(const std::string& image, const std::string& file, const std::string& otherwise) {
  const char* const text = ::dlerror();
  if (!text) return file + ": " + otherwise;
  std::string reason = text;
  if (reason.starts_with(image)) return file + reason.substr(image.size());
  return file + ": " + reason;
}

}  // namespace

Library::Library(const std::string& image, const std::string& file) {
  namespace dll = boost::dll;
  if (is_cut_short(image)) {
    throw LoadError("cannot load the plugin " + file + ": the end of the file is missing; copy it again");
  }
  std::error_code error;
  library_.load(image, error, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
  if (error) {
    const std::string reason = linker_error(image, file, error.message());
    throw LoadError("cannot load the plugin " + reason + "; " + std::string(remedy_for(reason)));
  }
  if (!library_.has(kSymbol)) {
    throw LoadError(file + " is a library but not an appserver plugin: it exports no symbol " + kSymbol +
                    "; write APPSERVER_PLUGIN in one of its sources");
  }
  descriptor_ = &library_.get<const appserver_plugin_descriptor>(kSymbol);
  if (const std::string why = why_refused(*descriptor_); !why.empty()) throw LoadError(file + " " + why);
}

std::string why_refused(const appserver_plugin_descriptor& descriptor) {
  const auto version = [](unsigned major, unsigned minor) {
    return std::to_string(major) + "." + std::to_string(minor);
  };
  const std::string theirs = version(descriptor.abi_major, descriptor.abi_minor);
  const std::string ours = version(APPSERVER_ABI_MAJOR, APPSERVER_ABI_MINOR);
  if (descriptor.abi_major != APPSERVER_ABI_MAJOR) {
    return "is built for plugin ABI " + theirs + " and this server has " + ours +
           ": rebuild it with this server's SDK";
  }
  if (descriptor.abi_minor > APPSERVER_ABI_MINOR) {
    return "is built for plugin ABI " + theirs + " and this server has the older " + ours +
           ": rebuild it with this server's SDK, or upgrade the server";
  }
  // A minor version may add members behind these; what a plugin of this major has at least is all of 1.0.
  if (descriptor.size < sizeof(appserver_plugin_descriptor) || !descriptor.start) {
    return "has a broken plugin descriptor: rebuild it with APPSERVER_PLUGIN, or fill in its size and start";
  }
  return {};
}

}  // namespace plugin
