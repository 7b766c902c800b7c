#include "observe/symboliser.hpp"

#include <cxxabi.h>
#include <elfutils/libdwfl.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string_view>

#include "observe/loaded_object.hpp"

namespace observe {
namespace {

constexpr std::size_t kLongestName = 200;  // of templates there are longer ones, and nobody reads them
constexpr std::size_t kLinesKept = 4096;

// Not dwfl_standard_find_debuginfo, which asks servers on the network where DEBUGINFOD_URLS names some. The
// files themselves are known, so none is searched for.
const Dwfl_Callbacks kCallbacks = {.find_elf = [](auto...) { return -1; },
                                   .find_debuginfo = dwfl_build_id_find_debuginfo,
                                   .section_address = nullptr,
                                   .debuginfo_path = nullptr};

// `clock_gettime` for `clock_gettime@@GLIBC_2.17`, and C++ as it was written.
std::string readable(std::string_view symbol) {
  std::string name(symbol.substr(0, symbol.find('@')));
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, nullptr), &std::free);
  if (text) name = text.get();
  if (name.size() > kLongestName) name.replace(kLongestName, name.npos, "...");
  return name;
}

// ` at /src/probe.cpp:17`, or nothing.
std::string source_line(Dwfl_Module* module, std::uintptr_t address) {
  Dwfl_Line* const line = dwfl_module_getsrc(module, address);
  int number = 0;
  const char* const file = line ? dwfl_lineinfo(line, nullptr, &number, nullptr, nullptr, nullptr) : nullptr;
  return file ? std::string(" at ") + file + ":" + std::to_string(number) : "";
}

bool is_of_server(std::uintptr_t address) {
  const auto object = find_loaded_object(address);
  return object && object->file.empty();
}

}  // namespace

void Symboliser::End::operator()(Dwfl* session) const { dwfl_end(session); }

void Symboliser::print(const StackTrace& trace, const Print& print) {
  auto frames = trace.frames();
  const auto outermost = std::find_if_not(frames.rbegin(), frames.rend(), is_of_server);
  if (outermost != frames.rend()) frames = frames.first(static_cast<std::size_t>(frames.rend() - outermost));
  if (trace.asked_for()) {  // how the server came to ask, once it had been called, tells nothing
    const auto called = std::find_if_not(frames.begin(), frames.end(), is_of_server);
    if (called != frames.begin())
      frames = frames.subspan(static_cast<std::size_t>(called - frames.begin()) - 1);
  }
  for (std::size_t i = 0; i < frames.size();) {
    const std::string text = line(frames[i]);
    const std::size_t first = i;
    do ++i;
    while (i < frames.size() && line(frames[i]) == text);
    const std::size_t repeated = i - first - 1;
    print("  #" + std::to_string(first) + " " + text +
          (repeated > 0 ? ", and again to #" + std::to_string(i - 1) : ""));
  }
}

const std::string& Symboliser::line(std::uintptr_t address) {
  const auto object = find_loaded_object(address);
  if ((object && object->epoch != epoch_) || lines_.size() >= kLinesKept) {
    lines_.clear();
    session_.reset();
  }
  if (object) epoch_ = object->epoch;
  auto [known, fresh] = lines_.try_emplace(address);
  if (fresh) known->second = object ? describe(address, *object) : "code in no file";
  return known->second;
}

std::string Symboliser::describe(std::uintptr_t address, const LoadedObject& object) {
  const std::string file = name_of(object);
  std::string source;
  if (Dwfl_Module* const module = module_of(address, object)) {
    GElf_Off offset = 0;
    GElf_Sym symbol;
    const char* const name =
        dwfl_module_addrinfo(module, address, &offset, &symbol, nullptr, nullptr, nullptr);
    source = source_line(module, address);
    if (name) return readable(name) + source + " (" + file + ")";
  }
  std::ostringstream place;
  place << file << "+0x" << std::hex << address - object.bias << source;
  return place.str();
}

Dwfl_Module* Symboliser::module_of(std::uintptr_t address, const LoadedObject& object) {
  if (!session_) {
    session_.reset(dwfl_begin(&kCallbacks));
    if (!session_) return nullptr;
  } else if (Dwfl_Module* const known = dwfl_addrmodule(session_.get(), address)) {
    return known;
  }
  const char* const file = object.file.empty() ? "/proc/self/exe" : object.file.c_str();
  dwfl_report_begin_add(session_.get());
  Dwfl_Module* const module =
      dwfl_report_elf(session_.get(), name_of(object).c_str(), file, -1, object.bias, true);
  dwfl_report_end(session_.get(), nullptr, nullptr);
  return module;
}

std::string Symboliser::name_of(const LoadedObject& object) const {
  if (object.file.empty()) return "appserver";
  const auto name = names_.find(object.file);
  return name != names_.end() ? name->second : std::filesystem::path(object.file).filename().string();
}

}  // namespace observe
