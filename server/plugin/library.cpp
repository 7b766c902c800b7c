#include "plugin/library.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>

#include "plugin/load_error.hpp"

namespace plugin {
namespace {

constexpr const char* kSymbol = "appserver_plugin";

// A minor version may add members behind these; what a plugin of this major has at least is all of 1.0.
constexpr std::size_t kVersionEnd = offsetof(appserver_plugin_descriptor, start);
constexpr std::size_t kEndOf1_0 = offsetof(appserver_plugin_descriptor, stack_size);

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
  symbol_ = &library_.get<const char>(kSymbol);
  descriptor_ = read_descriptor(symbol_);
  if (const std::string why = why_refused(descriptor_); !why.empty()) throw LoadError(file + " " + why);
}

appserver_plugin_descriptor read_descriptor(const void* symbol) {
  appserver_plugin_descriptor descriptor{};
  std::memcpy(&descriptor.size, symbol, sizeof descriptor.size);
  const std::size_t size = std::clamp<std::size_t>(descriptor.size, kVersionEnd, sizeof descriptor);
  std::memcpy(&descriptor, symbol, size);
  return descriptor;
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
  if (descriptor.size < kEndOf1_0 || !descriptor.start) {
    return "has a broken plugin descriptor: rebuild it with APPSERVER_PLUGIN, or fill in its size and start";
  }
  const std::uint32_t stack = descriptor.stack_size;
  if (stack != 0 && (stack < APPSERVER_STACK_SIZE_MIN || stack > APPSERVER_STACK_SIZE_MAX)) {
    return "asks for stacks of " + std::to_string(stack) + " bytes; it can have " +
           std::to_string(APPSERVER_STACK_SIZE_MIN) + " (16K) to " +
           std::to_string(APPSERVER_STACK_SIZE_MAX) +
           " (64M), or 0 for the usual 256K: change the stack_size of its descriptor";
  }
  if (const std::uint32_t unknown = descriptor.flags & ~std::uint32_t{APPSERVER_THREAD_LOCAL_PER_REQUEST}) {
    return "has flags in its descriptor that plugin ABI " + ours + " does not have (" +
           std::to_string(unknown) + "): change its flags to those of abi.h";
  }
  return {};
}

}  // namespace plugin
